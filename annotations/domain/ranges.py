"""Which part of a file somebody asks for: the Range header of RFC 9110, as far as it is one stretch of bytes."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes[ \t]*=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*", re.IGNORECASE)
_LONGEST = 18
"""Digits: a file of more bytes is nobody's."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`first` None: the last `last` bytes. `last` None: to the end."""

    first: int | None
    last: int | None

    def within(self, size: int) -> tuple[int, int] | None:
        """First and last byte, clamped to a file of that size; None where none of it is there."""
        if self.first is None:
            length = min(self.last or 0, size)
            return (size - length, size - 1) if length else None
        if self.first >= size:
            return None
        return self.first, size - 1 if self.last is None else min(self.last, size - 1)


def parse(header: str) -> Stretch | None:
    """None for what may be ignored: several stretches, other units, and what is not well formed.

    >>> parse("bytes=-500")
    Stretch(first=None, last=500)
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        return None
    first, last = (int(each.lstrip("0")[:_LONGEST] or 0) if each else None for each in match.groups())
    if first is None and last is None:
        return None
    if first is not None and last is not None and last < first:
        return None
    return Stretch(first, last)
