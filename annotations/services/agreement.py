"""The counts that agreement is figured from, kept as of a change and carried on from there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from annotations.domain.consensus import VERDICTS
from annotations.domain.unseen import NEVER, Decided, Heard, Said, heard
from annotations.models import (
    LIVE,
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Revision,
    Ruling,
)
from annotations.services.lineage import among
from annotations.services.snapshot import snapshot, stream

WAYS = ("unseen", "standing")
FORM = 1
"""Of what is kept: raise it where the counting changes."""
CARRIED_ON = 5000
"""With more claims changed since, counting all anew costs less."""
Pair = tuple[int, int]


@dataclass
class Counts:
    """Of one way to count. `pairs`: for two reviewers, the lower id first, how many claims got each two verdicts, in
    the order of VERDICTS, the first one's in rows."""

    makings: Counter[tuple[int, ...]] = field(default_factory=Counter)
    pairs: dict[Pair, list[int]] = field(default_factory=dict)
    people: Counter[int] = field(default_factory=Counter)

    def add(self, verdicts: dict[int, str], times: int) -> None:
        if not verdicts:
            return
        said = sorted((who, PLACE[verdict]) for who, verdict in verdicts.items())
        values = [value for _, value in said]
        self.makings[tuple(values.count(value) for value in range(len(VERDICTS)))] += times
        for who, _ in said:
            self.people[who] += times
        for (one, left), (two, right) in combinations(said, 2):
            cells = self.pairs.setdefault((one, two), [0] * len(VERDICTS) ** 2)
            cells[left * len(VERDICTS) + right] += times


PLACE = {verdict: at for at, verdict in enumerate(VERDICTS)}


@dataclass
class Kept:
    """What the opinions of a collection come to as of change `at`."""

    at: int
    counted: datetime
    ways: dict[str, Counts] = field(default_factory=lambda: {way: Counts() for way in WAYS})
    after: int = 0
    taken_back: int = 0

    def add(self, claim: Heard, times: int = 1) -> None:
        self.ways["unseen"].add(claim.unseen, times)
        self.ways["standing"].add(claim.standing, times)
        self.after += times * claim.after
        self.taken_back += times * claim.taken_back

    def forget_nothings(self) -> None:
        """What is counted no more leaves no nought: else the same claims counted anew would look otherwise."""
        for counts in self.ways.values():
            counts.makings, counts.people = +counts.makings, +counts.people
            counts.pairs = {pair: cells for pair, cells in counts.pairs.items() if any(cells)}


def counted(collection: Collection) -> Kept:
    """As of the collection's last change: what was kept, and the claims that have changed since counted again."""
    head = collection.head
    kept = _kept(collection)
    if kept and kept.at == head:
        return kept
    with snapshot():
        if kept is None or not _carry_on(kept, collection, head):
            kept = _count_all(collection, head)
    kept.at, kept.counted = head, timezone.now()
    cache.set(_key(collection), (_moment(collection, head), kept), None)
    return kept


def _key(collection: Collection) -> str:
    return f"agreement-{FORM}-{collection.pk}"


def _moment(collection: Collection, number: int) -> datetime | None:
    rows = Revision.objects.filter(collection=collection, number=number)
    return rows.values_list("created_at", flat=True).first()


def _kept(collection: Collection) -> Kept | None:
    """Not where the change it was counted at is another one now: the database may have been put back."""
    moment, kept = cache.get(_key(collection)) or (None, None)
    return kept if kept and kept.at <= collection.head and moment == _moment(collection, kept.at) else None


def _carry_on(kept: Kept, collection: Collection, head: int) -> bool:
    changed = _changed(collection, kept.at)
    if len(changed) > CARRIED_ON:
        return False
    for at, times in ((kept.at, -1), (head, 1)):
        for _, claim in claims_heard(collection, changed, at):
            kept.add(claim, times)
    kept.forget_nothings()
    return True


def _changed(collection: Collection, after: int) -> set[int]:
    """Claims of which something that is counted was written or retired since, with those that lead to or from them."""
    changed: set[int] = set()
    models: list[Any] = [Annotation, Ruling, ClaimState, ClaimLink]
    for model in models:
        rows = model._base_manager.filter(collection=collection)
        for part in (
            rows.filter(created_in__gt=after),
            rows.filter(retired_in__gt=after, retired_in__lt=LIVE),
        ):
            changed |= set(part.values_list("span_id", flat=True)[: CARRIED_ON + 1])
            if model is ClaimLink:
                changed |= set(part.values_list("other_id", flat=True)[: CARRIED_ON + 1])
    return changed


def claims_heard(collection: Collection, claims: Iterable[int], at: int) -> Iterator[tuple[int, Heard]]:
    """Those of the claims that were there right after change `at`, each with what its opinions came to."""
    ways_on = _ways_on(collection, at)
    roots = {ways_on.get(claim, claim) for claim in claims}
    there = {
        span
        for part in among(ClaimState.objects.at(at).filter(collection=collection), "span", roots)
        for span in part.values_list("span_id", flat=True)
    }
    before: defaultdict[int, set[int]] = defaultdict(set)
    for old, new in ways_on.items():
        before[new].add(old)
    opened = _opened(collection)
    home = {span: root for root in there for span in (root, *before[root])}
    said, decided = _said(collection, home, at), _decided(collection, home, at)
    for root in sorted(there):
        yield root, heard(said[root], decided[root], opened, at)


def _ways_on(collection: Collection, at: int) -> dict[int, int]:
    """Claims that moved or were merged away → where they were right after change `at`."""
    rows = ClaimLink.objects.at(at).filter(collection=collection, kind__in=ClaimLink.AWAY)
    return dict(rows.values_list("span_id", "other_id"))


def _said(collection: Collection, home: dict[int, int], at: int) -> defaultdict[int, list[Said]]:
    found: defaultdict[int, list[Said]] = defaultdict(list)
    rows = Annotation.objects.filter(collection=collection, created_in__lte=at)
    for part in among(rows, "span", home):
        for span, *row in part.values_list("span_id", "reviewer_id", "verdict", "created_in", "retired_in"):
            found[home[span]].append(tuple(row))
    return found


def _decided(collection: Collection, home: dict[int, int], at: int) -> defaultdict[int, list[Decided]]:
    found: defaultdict[int, list[Decided]] = defaultdict(list)
    rows = Ruling.objects.filter(collection=collection, created_in__lte=at)
    for part in among(rows, "span", home):
        for span, *row in part.values_list("span_id", "editor_id", "created_in"):
            found[home[span]].append(tuple(row))
    return found


def _opened(collection: Collection) -> Any:
    rows = CollectionSettings.objects.filter(collection=collection).order_by("created_in")
    open_while = [
        (since, until) for since, until in rows.filter(blind=False).values_list("created_in", "retired_in")
    ]

    def opened(number: int) -> int:
        return next((max(number, since) for since, until in open_while if until > number), NEVER)

    return opened


def _count_all(collection: Collection, at: int) -> Kept:
    """One walk through all opinions, in the order of their claims; those that moved are counted apart."""
    kept = Kept(at, timezone.now())
    opened = _opened(collection)
    ways_on = _ways_on(collection, at)
    apart = {*ways_on, *ways_on.values()}
    decided: defaultdict[int, list[Decided]] = defaultdict(list)
    for span, who, since in stream(_DECIDED, [collection.pk, at]):
        decided[span].append((who, since))
    alone: Counter[tuple[int, str]] = Counter()
    for span, rows in groupby(stream(_SAID, [collection.pk, at, at, collection.pk, at]), itemgetter(0)):
        said: list[Said] = [row[1:] for row in rows]
        if span in apart:
            continue
        if len(said) == 1 and said[0][3] > at and span not in decided:
            alone[said[0][0], said[0][1]] += 1
        else:
            kept.add(heard(said, decided.get(span, ()), opened, at))
    for (who, verdict), times in alone.items():
        kept.add(Heard({who: verdict}, {who: verdict}), times)
    for _, claim in claims_heard(collection, apart, at):
        kept.add(claim)
    return kept


_SAID = f"""
    SELECT a.span_id, a.reviewer_id, a.verdict, a.created_in, a.retired_in
    FROM {ClaimState._meta.db_table} s JOIN {Annotation._meta.db_table} a ON a.span_id = s.span_id
    WHERE s.collection_id = %s AND s.created_in <= %s AND s.retired_in > %s
        AND a.collection_id = %s AND a.created_in <= %s
    ORDER BY s.span_id
"""
_DECIDED = (
    f"SELECT span_id, editor_id, created_in FROM {Ruling._meta.db_table} "
    "WHERE collection_id = %s AND created_in <= %s"
)
