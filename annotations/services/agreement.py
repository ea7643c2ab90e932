"""The counts that agreement is figured from, kept as of a change and carried on from there (ADR 24).

Of a large collection the claims marked last are counted, `MOST` at most: neither the first count nor the list behind a
cell costs more, however many claims there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import combinations, groupby, islice
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
FORM = 2
"""Of what is kept: raise it where the counting changes."""
MOST = 10_000
"""So many claims, those marked last, are counted; with those marked since, up to an eighth more."""
CARRIED_ON = 2000
"""With more claims changed since, counting all anew costs less."""
END = 2**62
"""Behind every claim."""
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
    """What the opinions of a collection come to as of change `at`: those on claims from number `since` on, which are
    `size` claims."""

    at: int
    counted: datetime
    since: int = 0
    size: int = 0
    ways: dict[str, Counts] = field(default_factory=lambda: {way: Counts() for way in WAYS})
    after: int = 0
    taken_back: int = 0

    def add(self, claim: Heard, times: int = 1) -> None:
        self.size += times
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
        for _, claim in _these(collection, changed, at, kept.since):
            kept.add(claim, times)
    kept.forget_nothings()
    return not kept.since or kept.size <= MOST + MOST // 8


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


def claims_heard(
    collection: Collection, at: int, since: int, *, before: int = END, people: Pair | None = None
) -> Iterator[tuple[int, Heard]]:
    """The claims from number `since` to `before` that were there right after change `at`, the newest first, each with
    what its opinions came to. One walk through all opinions; claims that moved are looked at apart, `people` or not.

    `people`: only claims on which both of them ever spoke.
    """
    ways_on = _ways_on(collection, at, since)
    moved = {*ways_on, *ways_on.values()}
    scope = [collection.pk, at, at, since, before]
    both = _BOTH if people else ""
    decided: defaultdict[int, list[Decided]] = defaultdict(list)
    for span, who, number in stream(_DECIDED, [*scope, at, since, before]):
        decided[span].append((who, number))
    found = stream(_SAID.format(both=both), [at, *scope, *(people or ())])
    apart = [pair for pair in _these(collection, moved, at, since) if pair[0] < before]
    return merge(_heard(collection, found, moved, decided, at), reversed(apart), key=lambda pair: -pair[0])


def _heard(
    collection: Collection,
    rows: Iterable[tuple[Any, ...]],
    moved: set[int],
    decided: dict[int, list[Decided]],
    at: int,
) -> Iterator[tuple[int, Heard]]:
    opened = _opened(collection)
    for span, its in groupby(rows, itemgetter(0)):
        if span not in moved:
            said: list[Said] = [row[1:] for row in its if row[1] is not None]
            yield span, heard(said, decided.get(span, ()), opened, at)


def _these(collection: Collection, claims: Iterable[int], at: int, since: int) -> Iterator[tuple[int, Heard]]:
    ways_on = _ways_on(collection, at, since)
    roots = {root for claim in claims if (root := ways_on.get(claim, claim)) >= since}
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


def _ways_on(collection: Collection, at: int, since: int) -> dict[int, int]:
    """Claims that moved or were merged away → where they were right after change `at`."""
    rows = ClaimLink.objects.at(at).filter(collection=collection, kind__in=ClaimLink.AWAY, other__gte=since)
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


@dataclass(frozen=True, slots=True)
class Cell:
    """What a number counts. Of two people: the claims with this verdict of the first and that one of the second, where
    an empty one is any. Without people: the claims with two opinions or more, one of them the first verdict."""

    way: str
    people: Pair | None
    verdicts: tuple[str, str]

    def holds(self, claim: Heard) -> bool:
        said = claim.unseen if self.way == "unseen" else claim.standing
        if self.people is None:
            return len(said) > 1 and self.verdicts[0] in said.values()
        both = [said.get(who) for who in self.people]
        return all(both) and all(
            wanted in ("", each) for wanted, each in zip(self.verdicts, both, strict=True)
        )


def behind(collection: Collection, kept: Kept, cell: Cell, before: int, most: int) -> list[int]:
    """The claims that were counted in the cell, those before that number, the newest first, at most so many."""
    with snapshot():
        walk = claims_heard(collection, kept.at, kept.since, before=before, people=cell.people)
        return list(islice((span for span, claim in walk if cell.holds(claim)), most))


@dataclass(frozen=True, slots=True)
class Given:
    """One person's verdicts of a claim, empty where that way of counting leaves them out."""

    span: int
    who: int
    unseen: str
    standing: str


def given(collection: Collection, kept: Kept) -> list[Given]:
    """All verdicts that were counted, of the newest claims first."""
    with snapshot():
        return [
            Given(span, who, claim.unseen.get(who, ""), claim.standing.get(who, ""))
            for span, claim in claims_heard(collection, kept.at, kept.since)
            for who in sorted(claim.unseen.keys() | claim.standing.keys())
        ]


def _count_all(collection: Collection, at: int) -> Kept:
    kept = Kept(at, timezone.now(), _since(collection, at))
    for _, claim in claims_heard(collection, at, kept.since):
        kept.add(claim)
    return kept


def _since(collection: Collection, at: int) -> int:
    """The first of the claims that are counted; 0 where that is all of them."""
    rows = ClaimState.objects.at(at).filter(collection=collection).order_by("-span")
    last = rows.values_list("span_id", flat=True)[MOST - 1 : MOST + 1]
    return last[0] if len(last) > 1 else 0


_STATE, _OPINION = ClaimState._meta.db_table, Annotation._meta.db_table
_SAID = f"""
    SELECT s.span_id, a.reviewer_id, a.verdict, a.created_in, a.retired_in
    FROM {_STATE} s LEFT JOIN {_OPINION} a ON a.span_id = s.span_id AND a.created_in <= %s
    WHERE s.collection_id = %s AND s.created_in <= %s AND s.retired_in > %s AND s.span_id >= %s
        AND s.span_id < %s {{both}}
    ORDER BY s.span_id DESC
"""
_BOTH = 2 * f"AND EXISTS (SELECT 1 FROM {_OPINION} o WHERE o.span_id = s.span_id AND o.reviewer_id = %s) "
_DECIDED = f"""
    SELECT r.span_id, r.editor_id, r.created_in
    FROM {_STATE} s JOIN {Ruling._meta.db_table} r ON r.span_id = s.span_id
    WHERE s.collection_id = %s AND s.created_in <= %s AND s.retired_in > %s AND s.span_id >= %s
        AND s.span_id < %s AND r.created_in <= %s AND r.span_id >= %s AND r.span_id < %s
"""
