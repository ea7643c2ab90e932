"""Whether a claim on which all reviewers agree may be accepted together with others, or needs an editor's own look."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from annotations.domain.origins import Mark, bears

NOT_AGREED = "reviewers do not agree on it, or it is decided already"
REVIEWED = "you reviewed it, so another editor decides it"
MUST_FIX = "somebody says that it must be put right before it runs"
LEGAL = "a legal read stands in the way"
SENT_BACK = "a review of it is sent back and not looked at again"
UNBORNE = "it rests on no source first hand, and on fewer than three that are independent"
UNSOURCED = "nobody found a source first hand for it, nor three that are independent"
"""Of a claim of which all say so: in words that are no reproach."""
NEEDS_SOURCE = "needs_source"
CHANGED = "it has changed since"
GONE = "it is no longer marked"


@dataclass(slots=True)
class Standing:
    """Of a live claim: `revision` is that of its last change; `verdict` and `opinions` of an agreed one."""

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
    """of its sources"""


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
    if not bears(standing.marks, first_hand=standing.first_hand):
        yield UNSOURCED if standing.verdict == NEEDS_SOURCE else UNBORNE
