"""What a row came to, for formats that tell no more of it."""

from collections.abc import Sequence
from typing import Any

from annotations.exports.rows import Row


def concluded(row: Row) -> Any:
    """When the claim came to its verdict: when the editor decided, or when the last reviewer agreed."""
    if row["ruling"]:
        return row["ruling"]["at"]
    return max((each["at"] for each in row["reviews"]), default=None)


def reasons(row: Row) -> str:
    """The editor's, or else the reviewers', each once."""
    if row["ruling"]:
        return str(row["ruling"]["rationale"])
    return "\n\n".join(dict.fromkeys(each["why"] for each in row["reviews"] if each["why"]))


def known(thing: Row) -> Row:
    """JSON-LD has no way to say that something is not known: it is left out."""
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


def omission(claims: str, columns: Sequence[str], decided: Sequence[str]) -> str:
    """What a format does not hold: which claims, of those it has which columns of the row, and of those that an editor
    decided which besides."""
    return f"{claims} Of each claim: {', '.join(columns)}. Of a decided claim also: {', '.join(decided)}."
