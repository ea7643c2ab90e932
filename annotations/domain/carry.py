"""Where the claims of a text stand in its later version.

Identical paragraph, then the words kept in an edited one, then the quotation in its context, then the passage
most like it. Whatever is not certain is said to be so.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from annotations.domain.align import Shortlist, whole_words
from annotations.domain.text import context

LIKE = 70.0  # of 100: below it a passage in other words is not the same one
IN_CONTEXT = 40.0
COUNTERPART = 50.0  # of 100: below it a paragraph is another one, not an edited one
SURE_CONTEXT = 60.0
_TELLING = 24  # characters from which a quotation speaks for itself
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+|\s+|.", regex.DOTALL)

Span = tuple[int, int]


class Carried(NamedTuple):
    """Where a span of the old text stands in the new one. `exact`: the same words in a place beyond doubt.
    `moved`: someone must confirm it. `gone`: nowhere, start and end are -1."""

    start: int
    end: int
    result: Literal["exact", "moved", "gone"]


GONE = Carried(-1, -1, "gone")


def carry_over(old_text: str, new_text: str, spans: Sequence[Span]) -> list[Carried]:
    """Each span's place in the new text, in the order given."""
    return _Carrier(old_text, new_text).all(spans)


class _Carrier:
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.old_lines, self.new_lines = _lines(old), _lines(new)
        self.same, self.free = self._pair()
        self.counterparts: dict[int, _Edited | None] = {}
        self.shortlist: Shortlist | None = None

    def all(self, spans: Sequence[Span]) -> list[Carried]:
        return [self._carry(start, end) for start, end in spans]

    def _carry(self, start: int, end: int) -> Carried:
        if start >= end:
            return GONE
        place = self._by_paragraph(start, end)
        if place:
            same = self.new[place[0] : place[1]] == self.old[start:end]
            return Carried(*place, "exact" if same else "moved")
        return self._by_quote(start, end) or self._by_likeness(start, end) or GONE

    def _pair(self) -> tuple[dict[int, int], list[int]]:
        """Old paragraph → identical new one: in order first, then those that changed places; and what is left."""
        old = [self.old[slice(*line)] for line in self.old_lines]
        new = [self.new[slice(*line)] for line in self.new_lines]
        pairs: dict[int, int] = {}
        for code in Indel.opcodes(old, new):
            if code.tag == "equal":
                there = range(code.dest_start, code.dest_end)
                pairs.update(zip(range(code.src_start, code.src_end), there, strict=True))
        taken = set(pairs.values())
        elsewhere = _only(new, [j for j in range(len(new)) if j not in taken])
        for paragraph, i in _only(old, [i for i in range(len(old)) if i not in pairs]).items():
            if paragraph in elsewhere:
                pairs[i] = elsewhere[paragraph]
        taken = set(pairs.values())
        return pairs, [j for j in range(len(new)) if j not in taken]

    def _by_paragraph(self, start: int, end: int) -> Span | None:
        """Edge by edge: a span over several paragraphs is found by its first and its last."""
        first = self._line_at(start)
        last = first if end <= self.old_lines[first][1] else self._line_at(end - 1)
        left = self._edge(first, start, opening=True)
        right = self._edge(last, end, opening=False)
        if left is None or right is None or left >= right:
            return None
        alike = fuzz.ratio(self.old[start:end], self.new[left:right])
        return (left, right) if alike >= COUNTERPART else None

    def _line_at(self, offset: int) -> int:
        return bisect_right(self.old_lines, offset, key=lambda line: line[0]) - 1

    def _edge(self, line: int, offset: int, *, opening: bool) -> int | None:
        old_start, old_end = self.old_lines[line]
        if line in self.same:
            return self.new_lines[self.same[line]][0] + offset - old_start
        if line not in self.counterparts:
            self.counterparts[line] = self._counterpart(self.old[old_start:old_end])
        edited = self.counterparts[line]
        return None if edited is None else edited.mapped(offset - old_start, opening=opening)

    def _counterpart(self, paragraph: str) -> "_Edited | None":
        best, best_score = None, COUNTERPART
        for j in self.free:
            start, end = self.new_lines[j]
            score = fuzz.ratio(paragraph, self.new[start:end], score_cutoff=best_score)
            if score > best_score:
                best, best_score = (start, end), score
        return best and _Edited(paragraph, self.new[slice(*best)], best[0])

    def _by_quote(self, start: int, end: int) -> Carried | None:
        """The same words elsewhere, where what stands around them is most alike."""
        quote = self.old[start:end]
        places = _occurrences(self.new, quote)
        if not places:
            return None
        score, at = max((self._in_context(start, end, place, place + len(quote)), -place) for place in places)
        only = len(places) == 1 and self.old.count(quote) == 1
        if score < IN_CONTEXT and not (only and len(quote) >= _TELLING):
            return None
        return Carried(-at, -at + len(quote), "exact" if only and score >= SURE_CONTEXT else "moved")

    def _by_likeness(self, start: int, end: int) -> Carried | None:
        quote = self.old[start:end]
        self.shortlist = self.shortlist or Shortlist(self.new, self.new_lines)
        for left, right in self.shortlist.best(quote, 3):
            found = fuzz.partial_ratio_alignment(quote, self.new[left:right], score_cutoff=LIKE)
            if not found:
                continue
            place = whole_words(self.new, left + found.dest_start, left + found.dest_end)
            if self._in_context(start, end, *place) >= IN_CONTEXT:
                return Carried(*place, "moved")
        return None

    def _in_context(self, start: int, end: int, new_start: int, new_end: int) -> float:
        """0–100: how alike the two sides are."""
        before, after = context(self.old, start, end)
        new_before, new_after = context(self.new, new_start, new_end)
        return (fuzz.ratio(before, new_before) + fuzz.ratio(after, new_after)) / 2


def _lines(text: str) -> list[Span]:
    """Every line with its place, blank ones too: edges must fall into one."""
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _only(paragraphs: Sequence[str], indexes: Sequence[int]) -> dict[str, int]:
    """Those of the paragraphs that occur once among them."""
    seen: dict[str, list[int]] = {}
    for i in indexes:
        seen.setdefault(paragraphs[i], []).append(i)
    return {
        paragraph: places[0] for paragraph, places in seen.items() if len(places) == 1 and paragraph.strip()
    }


def _occurrences(text: str, quote: str, most: int = 200) -> list[int]:
    places: list[int] = []
    at = text.find(quote)
    while at >= 0 and len(places) < most:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


class _Edited:
    """A paragraph and the new one that it became, at `start` of the new text."""

    def __init__(self, old: str, new: str, start: int) -> None:
        self.start = start
        old_words, new_words = _WORD.findall(old), _WORD.findall(new)
        self.old_ends, self.new_ends = _ends(old_words), _ends(new_words)
        self.codes = list(Levenshtein.opcodes(old_words, new_words))
        self.starts = [code.src_start for code in self.codes]

    def mapped(self, offset: int, *, opening: bool) -> int | None:
        """Where an edge of a span went, by whole words."""
        inner = offset if opening else offset - 1  # the character that the edge belongs to
        word = bisect_right(self.old_ends, inner) - 1
        if not 0 <= word < len(self.old_ends) - 1:
            return None
        code = self.codes[bisect_right(self.starts, word) - 1]
        if code.tag == "delete":
            return self.start + self.new_ends[code.dest_start]
        there = code.dest_start + word - code.src_start
        if code.tag == "equal":
            return self.start + self.new_ends[there] + offset - self.old_ends[word]
        return self.start + self.new_ends[there if opening else there + 1]


def _ends(words: Sequence[str]) -> list[int]:
    """0, then where each word ends."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    return ends
