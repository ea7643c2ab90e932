"""What every page of a collection has in common: the bar, and who may go where in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
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
    if seat.is_editor:
        yield {"name": "agreement", "label": "Agreement", "url": f"{base}agreement/"}
    yield {"name": "dataset", "label": "Dataset", "url": f"{base}dataset/"}
    if seat.is_editor:
        yield {"name": "settings", "label": "Settings", "url": f"{base}settings/"}


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list. `total` is None where counting would read the whole list."""

    number: int
    size: int
    rows: list[Any]
    total: int | None
    has_next: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_of(rows: QuerySet[Any] | Sequence[Any], wanted: str, *, size: int, total: int | None) -> Page:
    """The page asked for; the first when that is no number; an empty one beyond the end."""
    number = (
        int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 7 and int(wanted) else 1
    )
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(number, size, found[:size], total, len(found) > size)
