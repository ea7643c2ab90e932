"""What a quotation and its origin do not share, word by word, and the same said in words."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import regex
from rapidfuzz.distance import Indel

Kind = Literal["kept", "removed", "added"]

# Numbers keep their separators; scripts that write no spaces go by character, punctuation by mark.
TOKEN = regex.compile(
    r"""(?x)
      [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*
    | \p{Nd}+(?:[.,\u066b\u066c'’]\p{Nd}+)*
    | (?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{M}\p{N}_\u200c\u200d])+
      (?:['’](?=\p{L})(?:(?!\p{Han})[\p{L}\p{M}])+)*
    | [^\s\p{Cf}]
    """
)
_MARKS = frozenset('"“”„‟«»‹›「」『』＂')
_ALIKE = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "…": "."})
_SPOKEN = {
    ",": "a comma", ".": "a full stop", ";": "a semicolon", ":": "a colon", "!": "an exclamation mark",
    "?": "a question mark", "-": "a hyphen", "–": "a dash", "—": "a dash", "(": "a bracket", ")": "a bracket",
    "[": "a bracket", "]": "a bracket", "'": "an apostrophe", "’": "an apostrophe", "‘": "an apostrophe",
    "…": "an ellipsis", "、": "a comma", "，": "a comma", "。": "a full stop", "،": "a comma",
}  # fmt: skip
_LONGEST = 90  # characters of a passage that are read out
_SLIGHT = 2  # tokens in common that two larger changes may swallow


class Change(NamedTuple):
    """A run of words. `text` is a's, or b's where it is added; the text without it has an empty place there."""

    kind: Kind
    text: str
    a_start: int
    a_end: int
    b_start: int
    b_end: int


class _Hunk(NamedTuple):
    same: bool
    a: slice
    b: slice

    @property
    def size(self) -> int:
        return max(self.a.stop - self.a.start, self.b.stop - self.b.start)


def word_diff(a: str, b: str) -> list[Change]:
    """From a to b in order, removed before added. Between changes: white space and quotation marks only,
    since the marks around words are the outlet's, not the speaker's."""
    words_a, words_b = _tokens(a), _tokens(b)
    hunks = _sensible(_hunks([_key(a, w) for w in words_a], [_key(b, w) for w in words_b]))
    changes: list[Change] = []
    for hunk in hunks:
        a_start, a_end = _place(words_a, hunk.a)
        b_start, b_end = _place(words_b, hunk.b)
        if hunk.same:
            changes.append(Change("kept", a[a_start:a_end], a_start, a_end, b_start, b_end))
            continue
        if a_end > a_start:
            changes.append(Change("removed", a[a_start:a_end], a_start, a_end, b_start, b_start))
        if b_end > b_start:
            changes.append(Change("added", b[b_start:b_end], a_end, a_end, b_start, b_end))
    return changes


def _tokens(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in TOKEN.finditer(text) if match[0] not in _MARKS]


def _key(text: str, span: tuple[int, int]) -> str:
    """What makes two words the same: not the shape of an apostrophe or a dash, nor how accents are encoded."""
    return unicodedata.normalize("NFC", text[slice(*span)]).translate(_ALIKE)


def _place(words: Sequence[tuple[int, int]], run: slice) -> tuple[int, int]:
    """Offsets of a run of tokens; of none, the end of the token before."""
    if run.start == run.stop:
        end = words[run.start - 1][1] if run.start else 0
        return end, end
    return words[run.start][0], words[run.stop - 1][1]


def _hunks(a: Sequence[str], b: Sequence[str]) -> list[_Hunk]:
    """Runs alternately the same and different."""
    hunks: list[_Hunk] = []
    for code in Indel.opcodes(a, b):
        hunk = _Hunk(
            code.tag == "equal", slice(code.src_start, code.src_end), slice(code.dest_start, code.dest_end)
        )
        _push(hunks, hunk)
    return hunks


def _push(hunks: list[_Hunk], hunk: _Hunk) -> None:
    if hunks and hunks[-1].same == hunk.same:
        last = hunks.pop()
        hunk = _Hunk(hunk.same, slice(last.a.start, hunk.a.stop), slice(last.b.start, hunk.b.stop))
    hunks.append(hunk)


def _sensible(hunks: Sequence[_Hunk]) -> list[_Hunk]:
    """A stray “the” or comma between two larger changes is no common ground: it joins them."""
    result: list[_Hunk] = []
    for i, hunk in enumerate(hunks):
        if hunk.same and 0 < i < len(hunks) - 1 and hunk.size <= _SLIGHT:
            stray = hunk.size < min(hunks[i - 1].size, hunks[i + 1].size)
            _push(result, hunk._replace(same=not stray))
        else:
            _push(result, hunk)
    return result


def in_words(changes: Sequence[Change]) -> str:
    """The changes as one plain sentence, for who hears the page rather than sees it."""
    if all(change.kind == "kept" for change in changes):
        return "Word for word the same."
    if not any(change.kind == "kept" for change in changes) and len(changes) == 2:
        return "Not one word in common."
    sentence = "; ".join(_clauses(changes)) + "."
    return sentence[0].upper() + sentence[1:]


def in_the_article(changes: Sequence[Change]) -> str:
    """The same, of an article (b) that quotes its origin (a)."""
    kinds = {change.kind for change in changes}
    if kinds <= {"kept"} or "kept" not in kinds:
        return in_words(changes)
    return f"The article {'; '.join(_deeds(changes))}."


def _deeds(changes: Sequence[Change]) -> Iterator[str]:
    before: Change | None = None
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        if change.kind == "added":
            replaced = f" for {_said(before.text)}" if before and before.kind == "removed" else ""
            yield f"{'says' if replaced else 'adds'} {_said(change.text)}{replaced}"
        elif change.kind == "removed" and (following is None or following.kind != "added"):
            yield f"leaves out {_said(change.text)}"
        before = change


def _clauses(changes: Sequence[Change]) -> Iterator[str]:
    skip = False
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        if skip or change.kind == "kept":
            skip = False
        elif change.kind == "added":
            yield f"{_said(change.text)} is added"
        elif following is not None and following.kind == "added":
            yield f"{_said(change.text)} became {_said(following.text)}"
            skip = True
        else:
            yield f"{_said(change.text)} is left out"


def _said(words: str) -> str:
    """Screen readers pass over a lone mark: it is named."""
    if words in _SPOKEN:
        return _SPOKEN[words]
    words = " ".join(words.split())
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return f"“{words}”"
