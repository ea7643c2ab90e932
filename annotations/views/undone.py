"""What undid what, for the lines of a history: five queries for a plain page, however many lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations import access, access_undo
from annotations.access import Seat
from annotations.models import LIVE, Annotation, Revision
from annotations.services.lineage import standing_undos
from annotations.services.undo import UNDOING

NOUNS = {
    "settings": "change of the settings",
    "import": "import of",
    "import-claims": "import of",
    "edit-details": "correction of",
    "withdraw-article": "withdrawal of",
    "take-up": "taking over of",
    "hand-over": "handing over of",
    "stage": "stage of",
    "deadline": "deadline of",
    "mark": "mark of",
    "tag": "opinion of",
    "withdraw": "withdrawal of an opinion of",
    "unmark": "removal of the mark of",
    "not-checkable": "“not checkable” of",
    "checkable": "“checkable again” of",
    "add-source": "source of",
    "edit-source": "change of a source of",
    "remove-source": "removal of a source of",
    "rule": "decision of",
    "accept": "acceptance of",
    "withdraw-ruling": "withdrawal of the decision of",
    "ask-legal": "request for a legal read of",
    "clear-legal": "legal clearance of",
    "object-legal": "legal objection to",
    "withdraw-legal": "withdrawal of the request for a legal read of",
    "draft-correction": "draft of a correction of",
    "publish-correction": "publication of a correction of",
    "change-correction": "change of the published correction of",
    "withdraw-correction": "withdrawal of the published correction of",
    "discard-correction": "throwing away of a draft of a correction of",
    "move": "move of",
    "merge": "merging of",
    "split": "splitting of",
    "comment": "comment on",
    "edit-comment": "change of a comment on",
    "withdraw-comment": "withdrawal of a comment on",
    "put-aside": "putting aside of a mention on",
    "send-back": "sending back of a review of",
    "stand-by": "standing by the review of",
    "call-off": "calling off of the second look at",
    "assign": "assignment of",
    "unassign": "taking back of the assignment of",
}


@dataclass(frozen=True, slots=True)
class Undone:
    by: dict[int, int]
    """change → the change that undid it, where that one stands"""
    linked: frozenset[int]
    """undoing changes that the person may open"""
    targets: dict[int, list[Revision]]
    """undoing change → what it undid, of those that the person may see, the first few"""
    mine: set[int]
    """what the person may undo, if nothing stands in the way"""
    again: frozenset[int]
    """opinions that took the place of an earlier one"""


def undone(seat: Seat, rows: Sequence[Revision], most: int = 5) -> Undone:
    """`most`: of the changes that were undone at once no more are told."""
    standing = standing_undos(seat.collection, {row.number for row in rows})
    authors = dict(
        access.revisions(seat).filter(number__in=standing.values()).values_list("number", "author")
        if standing
        else ()
    )
    return Undone(
        standing,
        frozenset(authors),
        _targets(seat, rows, most),
        access_undo.may_undo(seat, rows),
        _again(seat, rows),
    )


def _targets(seat: Seat, rows: Sequence[Revision], most: int) -> dict[int, list[Revision]]:
    wanted = {row.number: undid_by(row)[:most] for row in rows if row.action in UNDOING}
    numbers = {target for targets in wanted.values() for target in targets}
    if not numbers:
        return {}
    visible = access.revisions(seat).filter(number__in=numbers).select_related("author")
    known = {row.number: row for row in visible}
    return {number: [known[n] for n in targets if n in known] for number, targets in wanted.items()}


def undid_by(row: Revision) -> list[int]:
    """The changes that it undid, as its result says."""
    said = row.result.get("undone", [])
    return said if isinstance(said, list) else [said]


def _again(seat: Seat, rows: Sequence[Revision]) -> frozenset[int]:
    opinions = [row.number for row in rows if row.action == "tag"]
    # Less than LIVE goes without saying, but lets SQLite use the index of retired rows.
    before = Annotation.objects.filter(
        collection=seat.collection, retired_in__in=opinions, retired_in__lt=LIVE
    )
    return frozenset(before.values_list("retired_in", flat=True)) if opinions else frozenset()


def many(number: int) -> str:
    return f"{number:,} change{'' if number == 1 else 's'}"


def what_it_was(target: Revision) -> str:
    """“opinion of claim 81, by Ana”."""
    if target.action == "undo":
        noun = f"the undoing of change {target.result['undone']}"
    elif target.action == "undo-many":
        noun = f"the undoing of {many(len(undid_by(target)))}"
    elif "span" in target.result:
        noun = f"{NOUNS.get(target.action, 'change of')} claim {target.result['span']}"
    elif "article" in target.result:
        noun = f"{NOUNS.get(target.action, 'change of')} article {target.result['article']}"
    else:
        noun = NOUNS.get(target.action, "a change")
    return f"{noun}, by {target.author or 'aigap'}"
