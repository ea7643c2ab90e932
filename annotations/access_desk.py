"""Who may see and do what of the desk's own rows: who is asked to judge what, what was sent back, said, mentioned."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from annotations.access import Seat, checkers
from annotations.models import (
    LIVE,
    Annotation,
    Assignment,
    Comment,
    Membership,
    SentBack,
    User,
)


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


def comments(seat: Seat, at: int = LIVE - 1) -> QuerySet[Comment]:
    """Viewers see none; who checks blind and has not spoken on a claim, only their own."""
    rows = Comment.objects.at(at) if at < LIVE - 1 else Comment.objects.current()
    return visible_comments(seat, rows)


def visible_comments(seat: Seat, rows: QuerySet[Comment]) -> QuerySet[Comment]:
    rows = rows.filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    return rows.filter(Q(author=seat.user) | _spoken(seat)) if seat.hides else rows


def own_comment(seat: Seat, key: str) -> Comment:
    """A comment that the person may change: their own alone."""
    row = comments(seat).filter(key=key).first()
    if row is None:
        raise Http404("This comment is no longer there: it may have been withdrawn.")
    if row.author_id != seat.user.pk:
        raise PermissionDenied("Somebody else wrote this: answer it with a comment of your own.")
    return row


def sent_back(seat: Seat, person: int | None = None) -> QuerySet[SentBack]:
    """Reviews that wait to be looked at again: editors see all, a reviewer their own. `person`: whose seat it is,
    where a prepared query has it beside the seat."""
    rows = SentBack.objects.current().filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    return rows if seat.is_editor else rows.filter(reviewer=person or seat.user.pk)


def sending_back(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors send a review back.")


def commenting(seat: Seat) -> None:
    if not seat.is_reviewer:
        raise PermissionDenied("Reviewers and editors comment.")


def _spoken(seat: Seat) -> Exists:
    """Of a row about a claim: whether the person has given a verdict of it at some time."""
    return Exists(Annotation.objects.filter(reviewer=seat.user, span=OuterRef("span")))
