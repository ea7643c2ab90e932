"""My desk: what waits for me, in all my collections."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations import access
from annotations.access import Seat
from annotations.models import ArticleDetails, ClaimState, Revision
from annotations.views.entries import claim_url
from annotations.views.work import in_my_hands, line_of

SHOWN = 12
COLUMNS = ("at", "span", "quote", "article")
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

    @property
    def to_decide(self) -> str:
        return counted(len(self.undecided)) if self.undecided else ""


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    seats = access.seats(request.user)  # type: ignore[arg-type]
    articles = _article_counts(seats)
    rows = _rows([*map(access.waiting, seats), *map(access.undecided, seats)])
    places = [
        Place(seat, articles[seat.collection.pk], rows[at], rows[at + len(seats)])
        for at, seat in enumerate(seats)
    ]
    waiting = [(place.seat, row) for place in places for row in place.waiting]
    undecided = [(place.seat, row) for place in places for row in place.undecided]
    context = {
        "places": places,
        "only_reads": all(seat.is_viewer for seat in seats),
        "waiting": _lines(waiting[:SHOWN]),
        "waiting_count": counted(len(waiting)) if waiting else "",
        "waiting_more": len(waiting) > SHOWN,
        "undecided": _lines(undecided[:SHOWN]),
        "in_hand": _in_hand(seats),
        "undecided_count": counted(len(undecided)) if undecided else "",
        "undecided_more": len(undecided) > SHOWN,
    }
    return render(request, "annotations/desk.html", context)


def _in_hand(seats: list[Seat]) -> list[dict[str, Any]]:
    """Articles that are mine and not cleared, the most urgent first."""
    rows = list(in_my_hands(seats))
    details = ArticleDetails.objects.current().filter(
        article__in=[row.article_id for row in rows], role=ArticleDetails.Role.CHECKED
    )
    titles = dict(details.values_list("article", "title")) if rows else {}
    home = {seat.collection.pk: seat for seat in seats}
    return [
        {
            "title": titles.get(row.article_id) or "Untitled article",
            "place": home[row.collection_id].settings.name,
            "url": f"/c/{home[row.collection_id].collection.slug}/articles/{row.article_id}/",
            "work": line_of(home[row.collection_id], row, notes=True),
        }
        for row in rows
        if row.article_id in titles
    ]


def counted(number: int) -> str:
    return str(number) if number <= COUNTED else f"more than {COUNTED}"


def _article_counts(seats: list[Seat]) -> dict[int, int]:
    heads = [(seat.collection.pk, seat.collection.head) for seat in seats]
    last = Revision.objects.filter(collection__in=[pk for pk, _ in heads], number__in=[n for _, n in heads])
    counts = {
        (home, number): articles
        for home, number, articles in last.values_list("collection", "number", "articles")
    }
    cited = access.reference_counts(pk for pk, _ in heads)
    return {pk: counts.get((pk, head), 0) - cited.get(pk, 0) for pk, head in heads}


def _rows(wanted: list[QuerySet[ClaimState]]) -> list[list[dict[str, Any]]]:
    """Of each the first, in one statement for a hundred; no more than are counted, so that the cost does not grow."""
    found: list[list[dict[str, Any]]] = [[] for _ in wanted]
    parts = [_part(at, claims) for at, claims in enumerate(wanted) if not claims.query.is_empty()]
    for batch in (parts[start : start + 100] for start in range(0, len(parts), 100)):
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(sql for sql, _ in batch), [value for _, own in batch for value in own]
            )
            for row in sorted(cursor.fetchall()):
                found[row[0]].append(dict(zip(COLUMNS, row, strict=True)))
    return found


def _part(at: int, claims: QuerySet[ClaimState]) -> tuple[str, tuple[Any, ...]]:
    rows = claims.annotate(at=Value(at), quote=F("span__quote"), article=F("span__article"))
    sql, params = rows.values_list(*COLUMNS)[: COUNTED + 1].query.sql_with_params()
    return f"SELECT * FROM ({sql}) AS part{at}", params


def _lines(claims: list[tuple[Seat, dict[str, Any]]]) -> list[dict[str, Any]]:
    details = ArticleDetails.objects.current().filter(article__in={row["article"] for _, row in claims})
    titles = dict(details.values_list("article", "title"))
    return [
        row
        | {
            "title": titles.get(row["article"], ""),
            "place": seat.settings.name,
            "url": claim_url(seat.collection.slug, row["article"], row["span"]),
        }
        for seat, row in claims
    ]
