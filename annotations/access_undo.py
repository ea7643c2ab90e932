"""Who may undo which change."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404

from annotations import access
from annotations.access import Seat
from annotations.models import Revision
from annotations.services.lineage import deeds

UNDO_OWN = "You can undo your own marks, opinions and sources; ask an editor for this one."


def undoable(seat: Seat, number: int) -> Revision:
    """Reviewers undo their own changes, editors any."""
    if not seat.is_reviewer:
        raise PermissionDenied("Only reviewers and editors undo changes.")
    revision = access.revisions(seat).filter(number=number).first()
    if revision is None:
        raise Http404("No such change in this collection.")
    if not may_undo(seat, [revision]):
        raise PermissionDenied(UNDO_OWN)
    return revision


REVIEWERS_DO = frozenset(
    "mark tag withdraw not-checkable checkable unmark add-source edit-source remove-source"
    " move split take-up hand-over stage ask-legal clear-legal object-legal withdraw-legal"
    " comment edit-comment withdraw-comment put-aside stand-by".split()
)
"""What a reviewer may do, and so take back: somebody who is no editor any more undoes nothing of an editor's."""


def all_undoable(seat: Seat, numbers: Sequence[int]) -> None:
    """Raises Http404 for a change that the person may not see, PermissionDenied for one that they may not undo."""
    rows = list(access.revisions(seat).filter(number__in=numbers))
    if len(rows) < len(numbers):
        raise Http404("No such change in this collection.")
    if len(may_undo(seat, rows)) < len(rows):
        raise PermissionDenied(UNDO_OWN)


def may_undo(seat: Seat, revisions: Sequence[Revision]) -> set[int]:
    """The numbers of those that the person may undo, if nothing stands in the way."""
    if seat.is_editor:
        return {row.number for row in revisions}
    own = {row.number for row in revisions if row.author_id == seat.user.pk}
    done = deeds(seat.collection, own) if own and seat.is_reviewer else {}
    return {number for number, ends in done.items() if ends <= REVIEWERS_DO}
