"""Where a claim that moved or merged away is now, what came to a claim, and what its parts come to.

`claims` is what the person may see, from `access.claims`: counts go by the status and verdict shown to them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, Q, QuerySet

from annotations.models import Annotation, ClaimLink, ClaimState, LinkKind
from annotations.models.versions import LIVE
from annotations.services.ledger import Commit
from annotations.services.lineage import among

WORDS = {
    LinkKind.MOVED: "claim {span} moved to claim {other}",
    LinkKind.MERGED: "claim {span} was merged into claim {other}",
    LinkKind.PART: "claim {other} is a part of claim {span}",
}


def now_at(span_id: int) -> int | None:
    """The live claim that this one moved to or was merged into; None where it did neither."""
    return ways_on([span_id]).get(span_id)


def ways_on(span_ids: Iterable[int]) -> dict[int, int]:
    """`now_at` of several."""
    away = ClaimLink.objects.current().filter(span__in=list(span_ids), kind__in=ClaimLink.AWAY)
    return dict(away.values_list("span_id", "other_id"))


def forebears(span_id: int) -> list[int]:
    """The claims that moved or were merged into this one."""
    return list(came_to(span_id))


def came_to(span_id: int) -> "QuerySet[ClaimLink, int]":
    """`forebears`, as a part of another query."""
    came = ClaimLink.objects.current().filter(other=span_id, kind__in=ClaimLink.AWAY)
    return came.values_list("span_id", flat=True)


def reviews_of(span_id: int) -> "QuerySet[Annotation]":
    """Every opinion that there ever was on the claim or on one that came to it, also where it was undone (ADR 32)."""
    return Annotation.objects.filter(span__in=[span_id, *forebears(span_id)])


def origins(span_id: int) -> set[int]:
    """Every claim that ever came to this one, directly or by way of another, also if that was undone."""
    found: set[int] = set()
    edge = {span_id}
    while edge:
        came = ClaimLink.objects.filter(other__in=edge, kind__in=ClaimLink.AWAY)
        edge = set(came.values_list("span_id", flat=True)) - found
        found |= edge
    return found


def aspects_of(claims: QuerySet[ClaimState], article_id: int, start: int, end: int) -> QuerySet[ClaimState]:
    """The claims that stand at one place, in the order fact, said, wording."""
    here = claims.filter(span__article=article_id, span__start=start, span__end=end)
    return here.select_related("span").order_by("span__aspect")


def parts_of(claims: QuerySet[ClaimState], span_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """For each claim that has parts: how many have which verdict, or, without one, which status. One query."""
    parts = claims.filter(
        span__links_to__span__in=list(span_ids),
        span__links_to__kind=LinkKind.PART,
        span__links_to__retired_in=LIVE,
    )
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    shown = parts.values_list(F("span__links_to__span"), "shown_status", "shown_verdict")
    for whole, status, verdict in shown:
        found[whole][verdict or status] += 1
    return {whole: dict(sorted(counts.items())) for whole, counts in found.items()}


def turn(revision: Commit, old: int, new: int) -> set[int]:
    """Everything that leads to or from the claim leads to or from the other one. Returns the wholes and parts."""
    there = {_ends(link) for link in _touching(new)}
    neighbours = set()
    for link in _touching(old):
        revision.retire(ClaimLink, link.pk)
        ends = tuple(new if end == old else end for end in (link.span_id, link.other_id))
        if ends[0] != ends[1] and (*ends, link.kind) not in there:
            revision.insert(ClaimLink, span_id=ends[0], other_id=ends[1], kind=link.kind)
        if link.kind == LinkKind.PART:
            neighbours |= set(ends)
    return neighbours - {old, new}


def cut(revision: Commit, span_id: int) -> set[int]:
    """The claim goes: nothing leads to it or hangs on it any more. Returns the wholes and parts that it had."""
    neighbours = set()
    for link in _touching(span_id):
        revision.retire(ClaimLink, link.pk)
        if link.kind == LinkKind.PART:
            neighbours |= {link.span_id, link.other_id}
    return neighbours - {span_id}


def wholes(span_id: int) -> set[int]:
    """Everything that the claim is a part of, directly or by way of another."""
    found: set[int] = set()
    edge = {span_id}
    while edge:
        above = ClaimLink.objects.current().filter(other__in=edge, kind=LinkKind.PART)
        edge = set(above.values_list("span_id", flat=True)) - found
        found |= edge
    return found


def staying(gone: Mapping[int, int], going: set[int]) -> Iterator[tuple[int, str]]:
    """Links that hold on to claims that would be gone, each with the change that brought the claim.

    `going`: ids of links that would go too.
    """
    rows = ClaimLink.objects.current()
    held = [(link.other_id, link) for part in among(rows, "other", gone) for link in part]
    parts = among(rows.filter(kind=LinkKind.PART), "span", gone)
    held += [(link.span_id, link) for part in parts for link in part]
    for span, link in sorted(held, key=lambda pair: pair[1].pk):
        if link.pk not in going:
            yield gone[span], f"{_words(link)} (change {link.created_in})"


def homeless(links: list[tuple[int, ClaimLink]], gone: set[int], back: set[int]) -> Iterator[tuple[int, str]]:
    """Links that cannot come back, since their claims have gone, or come, since: each with the change that ended it."""
    ends = {end for _, link in links for end in (link.span_id, link.other_id)}
    states = ClaimState.objects.current()
    live = {span for part in among(states, "span", ends) for span in part.values_list("span_id", flat=True)}
    live = (live - gone) | back
    for number, link in links:
        needed = {link.other_id, *([link.span_id] if link.kind == LinkKind.PART else [])}
        for span in sorted(needed - live):
            yield number, f"claim {span} is no longer marked"
        if link.kind in ClaimLink.AWAY and link.span_id in live:
            yield number, f"claim {link.span_id} is marked again"


def _touching(span_id: int) -> list[ClaimLink]:
    return list(ClaimLink.objects.current().filter(Q(span=span_id) | Q(other=span_id)).order_by("pk"))


def _ends(link: ClaimLink) -> tuple[int, int, str]:
    return link.span_id, link.other_id, link.kind


def _words(link: ClaimLink) -> str:
    return WORDS[LinkKind(link.kind)].format(span=link.span_id, other=link.other_id)
