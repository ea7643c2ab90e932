"""What happened in a collection, to an article or a claim, and undoing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from annotations import access, access_history, access_undo
from annotations.access import Seat
from annotations.forms.history import HistoryFilterForm
from annotations.services import undo as service
from annotations.services.errors import Invalid, OthersWork
from annotations.services.undo import MOST
from annotations.services.visits import has_read, last_visit
from annotations.views.changed import what_changed
from annotations.views.entries import DEEDS, Entry, claim_url, entries
from annotations.views.news import news
from annotations.views.pages import collection_page
from annotations.views.standing import with_links

PAGE = 50
FILTERS = ("person", "action", "article", "claim", "from", "to", "after")


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    visit = last_visit(seat.collection, seat.user)
    form = filter_form(seat, request.GET)
    revisions = access_history.history(seat, form.wanted(visit[0] if visit else None))
    if before := form.cleaned_data.get("before"):
        revisions = revisions.filter(number__lt=before)
    rows = list(revisions.select_related("author")[: PAGE + 1])
    narrowed = any(form.cleaned_data.get(name) for name in FILTERS)
    shown = entries(seat, rows[:PAGE])
    context = {"form": form, "filtered": narrowed, "entries": shown, "picks": _picks(form, shown, visit)}
    context |= _pages(request, rows) | _about(seat, form.cleaned_data)
    if not narrowed:
        context |= {"news": news(seat, visit), "seen": _seen(rows, visit)}
        if not before and request.method == "GET":
            has_read(seat.collection, seat.user)
    return collection_page(request, seat, "annotations/history.html", context, here="history")


def _picks(form: HistoryFilterForm, shown: list[Entry], visit: Any) -> dict[str, Any] | None:
    """What is sent along with the changes that are picked: the filter. None where there is nothing to be undone."""
    if not any(entry.undoable for entry in shown):
        return None
    chosen = {name: value for name in FILTERS if (value := form.cleaned_data.get(name))}
    if form.cleaned_data.get("since") and visit:
        chosen["after"] = visit[0]
    return chosen


def filter_form(seat: Seat, data: Any) -> HistoryFilterForm:
    people = [(user.pk, str(user)) for user in access_history.people(seat)]
    actions = [(action, deed[0].upper() + deed[1:]) for action, deed in DEEDS.items()]
    return HistoryFilterForm(data, people=people, actions=actions)


def _pages(request: HttpRequest, rows: list[Any]) -> dict[str, Any]:
    query = request.GET.copy()
    before = query.pop("before", None)
    newest = query.urlencode()
    if len(rows) > PAGE:
        query["before"] = str(rows[PAGE - 1].number)
    return {"newest": newest if before else None, "older": query.urlencode() if len(rows) > PAGE else None}


def _about(seat: Seat, chosen: dict[str, Any]) -> dict[str, Any]:
    """Whose history it is, where it is a claim's or an article's."""
    slug = seat.collection.slug
    if span_id := chosen.get("claim"):
        span = access_history.claim_of(seat, span_id)
        url = claim_url(slug, span.article_id, span.pk)
        return {"about": f"Claim {span.pk}", "about_words": span.quote, "about_url": url}
    if article_id := chosen.get("article"):
        details = access_history.article_of(seat, article_id)
        return {
            "about": "Article",
            "about_words": str(details),
            "about_url": f"/c/{slug}/articles/{article_id}/",
        }
    return {}


def _seen(rows: list[Any], visit: Any) -> int | None:
    """The first line that was there at the last visit, where newer ones stand above it."""
    old = next((row.number for row in rows[:PAGE] if visit and row.number <= visit[0]), None)
    return old if old and old != rows[0].number else None


@require_safe
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _revision_page(request, slug, number)


@require_POST
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    access_undo.undoable(seat, number)
    try:
        undone = service.undo(seat.collection, author=seat.user, number=number)
    except OthersWork as refusal:
        return _revision_page(request, slug, number, refusal=refusal, status=409)
    except Invalid as refusal:
        return _revision_page(request, slug, number, refusal=refusal, status=422)
    messages.success(request, f"Change {number} is undone. That is change {undone}, and can be undone too.")
    return redirect(f"/c/{slug}/history/#notices")  # so that the focus goes to what happened


def _revision_page(
    request: HttpRequest, slug: str, number: int, refusal: Exception | None = None, status: int = 200
) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    found = access.revisions(seat).select_related("author").filter(number=number).first()
    if found is None:
        raise Http404("No such change in this collection.")
    depends = refusal.depends if isinstance(refusal, OthersWork) and access.may_tell(seat) else []
    context: dict[str, Any] = {
        "entry": entries(seat, [found], most=MOST)[0],
        "changed": what_changed(seat, found),
    }
    context |= {
        "refusal": refusal,
        "depends": with_links(seat, [depends])[0],
        **access_history.neighbours(seat, number),
    }
    return collection_page(request, seat, "annotations/revision.html", context, here="history", status=status)
