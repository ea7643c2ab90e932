"""What every page of a collection has in common: the bar, and who may go where in it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.access import Seat


def collection_page(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    return render(request, template, bar(seat, here) | context, status=status)


def bar(seat: Seat, here: str) -> dict[str, Any]:
    """The context that base.html draws a collection's bar from. `here` names the tab that is open."""
    return {
        "seat": seat,
        "collection": seat.collection,
        "collection_name": seat.settings.name,
        "collection_tabs": list(_tabs(seat)),
        "here": here,
    }


def _tabs(seat: Seat) -> Any:
    base = f"/c/{seat.collection.slug}/"
    yield {"name": "overview", "label": "Overview", "url": base}
    yield {"name": "articles", "label": "Articles", "url": f"{base}articles/"}
    yield {"name": "claims", "label": "Claims", "url": f"{base}claims/"}
    if not seat.is_viewer:
        yield {"name": "history", "label": "History", "url": f"{base}history/"}
    yield {"name": "dataset", "label": "Dataset", "url": f"{base}dataset/"}
    if seat.is_editor:
        yield {"name": "settings", "label": "Settings", "url": f"{base}settings/"}
