"""Who may see and do what of the desk's own rows: who is asked to judge what, what was sent back, said, mentioned."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from annotations.access import Seat, spoke
from annotations.access_work import checkers
from annotations.models import (
    LIVE,
    ArticleDetails,
    Assignment,
    Comment,
    Membership,
    SentBack,
    User,
)


def assigning(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors say who is asked to judge what.")


def comparing(seat: Seat) -> None:
    """How far reviewers agree sums up what each said of claims that others have not judged yet (ADR 24)."""
    if not seat.is_editor:
        raise PermissionDenied(
            "How far reviewers agree is for editors: it would tell you of others’ verdicts on claims that you have not"
            " judged. What you said yourself is in the history."
        )


def checked(details: ArticleDetails) -> None:
    if details.is_reference:
        raise PermissionDenied("This is a reference text: it is cited, and nobody needs to check it.")


def judges(seat: Seat) -> QuerySet[User]:
    """Who may be asked: those who review here. Editors who check blind do not."""
    people = checkers(seat).filter(is_active=True)
    return reviewers(seat) if seat.settings.blind else people


def reviewers(seat: Seat) -> QuerySet[User]:
    """Those whose role it is, without editors who review too."""
    members = Membership.objects.filter(collection=seat.collection, ended=None, role=Membership.Role.REVIEWER)
    return checkers(seat).filter(is_active=True, pk__in=members.values("user"))


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
    return rows.filter(Q(author=seat.user) | spoke(seat)) if seat.hides else rows


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


def namable(seat: Seat) -> QuerySet[User]:
    """Whom a comment of this person can ask to answer."""
    return checkers(seat).filter(is_active=True).exclude(pk=seat.user.pk)
