"""An article's text: what is done to it once, on import, and how it is addressed ever after.

Offsets are Unicode code points, start inclusive, end exclusive.
"""

import hashlib
import re

MAX_CHARACTERS = 2_000_000
CONTEXT = 32

_BOM = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_DROPPED = dict.fromkeys(code for code in range(0x20) if chr(code) not in "\t\n")


class BadText(ValueError):
    """The text cannot be stored as it is; the message tells a person what to do next."""


def normalize(raw: str) -> str:
    """Unix line ends, no leading BOM, no C0 controls but tab and LF; everything else stays as it came."""
    text = raw.removeprefix(_BOM)
    _refuse_unstorable(text)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)


def _refuse_unstorable(text: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        raise BadText(
            f"This is not plain text: there is a NUL byte in line {_line(text, nul)}. "
            "Save it as plain text in UTF-8 and import that."
        )
    if broken := _SURROGATE.search(text):
        raise BadText(
            f"Half of a character is missing in line {_line(text, broken.start())} (a lone surrogate). "
            "Save the text as UTF-8 again, or take that character out, and import it once more."
        )


def _line(text: str, offset: int) -> int:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1


def sha256(text: str) -> str:
    """Hex digest of the text's UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """The code points just before and just after a span: fewer at the text's ends."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Every line that is not blank, without its LF; a line's own white space belongs to it.

    Only LF ends a line: U+2028, NEL and their kin stay inside.
    """
    spans = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            spans.append((start, end))
        start = end + 1
    return spans
