"""Whose an article is, where its checking stands, and who may say so."""

from django.db.models import QuerySet

from annotations.access import Seat
from annotations.models import ArticleWork, Membership, User


def work(seat: Seat) -> QuerySet[ArticleWork]:
    """Where the checking of articles stands: not for viewers. Its `note` is for `may_read_note` to give out."""
    rows = ArticleWork.objects.current().filter(collection=seat.collection).select_related("owner")
    return rows.none() if seat.is_viewer else rows


def may_set_work(seat: Seat, live: ArticleWork | None, wanted: ArticleWork | None = None) -> bool:
    """Editors set all of it. Reviewers take what is nobody's, and of what is theirs change the stage and hand it over;
    the deadline is the editors'. Without `wanted`: whether there is anything that the person may change."""
    if not seat.is_reviewer or seat.is_editor:
        return seat.is_editor
    owner, due = (live.owner_id, live.due_at) if live else (None, None)
    if owner not in (None, seat.user.pk):
        return False
    if wanted is None:
        return True
    return wanted.due_at == due and (owner is not None or wanted.owner_id == seat.user.pk)


def owners(seat: Seat, live: ArticleWork | None) -> QuerySet[User]:
    """To whom the person may give an article."""
    free = seat.is_editor or (live is not None and live.owner_id == seat.user.pk)
    return checkers(seat) if free else checkers(seat).filter(pk=seat.user.pk)


def checkers(seat: Seat) -> QuerySet[User]:
    """Whose an article may be. Viewers are not told who they are."""
    members = Membership.objects.filter(collection=seat.collection, ended=None)
    people = User.objects.filter(pk__in=members.exclude(role=Membership.Role.VIEWER).values("user"))
    return people.none() if seat.is_viewer else people.order_by("display_name", "username")


def may_read_note(seat: Seat, live: ArticleWork, said_by: int | None) -> bool:
    """In a blind collection a note may tell of others' work: it is for whom it was written to."""
    return not seat.hides or seat.user.pk in (live.owner_id, said_by)


def may_see_readers(seat: Seat) -> bool:
    """Whether the person is told who else has an article open: viewers not, of those who check blind."""
    return not (seat.settings.blind and seat.is_viewer)
