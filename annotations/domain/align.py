"""The passage of another text that tells what a given passage tells, in whatever words."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import regex
from rapidfuzz import fuzz

from annotations.domain.sentences import sentences

LEAST = 40.0  # of 100: below it nothing is shown rather than something that happens to be near
_LONGEST_PIECE = 1_200
_LONGEST_PASSAGE = 2_000  # characters of a selection that are compared
_ADDED = 0.15  # what a word that only the candidate has takes away
_BLOCKS = 6  # that are looked into
_TERM = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]+"
    r"|\p{Nd}+(?:[.,]\p{Nd}+)*"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}])[\p{L}\p{M}])+"
)
_GRAMMAR = frozenset(
    "the and for but nor was were are had has have his her its him she they them their this that these those with from"
    " not who which been will would about into over than then also der die das und ein eine ist den dem des mit von auf"
    " les des une est que qui dans pour par sur los las del una por con para che per non het een van".split()
)

Span = tuple[int, int]


def align(
    text: str, start: int, end: int, other: str, other_blocks: Sequence[Span]
) -> tuple[int, int, float] | None:
    """The best-matching passage of `other` (start, end, score of 100), or None where nothing tells the same.

    `other_blocks` are the places of its paragraphs; furniture is left out by leaving it out there.
    """
    passage = text[start : min(end, start + _LONGEST_PASSAGE)].strip()
    if not passage:
        return None
    shortlist = Shortlist(other, other_blocks)
    best: tuple[float, int, int] | None = None
    for left, right in shortlist.best(passage, _BLOCKS):
        for candidate in _candidates(passage, other, left, right):
            score = shortlist.likeness(passage, other[slice(*candidate)])
            if best is None or score > best[0]:
                best = (score, *candidate)
    return (best[1], best[2], round(best[0], 1)) if best and best[0] >= LEAST else None


class Shortlist:
    """The pieces of a text that share most with a passage; rare words (names, figures) weigh more."""

    def __init__(self, text: str, blocks: Sequence[Span]) -> None:
        self.pieces = [piece for block in blocks for piece in _pieces(text, *block)]
        self.terms = [frozenset(_terms(text[slice(*piece)])) for piece in self.pieces]
        counts = Counter(term for terms in self.terms for term in terms)
        total = len(self.pieces) + 1
        self.weights = {
            term: math.log(1 + total / count) * _substance(term) for term, count in counts.items()
        }
        self.unseen = math.log(1 + total)

    def best(self, passage: str, most: int) -> list[Span]:
        wanted = frozenset(_terms(passage))
        scores = [(self._weight(wanted & terms), -i) for i, terms in enumerate(self.terms)]
        return [self.pieces[-i] for score, i in sorted(scores, reverse=True)[:most] if score > 0]

    def likeness(self, passage: str, candidate: str) -> float:
        """0–100: how much of the passage's weight the candidate holds, a little less for all that it adds; and
        a quarter for telling it letter by letter the same."""
        a, b = frozenset(_terms(passage)), frozenset(_terms(candidate))
        both = self._weight(a & b)
        if not both:
            return 0.0
        told = both / (both + self._weight(a - b) + _ADDED * self._weight(b - a))
        return 75 * told + fuzz.ratio(passage, candidate) / 4

    def _weight(self, terms: frozenset[str]) -> float:
        return math.fsum(self.weights.get(term, self.unseen * _substance(term)) for term in terms)


def _substance(term: str) -> float:
    """Figures say most, the small words of grammar next to nothing."""
    if term[0].isdigit():
        return 2.0
    return 0.2 if term in _GRAMMAR or (len(term) <= 2 and not _unspaced(term[0])) else 1.0


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """A block, or halfway overlapping stretches of one that is too long to be looked at whole."""
    while end - start > _LONGEST_PIECE:
        yield (
            start,
            text.rfind(" ", start + _LONGEST_PIECE // 2, start + _LONGEST_PIECE) + 1
            or start + _LONGEST_PIECE,
        )
        start = text.rfind(" ", start, start + _LONGEST_PIECE // 2) + 1 or start + _LONGEST_PIECE // 2
    if start < end:
        yield start, end


def _terms(text: str) -> Iterator[str]:
    """Words by their first six letters, so that inflections meet; scripts without spaces by pairs of characters."""
    for term in _TERM.findall(text.casefold()):
        if term[0] < "\u0e00" or not _unspaced(term[0]):
            yield term[:6] if term[0].isalpha() else term
        elif len(term) == 1:
            yield term
        else:
            yield from (term[i : i + 2] for i in range(len(term) - 1))


def _unspaced(character: str) -> bool:
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1780" <= character <= "\u17ff"
        or "\u3040" <= character <= "\uff9f"
    )


def _candidates(passage: str, other: str, start: int, end: int) -> Iterator[Span]:
    """Its sentences, neighbours joined up to about the passage's length, and the stretch most like it."""
    cut = sentences(other, start, end)
    for i, (left, _) in enumerate(cut):
        for _, right in cut[i : i + 4]:
            yield left, right
            if right - left > 1.5 * len(passage):
                break
    found = fuzz.partial_ratio_alignment(passage, other[start:end], score_cutoff=LEAST)
    if found and len(passage) < end - start:
        yield whole_words(other, start + found.dest_start, start + found.dest_end)


def whole_words(text: str, start: int, end: int) -> Span:
    """The span without white space at its edges, grown to the ends of the words it cuts."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < end and _inside_word(text, start):
        start -= 1
    while start < end < len(text) and _inside_word(text, end):
        end += 1
    return start, end


def _inside_word(text: str, at: int) -> bool:
    return all(character.isalnum() and not _unspaced(character) for character in text[at - 1 : at + 1])
