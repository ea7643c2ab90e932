"""Who may see and do what of the desk's own rows: who is asked to judge what, what was sent back, said, mentioned."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from annotations.access import Seat, checkers
from annotations.models import Assignment, Membership, User


def assigning(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors say who is asked to judge what.")


def judges(seat: Seat) -> QuerySet[User]:
    """Who may be asked: those who review here. Editors who check blind do not."""
    people = checkers(seat).filter(is_active=True)
    if not seat.settings.blind:
        return people
    reviewers = Membership.objects.filter(
        collection=seat.collection, ended=None, role=Membership.Role.REVIEWER
    )
    return people.filter(pk__in=reviewers.values("user"))


def assignments(seat: Seat) -> QuerySet[Assignment]:
    """What was asked of whom: viewers are not told, and of those who check blind, reviewers only of themselves."""
    rows = Assignment.objects.current().filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    return rows.filter(reviewer=seat.user) if seat.is_blind else rows
