"""What the opinions on a claim come to: its status, its verdict, and its colour in the reader."""

from collections.abc import Sequence

LETTERS = {"verified": "v", "disputed": "d", "needs_source": "n"}
VERDICTS = tuple(LETTERS)
STATUSES = ("to_check", "open", "agreed", "contested", "ruled", "not_checkable")


def derive(
    *,
    verdicts: Sequence[str],
    has_source: bool,
    ruling: str | None,
    not_checkable: bool,
    reviews_needed: int,
    verified_needs_source: bool,
) -> tuple[str, str | None]:
    """(status, verdict) from the verdicts of the live annotations; the verdict only if agreed or ruled."""
    if ruling is not None:
        return "ruled", ruling
    if not_checkable:
        return "not_checkable", None
    if not verdicts:
        return "to_check", None
    unsourced = verified_needs_source and not has_source and set(verdicts) == {"verified"}
    if len(verdicts) < reviews_needed or unsourced:
        return "open", None
    if len(set(verdicts)) > 1:
        return "contested", None
    return "agreed", verdicts[0]


def tone(status: str, verdict: str | None, verdicts: Sequence[str]) -> str:
    """v, d, n: one verdict; mix: several; m: marked, no opinion yet; x: not checkable."""
    if status == "not_checkable":
        return "x"
    if verdict is not None:
        return LETTERS[verdict]
    opinions = set(verdicts)
    if not opinions:
        return "m"
    return LETTERS[opinions.pop()] if len(opinions) == 1 else "mix"
