"""What happened in a collection, and undoing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from annotations import access
from annotations.services import undo as service
from annotations.services.errors import Invalid, OthersWork
from annotations.views.entries import entries
from annotations.views.pages import collection_page

PAGE = 50


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    revisions = access.revisions(seat).select_related("author").order_by("-number")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 20:
        revisions = revisions.filter(number__lt=min(int(before), access.LIVE))
    rows = list(revisions[: PAGE + 1])
    context = {
        "entries": entries(seat, rows[:PAGE]),
        "older": rows[PAGE - 1].number if len(rows) > PAGE else None,
    }
    return collection_page(
        request, seat, "annotations/history.html", context | {"before": before}, here="history"
    )


@require_safe
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _revision_page(request, slug, number)


@require_POST
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    access.undoable(seat, number)
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
    context = {"entry": entries(seat, [found])[0], "refusal": refusal, "depends": depends}
    return collection_page(request, seat, "annotations/revision.html", context, here="history", status=status)
