"""Which live claims a selection should be offered to join, so that opinions on one claim meet."""

from collections.abc import Iterable, Sequence

from annotations.domain.facts import Fact
from annotations.domain.facts import facts as facts_in

HALF = 0.5
LONGEST_FIGURE = 80
_COUNTED = frozenset({"figure", "money", "percentage"})

Span = tuple[int, int]


def overlap_share(a: Span, b: Span) -> float:
    """What two spans share, as a part of the shorter: a clause picked from a marked sentence shares all of it."""
    shorter = min(a[1] - a[0], b[1] - b[0])
    return _shared(a, b) / shorter if shorter > 0 else 0.0


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _likeness(a: Span, b: Span) -> float:
    """1 for the same span, falling with everything that only one of them holds."""
    return _shared(a, b) / ((a[1] - a[0]) + (b[1] - b[0]) - _shared(a, b))


def same_figure(text: str, a: Span, b: Span) -> bool:
    """Whether both touch one and the same figure, sum or percentage: “31” cut out of “$31 billion” counts."""
    start, end = max(a[0], b[0]), min(a[1], b[1])
    if start - end > LONGEST_FIGURE:
        return False
    return _share_one(a, b, _facts_around(text, min(start, end), max(start, end)))


def _facts_around(text: str, start: int, end: int) -> list[Fact]:
    """Those that can touch it: a long line is not read to its ends."""
    left = max(text.rfind("\n", 0, start) + 1, start - LONGEST_FIGURE)
    right = text.find("\n", end)
    part = text[left : min(len(text) if right < 0 else right, end + LONGEST_FIGURE)]
    return [Fact(left + fact.start, left + fact.end, fact.kind) for fact in facts_in(part, 0, len(part))]


def _share_one(a: Span, b: Span, around: Iterable[Fact]) -> bool:
    return any(
        fact.kind in _COUNTED and _shared(a, (fact.start, fact.end)) and _shared(b, (fact.start, fact.end))
        for fact in around
    )


def join_candidates(
    text: str,
    start: int,
    end: int,
    claims: Iterable[tuple[int, int, int]],
    facts: Sequence[Fact] | None = None,
) -> list[int]:
    """Ids of the live claims (id, start, end) to offer for a selection, the most alike first.

    `facts`: the article's where they are at hand; otherwise they are found around the selection.
    """
    selection = (start, end)
    if end <= start:
        return []
    touched = None
    found = []
    for claim, *edges in claims:
        place = (edges[0], edges[1])
        if overlap_share(selection, place) < HALF:
            if touched is None:
                around = _facts_around(text, start, end) if facts is None else facts
                touched = [fact for fact in around if _shared(selection, (fact.start, fact.end))]
            if not _share_one(selection, place, touched):
                continue
        found.append((-_likeness(selection, place), claim))
    return [claim for _, claim in sorted(found)]
