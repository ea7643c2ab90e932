"""What a verdict comes to by its evidence: labels of research data, and whether it is a point on a scale of truth."""

from collections.abc import Iterable

SUPPORTED = "Supported"
REFUTED = "Refuted"
CONFLICTING = "Conflicting Evidence/Cherrypicking"
NOT_ENOUGH = "Not Enough Evidence"
LABELS = (SUPPORTED, REFUTED, CONFLICTING, NOT_ENOUGH)
SUPPORTS, CONTRADICTS = "supports", "contradicts"
TRUE, FALSE = 5, 1


def research_label(verdict: str, stances: Iterable[str]) -> str:
    """AVeriTeC's. Disputed alone says that the claim does not stand as it is told, not why: its evidence does."""
    if verdict == "verified":
        return SUPPORTED
    decisive = _decisive(stances)
    if verdict == "needs_source" or not decisive:
        return NOT_ENOUGH
    return REFUTED if decisive == {CONTRADICTS} else CONFLICTING


def truth_rating(verdict: str, stances: Iterable[str]) -> int | None:
    """5 true, 1 false; None unless all evidence that takes a side takes the verdict's."""
    decisive = _decisive(stances)
    if verdict == "verified" and decisive == {SUPPORTS}:
        return TRUE
    if verdict == "disputed" and decisive == {CONTRADICTS}:
        return FALSE
    return None


def _decisive(stances: Iterable[str]) -> set[str]:
    """Background takes no side."""
    return set(stances) & {SUPPORTS, CONTRADICTS}
