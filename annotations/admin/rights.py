"""Who has which rights: in a collection, of a person, of the whole desk; on a page and as csv."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404

from annotations import access_rights
from annotations.admin.base import StaffAdmin, page
from annotations.exports import rights as sheet
from annotations.models import ApiToken, Collection, User

AT_ONCE = 100
STATES = {"now": "Members now", "ended": "Ended", "all": "All"}


def collection_rights(admin: StaffAdmin, request: HttpRequest, collection_id: int) -> HttpResponse:
    collection = get_object_or_404(Collection, pk=collection_id)
    asked, state = request.GET.get("q", "").strip()[:150], _state(request)
    rows = access_rights.seats(slug=collection.slug, asked=asked, state=state)
    shown = Paginator(rows, AT_ONCE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "collection": collection,
        "lines": access_rights.lines(list(shown)),
        "page": shown,
        "asked": asked,
        "state": state,
        "states": STATES,
        "administrators": access_rights.administrators()[:AT_ONCE],
    }
    return page(admin, request, "collection_rights", f"Who may do what in {collection}", **context)


def collection_rights_csv(
    admin: StaffAdmin, request: HttpRequest, collection_id: int
) -> StreamingHttpResponse:
    slug = get_object_or_404(Collection, pk=collection_id).slug
    asked = request.GET.get("q", "").strip()[:150]
    return _csv(f"rights-{slug}", slug=slug, asked=asked, state=_state(request))


def user_rights(admin: StaffAdmin, request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    tokens = ApiToken.objects.filter(user=person).prefetch_related("collections").order_by("-created")
    context: dict[str, Any] = {
        "person": person,
        "lines": access_rights.lines(list(access_rights.seats(of=person, state="all")[:1_000])),
        "tokens": tokens[:AT_ONCE],
        "live": set(access_rights.live_tokens().filter(user=person).values_list("pk", flat=True)),
    }
    return page(admin, request, "user_rights", f"What {person} may do", **context)


def user_rights_csv(admin: StaffAdmin, request: HttpRequest, user_id: int) -> StreamingHttpResponse:
    person = get_object_or_404(User, pk=user_id)
    return _csv(f"rights-{person.pk}", of=person, state="all")


def every_right_csv(admin: StaffAdmin, request: HttpRequest) -> StreamingHttpResponse:
    return _csv("rights", state="all")


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "now")
    return asked if asked in STATES else "now"


def _csv(name: str, **of: Any) -> StreamingHttpResponse:
    rows: Iterator[bytes] = sheet.rights(access_rights.every_line(access_rights.seats(**of)))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
