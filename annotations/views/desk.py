"""My desk: what waits for me, in all my collections."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations import access
from annotations.access import Seat
from annotations.models import ArticleDetails, ClaimState, Revision
from annotations.views.entries import claim_url

SHOWN = 12
COUNTED = 100
"""Beyond this many the page says "more than": nobody plans a day by the exact number."""


@dataclass
class Place:
    """A collection of mine, and what waits for me in it."""

    seat: Seat
    articles: int
    waiting: list[dict[str, Any]]
    undecided: list[dict[str, Any]]

    @property
    def to_check(self) -> str:
        return counted(len(self.waiting))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    seats = access.seats(request.user)  # type: ignore[arg-type]
    articles = _article_counts(seats)
    places = [
        Place(
            seat,
            articles.get(seat.collection.pk, 0),
            _rows(access.waiting, seat),
            _rows(access.undecided, seat),
        )
        for seat in seats
    ]
    waiting = [row for place in places for row in place.waiting]
    undecided = [row for place in places for row in place.undecided]
    _name_articles(waiting[:SHOWN] + undecided[:SHOWN])
    context = {
        "places": places,
        "waiting": waiting[:SHOWN],
        "waiting_count": counted(len(waiting)) if waiting else "",
        "waiting_more": len(waiting) > SHOWN,
        "undecided": undecided[:SHOWN],
        "undecided_count": counted(len(undecided)) if undecided else "",
        "undecided_more": len(undecided) > SHOWN,
    }
    return render(request, "annotations/desk.html", context)


def counted(number: int) -> str:
    return str(number) if number <= COUNTED else f"more than {COUNTED}"


def _article_counts(seats: list[Seat]) -> dict[int, int]:
    heads = [(seat.collection.pk, seat.collection.head) for seat in seats]
    last = Revision.objects.filter(collection__in=[pk for pk, _ in heads], number__in=[n for _, n in heads])
    counts = {
        (home, number): articles
        for home, number, articles in last.values_list("collection", "number", "articles")
    }
    return {pk: counts.get((pk, head), 0) for pk, head in heads}


def _rows(wanted: Callable[[Seat], QuerySet[ClaimState]], seat: Seat) -> list[dict[str, Any]]:
    """No more than are counted, so that the cost does not grow with the collection."""
    rows = wanted(seat).values("span", quote=F("span__quote"), article=F("span__article"))[: COUNTED + 1]
    slug, name = seat.collection.slug, seat.settings.name
    return [row | {"place": name, "url": claim_url(slug, row["article"], row["span"])} for row in rows]


def _name_articles(rows: list[dict[str, Any]]) -> None:
    details = ArticleDetails.objects.current().filter(article__in={row["article"] for row in rows})
    titles = dict(details.values_list("article", "title"))
    for row in rows:
        row["title"] = titles.get(row["article"], "")
