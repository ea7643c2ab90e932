"""A claim among the sentences before and behind it."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from annotations.views.reading import Kept, Reading, blocks_at

LONGEST = 500
"""So many letters of one side: a sentence may be a list as long as a page."""
PROSE = {"headline", "deck", "body"}
"""What is read in one go."""


class Surroundings(NamedTuple):
    before: str
    words: str
    after: str


def surroundings(at: Reading, start: int, end: int) -> Surroundings:
    """The words within their own sentence, with the one before and the one behind, where those are of its kind: what
    stands before the first sentence of the text may be the line under a picture."""
    text = at.kept.text
    cuts = _cuts(at.kept, next((block["role"] for block in blocks_at(at.kept, start, end)), "body"))
    first = bisect_right(cuts, (start, len(text))) - 1
    last = bisect_left(cuts, (end, 0)) - 1
    before, after = "", ""
    if first >= 0 and cuts[first][1] > start:
        own = cuts[first][0]
        before = "".join(_said(text, *cut, own) for cut in cuts[max(0, first - 1) : first]) + text[own:start]
    if last >= 0 and cuts[last][1] >= end:
        own = cuts[last][1]
        after = text[end:own] + "".join(_then(text, *cut, own) for cut in cuts[last + 1 : last + 2])
    return Surroundings(_tail(before), text[start:end], _head(after))


def _said(text: str, start: int, end: int, then: int) -> str:
    return text[start:end] + _gap(text[end:then])


def _then(text: str, start: int, end: int, before: int) -> str:
    return _gap(text[before:start]) + text[start:end]


def _gap(between: str) -> str:
    """Another paragraph begins on a line of its own."""
    return "\n" if "\n" in between else " "


def _cuts(kept: Kept, role: str) -> list[tuple[int, int]]:
    known: dict[str, list[tuple[int, int]]] = kept.worked_out.setdefault("sentences by role", {})
    if role not in known:
        kinds = PROSE if role in PROSE else {role}
        read = (block for block in kept.blocks if block["role"] in kinds)
        found = (cut for block in read for cut in block.get("sentences") or ())
        known[role] = sorted((start, end) for start, end in found)
    return known[role]


def _tail(words: str) -> str:
    return words if len(words) <= LONGEST else f"… {words[-LONGEST:].partition(' ')[2]}"


def _head(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0]} …"
