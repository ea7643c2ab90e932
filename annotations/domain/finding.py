"""Where words that a person typed or pasted stand in a text; where they do not, what comes closest."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import regex
from rapidfuzz import fuzz

from annotations.domain.align import Shortlist
from annotations.domain.carry import whole_words
from annotations.domain.offsets import snap_to_graphemes

MOST = 50
CLOSEST = 3
LIKE = 60.0  # of 100: what is less like the words does not help who looks for a slip of the hand
LONGEST = 10_000

_GRAPHEME = regex.compile(r"\X")
# One key of a keyboard stands for each of these.
_ALIKE = ("'‘’‚‛′ʼ`´", '"“”„‟″«»', "-‐‑‒–—―−")
_AROUND = "\"'“”‘’„«» "

Span = tuple[int, int]


def occurrences(text: str, words: str, most: int = MOST) -> list[Span]:
    """As they stand; if nowhere, whatever the quotation marks, dashes, spaces and accents' spelling; then the case."""
    for wanted in dict.fromkeys([words.strip(), words.strip(_AROUND)]):
        if not wanted:
            continue
        exact, loose = re.escape(wanted), _loosely(wanted)
        found = next(filter(None, (_places(text, way, most) for way in (exact, loose, f"(?i){loose}"))), [])
        if found:
            return found
    return []


def closest(text: str, blocks: Sequence[Span], words: str) -> list[Span]:
    """Whole words of the paragraphs that share most with what was typed, the most alike first."""
    found: dict[Span, float] = {}
    for start, end in Shortlist(text, blocks).best(words, CLOSEST):
        alike = fuzz.partial_ratio_alignment(words, text[start:end], score_cutoff=LIKE)
        if alike:
            place = whole_words(text, start + alike.dest_start, start + alike.dest_end)
            found.setdefault(place, fuzz.ratio(words, text[slice(*place)]))
    return sorted(found, key=lambda place: -found[place])


def _places(text: str, pattern: str, most: int) -> list[Span]:
    """Of whole graphemes: “e” is not found in “é”."""
    found = []
    for match in re.finditer(pattern, text):
        if snap_to_graphemes(text, *match.span()) == match.span():
            found.append(match.span())
        if len(found) == most:
            break
    return found


def _loosely(words: str) -> str:
    return r"\s+".join("".join(_spellings(word)) for word in words.split())


def _spellings(word: str) -> Iterator[str]:
    for grapheme in _GRAPHEME.findall(word):
        alike = next((signs for signs in _ALIKE if grapheme in signs), "")
        if alike:
            yield f"[{re.escape(alike)}]"
            continue
        forms = dict.fromkeys([grapheme, *(unicodedata.normalize(form, grapheme) for form in ("NFC", "NFD"))])
        escaped = [re.escape(form) for form in forms]
        yield escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"
