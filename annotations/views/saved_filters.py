"""Lists of claims kept under a name: saved, listed, renamed, deleted. Whose it is sees it; its address is for all."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from annotations import access, access_claims
from annotations.access import Seat
from annotations.services import saved_filters as service
from annotations.services.errors import Invalid
from annotations.views.claim_list import filter_form, plain
from annotations.views.pages import collection_page


@require_http_methods(["GET", "HEAD", "POST"])
def saved_filters(request: HttpRequest, slug: str) -> HttpResponse:
    """POST saves the filter `query` under a `name`."""
    seat = access.seat(request.user, slug)
    if request.method != "POST":
        return _page(request, seat)
    query, name = _asked(seat, request.POST.get("query", "")), request.POST.get("name", "")
    try:
        saved = service.save_filter(seat.collection, user=seat.user, name=name, query=query)
    except Invalid as refusal:
        return _page(request, seat, 422, new={"name": name, "query": query, "error": refusal})
    messages.success(request, f"Saved as “{saved.name}”.")
    return redirect(f"/c/{slug}/claims/?{query}#notices")


@require_POST
def saved_filter(request: HttpRequest, slug: str, filter_id: int) -> HttpResponse:
    """Renames it; with `delete`, it goes."""
    seat = access.seat(request.user, slug)
    saved = access_claims.saved_filter(seat, filter_id)
    if "delete" in request.POST:
        service.delete_filter(saved)
        again = format_html(' <a href="/c/{}/claims/?{}">The claims that it showed</a>', slug, saved.query)
        messages.success(request, format_html("<span>“{}” is deleted.{}</span>", saved.name, again))
        return redirect(f"/c/{slug}/claims/filters/#notices")
    name = request.POST.get("name", "")
    try:
        service.rename_filter(saved, name)
    except Invalid as refusal:
        return _page(request, seat, 422, wrong={"pk": filter_id, "name": name, "error": refusal})
    messages.success(request, f"It is called “{saved.name}” now.")
    return redirect(f"/c/{slug}/claims/filters/#notices")


def _asked(seat: Seat, query: str) -> str:
    """What the list understands of it, and nothing else."""
    said, known = QueryDict(query[:4_000]), filter_form(seat, QueryDict()).fields
    return plain(said, "after", *(name for name in said if name not in known))


def _page(
    request: HttpRequest,
    seat: Seat,
    status: int = 200,
    new: dict[str, Any] | None = None,
    wrong: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {"saved": access_claims.saved_filters(seat), "new": new, "wrong": wrong}
    return collection_page(
        request, seat, "annotations/saved_filters.html", context, here="claims", status=status
    )
