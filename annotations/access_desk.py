"""Who may see and do what of the desk's own rows: who is asked to judge what, what was sent back, said, mentioned."""

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from annotations.access import Seat, checkers
from annotations.models import (
    LIVE,
    Annotation,
    Assignment,
    Comment,
    Membership,
    Mention,
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


def mentions(seat: Seat) -> QuerySet[Mention]:
    """Where the person is named and has not answered, the oldest first, each with `is_told`: whether they may read
    what was said, or must give their verdict of the claim first."""
    rows = Mention.objects.current().filter(collection=seat.collection, person=seat.user)
    if not seat.is_reviewer:
        return rows.none()
    told = Case(When(_spoken(seat), then=True), default=False) if seat.hides else Value(True)
    return rows.annotate(is_told=told).order_by("pk")


def sent_back(seat: Seat, person: int | None = None) -> QuerySet[SentBack]:
    """Reviews that wait to be looked at again: editors see all, a reviewer their own. `person`: whose seat it is,
    where a prepared query has it beside the seat."""
    rows = SentBack.objects.current().filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    return rows if seat.is_editor else rows.filter(reviewer=person or seat.user.pk)


def sent_back_to_me(seat: Seat) -> QuerySet[SentBack]:
    """A reviewer's part of my desk: what an editor asks them to look at again, the oldest first."""
    return sent_back(seat).filter(reviewer=seat.user.pk).select_related("editor").order_by("created_in", "pk")


def sending_back(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors send a review back.")


def commenting(seat: Seat) -> None:
    if not seat.is_reviewer:
        raise PermissionDenied("Reviewers and editors comment.")


def _spoken(seat: Seat) -> Exists:
    """Of a row about a claim: whether the person has given a verdict of it at some time."""
    return Exists(Annotation.objects.filter(reviewer=seat.user, span=OuterRef("span")))
