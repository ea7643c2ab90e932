"""Places in a text: code points (ours), UTF-16 units (browsers), whole graphemes, and quotations."""

import re
from array import array
from bisect import bisect_left

import regex

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_GRAPHEME = regex.compile(r"\X")
# A grapheme always begins before such a character: it neither extends what precedes it nor joins with it.
# Searched backwards, so that a cluster is found without reading the text from its start.
_CERTAIN_START = regex.compile(
    r"(?rV1)(?<![\p{GCB=Prepend}\r])[\n[\p{GCB=Other}--[\p{Extended_Pictographic}\p{InSC=Consonant}]]]"
)


class Utf16:
    """Converts offsets of one text; keeps only the places of characters that take two units."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._astral = _astral_offsets(text)

    @property
    def places(self) -> int:
        """How many it keeps."""
        return len(self._astral)

    def at(self, code_point_offset: int) -> int:
        """The UTF-16 offset of a code-point offset."""
        if not 0 <= code_point_offset <= self._length:
            raise ValueError(f"offset {code_point_offset} is outside the text")
        return code_point_offset + bisect_left(self._astral, code_point_offset)

    def code_point(self, utf16_offset: int) -> int:
        """The code-point offset of a UTF-16 offset; ValueError inside a surrogate pair."""
        if not 0 <= utf16_offset <= self._length + len(self._astral):
            raise ValueError(f"UTF-16 offset {utf16_offset} is outside the text")
        pairs = bisect_left(range(len(self._astral)), utf16_offset, key=self._pair_start)
        if pairs and self._pair_start(pairs - 1) == utf16_offset - 1:
            raise ValueError(f"UTF-16 offset {utf16_offset} is inside a surrogate pair")
        return utf16_offset - pairs

    def _pair_start(self, index: int) -> int:
        return self._astral[index] + index


def _astral_offsets(text: str) -> "array[int]":
    if text.isascii() or len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return array("I")
    return array("I", (match.start() for match in _ASTRAL.finditer(text)))


def snap_to_graphemes(text: str, start: int, end: int) -> tuple[int, int]:
    """The smallest span of whole graphemes that holds the given one."""
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"{start}-{end} is no span of this text")
    return _grapheme_around(text, start)[0], _grapheme_around(text, end)[1]


def _grapheme_around(text: str, offset: int) -> tuple[int, int]:
    """The grapheme that the offset cuts in two, or (offset, offset) where it cuts none."""
    if offset == len(text):
        return offset, offset
    certain = _CERTAIN_START.search(text, 0, offset + 1)
    edge = certain.start() if certain else 0
    while edge < offset:
        following = _GRAPHEME.match(text, edge).end()
        if following > offset:
            return edge, following
        edge = following
    return offset, offset


def find_quote(text: str, quote: str, prefix: str = "", suffix: str = "") -> tuple[int, int] | None:
    """Where the quotation stands: its only occurrence, or the only one in exactly this context."""
    if not quote:
        return None
    at = _only_occurrence(text, quote)
    if at is None and (prefix or suffix):
        in_context = _only_occurrence(text, prefix + quote + suffix)
        at = None if in_context is None else in_context + len(prefix)
    return None if at is None else (at, at + len(quote))


def find_in_context(text: str, quote: str, prefix: str, suffix: str) -> tuple[int, int] | None:
    """As `find_quote`, for who must not guess: only where the words before and after it are there too, and once."""
    at = _only_occurrence(text, prefix + quote + suffix)
    return None if at is None else (at + len(prefix), at + len(prefix) + len(quote))


def _only_occurrence(text: str, wanted: str) -> int | None:
    first = text.find(wanted)
    if first < 0 or text.find(wanted, first + 1) >= 0:
        return None
    return first
