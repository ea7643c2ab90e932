"""A line of JSON from a file that anybody may have changed."""

from dataclasses import dataclass
from typing import Any

import orjson

LONGEST_LINE = 8_000_000
"""Bytes. A claim holds a quote and what was said of it, never a text."""


class BadLine(ValueError):
    """What is wrong with the line and what to do, in sentences."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What to know of the file as a whole, with which nothing is wrong: a sentence or two."""

    words: str


def loaded(line: bytes, longest: int = LONGEST_LINE) -> Any:
    """What the JSON says, or a BadLine."""
    if len(line) > longest:
        return BadLine(f"The line is longer than {longest:,} bytes: no claim of an export is.")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return BadLine(f"This is no JSON ({error}). Export the claims again.")
