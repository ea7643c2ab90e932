"""Whether a claim on which all reviewers agree may be accepted together with others, or needs an editor's own look."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from annotations.domain.origins import Mark, bears
from annotations.domain.stances import CONTRADICTS, SUPPORTS

NOT_AGREED = "reviewers do not agree on it, or it is decided already"
REVIEWED = "you reviewed it, so another editor decides it"
MUST_FIX = "somebody says that it must be put right before it runs"
LEGAL = "a legal read stands in the way"
SENT_BACK = "a review of it is sent back and not looked at again"
UNVERIFIED = "no source first hand supports it, and fewer than three that are independent do"
UNDISPUTED = "no source first hand contradicts it, and fewer than three that are independent do"
UNSOURCED = "nobody found a source first hand for it, nor three that are independent"
"""Of a claim of which all say that it needs a source: in words that are no reproach."""
SOURCED = "all say that it needs a source, and sources that may settle it are cited"
TAKES = {"verified": SUPPORTS, "disputed": CONTRADICTS}
"""The side that a source takes on which the verdict may rest. Background takes none."""
CHANGED = "it has changed since"
GONE = "it is no longer marked"


@dataclass(slots=True)
class Standing:
    """Of a live claim: `revision` is that of its last change; `verdict` of an agreed one."""

    revision: int
    is_agreed: bool
    verdict: str | None = None
    reviewed: bool = False
    """by the editor who would accept it"""
    must_fix: bool = False
    legal: bool = False
    sent_back: bool = False
    first_hand: bool = False
    marks: list[frozenset[Mark]] = field(default_factory=list)
    """of its sources that take the verdict's side"""

    def cite(self, stance: str, marks: frozenset[Mark], *, first_hand: bool) -> None:
        """A source. What needs a source rests on none, of whatever side; one that takes a side may settle it."""
        side = TAKES.get(self.verdict or "")
        if stance in ([side] if side else TAKES.values()):
            self.marks.append(marks)
            self.first_hand |= first_hand


def in_the_way(standing: Standing) -> list[str]:
    """Why it is left out; nothing where it may be accepted."""
    return list(_reasons(standing)) if standing.is_agreed else [NOT_AGREED]


def _reasons(standing: Standing) -> Iterator[str]:
    if standing.reviewed:
        yield REVIEWED
    if standing.must_fix:
        yield MUST_FIX
    if standing.legal:
        yield LEGAL
    if standing.sent_back:
        yield SENT_BACK
    borne = bears(standing.marks, first_hand=standing.first_hand)
    if standing.verdict not in TAKES:
        yield SOURCED if borne else UNSOURCED
    elif not borne:
        yield UNVERIFIED if standing.verdict == "verified" else UNDISPUTED
