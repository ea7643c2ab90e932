"""Where the checking of an article stands, in words, and the form that changes it. Times are UTC, and say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from annotations import access, access_desk, access_work
from annotations.access import Seat
from annotations.forms.assignments import PeopleForm
from annotations.forms.work import WorkForm
from annotations.models import ArticleDetails, ArticleWork, Membership, Revision
from annotations.services.errors import LedgerError
from annotations.services.ledger import Stale
from annotations.services.visits import has_opened
from annotations.services.work import set_work
from annotations.views.answers import STATUS, key_of
from annotations.views.assigned import assigned
from annotations.views.moments import moment_in_words
from annotations.views.page_conflict import Conflict, conflict_of
from annotations.views.pages import collection_page
from annotations.views.reading import Reading


@dataclass(frozen=True, slots=True)
class Line:
    """Ana · checking · due today 18:30 UTC · from Ben: “please look at the figures”"""

    owner: str
    stage: str
    due: str
    is_late: bool
    note: str
    said_by: str


@require_http_methods(["GET", "HEAD", "POST"])
def article_work(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.REVIEWER)
    details = access.article(seat, article_id)
    access_desk.checked(details)
    live = access_work.work(seat).filter(article=article_id).first()
    form = form_of(seat, live, request.POST if request.method == "POST" else None)
    if not access_work.may_set_work(seat, live):
        form.full_clean()
        if form.is_bound and form.base_version != (live.pk if live else None):
            return _conflicting(request, seat, details, form, live, may_keep=False)
        raise PermissionDenied("Somebody else has this article: ask them, or an editor, to hand it over.")
    if request.method != "POST":
        return work_page(request, seat, details, form)
    if not form.is_valid():
        return work_page(request, seat, details, form, 422)
    return _set(request, seat, details, form, live)


def _set(
    request: HttpRequest, seat: Seat, details: ArticleDetails, form: WorkForm, live: ArticleWork | None
) -> HttpResponse:
    wanted = form.standing
    row = ArticleWork(owner_id=wanted.owner_id, due_at=wanted.due_at)
    if form.base_version == (live.pk if live else None) and not access_work.may_set_work(seat, live, row):
        raise PermissionDenied("Take the article over first: give it to yourself.")
    try:
        set_work(
            seat.collection,
            author=seat.user,
            article_id=details.article_id,
            base=form.base_version,
            wanted=wanted,
            key=key_of(request),
        )
    except Stale as stale:
        return _conflicting(request, seat, details, form, stale.current)
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return work_page(request, seat, details, form, STATUS.get(type(refusal), 422))
    return redirect("article-detail", seat.collection.slug, details.article_id)


def _conflicting(
    request: HttpRequest,
    seat: Seat,
    details: ArticleDetails,
    form: WorkForm,
    live: Any,
    *,
    may_keep: bool = True,
) -> HttpResponse:
    unread = live is not None and not access_work.may_read_note(seat, live, None)
    rebased, conflict = conflict_of(
        seat, form, form.base_version, live, frozenset({"note"} if unread else ())
    )
    conflict.may_keep = may_keep
    return work_page(request, seat, details, rebased, 409, conflict)


def form_of(seat: Seat, live: ArticleWork | None, data: Any = None) -> WorkForm:
    people = access_work.owners(seat, live)
    row = live or ArticleWork(owner_id=None if seat.is_editor else seat.user.pk)
    if live and not access_work.may_read_note(seat, live, None):
        row.note = ""
    return WorkForm(data, live=row, owners=people, may_date=seat.is_editor)


def work_page(
    request: HttpRequest,
    seat: Seat,
    details: ArticleDetails,
    form: WorkForm | None = None,
    status: int = 200,
    conflict: Conflict | None = None,
    assign: PeopleForm | None = None,
) -> HttpResponse:
    """`assign`: the form that gives the article to people, where that is what was sent."""
    if form is None:
        form = form_of(seat, access_work.work(seat).filter(article=details.article_id).first())
    context = {"details": details, "form": form, "conflict": conflict}
    context |= assigned(seat, details.article_id, assign)
    return collection_page(
        request, seat, "annotations/article_work.html", context, here="articles", status=status
    )


def reader_work(at: Reading) -> dict[str, Any]:
    """What the reader shows of it: two or three queries, none for viewers and of reference texts. To its owner the
    article is then handed over no more."""
    seat = at.seat
    if seat.is_viewer or at.kept.details.is_reference:
        return {"work": None, "work_form": None}
    live = access_work.work(seat).filter(article=at.article_id).first()
    form = form_of(seat, live) if access_work.may_set_work(seat, live) else None
    if live and live.owner_id == seat.user.pk:
        has_opened(live, seat.user)
    said = who_said([live]) if live else {}
    return {"work": line_of(seat, live, said.get(at.article_id)), "work_form": form}


def lines_of(seat: Seat, article_ids: list[int]) -> dict[int, Line]:
    """For a list, without notes: one query."""
    rows = access_work.work(seat).filter(article__in=article_ids)
    return {row.article_id: line_of(seat, row) for row in rows}


def line_of(seat: Seat, live: ArticleWork | None, said_by: tuple[int, str] | None = None) -> Line:
    """`said_by`: who wrote the note; without it the line has none."""
    if live is None:
        return Line("Nobody’s", "waiting", "", False, "", "")
    stage = ArticleWork.Stage(live.stage).label.lower()
    owner = str(live.owner) if live.owner else "Nobody’s"
    late = (
        live.due_at is not None and live.stage != ArticleWork.Stage.CLEARED and live.due_at < timezone.now()
    )
    told = said_by is not None and access_work.may_read_note(seat, live, said_by[0])
    return Line(
        owner,
        stage,
        due_words(live.due_at, late=late),
        late,
        live.note if told else "",
        said_by[1] if said_by and told else "",
    )


def who_said(rows: Iterable[ArticleWork]) -> dict[int, tuple[int, str]]:
    """article → who wrote the note that still stands: the author of the first of the rows in a row that say it to this
    owner. Two queries, none where there is no note."""
    live = {row.article_id: row for row in rows if row.note}
    if not live:
        return {}
    first = {article: row.created_in for article, row in live.items()}
    ended = set()
    history = ArticleWork.objects.filter(article__in=list(live)).order_by("-created_in")
    for article, created_in, owner, note in history.values_list("article", "created_in", "owner", "note"):
        if (owner, note) != (live[article].owner_id, live[article].note):
            ended.add(article)
        elif article not in ended:
            first[article] = created_in
    said = Q(pk__in=[])
    for article, number in first.items():
        said |= Q(collection=live[article].collection_id, number=number)
    changes = Revision.objects.filter(said, author__isnull=False).select_related("author")
    by = {(change.collection_id, change.number): change.author for change in changes}
    authors = {article: by.get((live[article].collection_id, number)) for article, number in first.items()}
    return {article: (author.pk, str(author)) for article, author in authors.items() if author}


def due_words(due: datetime | None, *, late: bool) -> str:
    """ "due today 18:30 UTC", "overdue since 4 May 09:00 UTC" """
    if due is None:
        return ""
    return f"{'overdue since' if late else 'due'} {moment_in_words(due)}"


def in_my_hands(seats: list[Seat], most: int) -> QuerySet[ArticleWork]:
    """Articles that are the person's and not cleared, by deadline."""
    homes = [seat.collection.pk for seat in seats if seat.is_reviewer]
    owners = {seat.user.pk for seat in seats}
    rows = ArticleWork.objects.current().filter(owner__in=owners, collection__in=homes)
    rows = rows.exclude(stage=ArticleWork.Stage.CLEARED).select_related("owner")
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:most]
