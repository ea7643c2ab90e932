"""My desk: what waits for me, in all my collections."""

from collections import Counter
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations import access
from annotations.models import ArticleDetails, ClaimState, CollectionSettings
from annotations.views.entries import claim_url

SHOWN = 12


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    places = list(access.collections(user))
    waiting, undecided = access.waiting(user), access.undecided(user)
    per_place = Counter(dict(waiting.order_by().values_list("collection").annotate(Count("pk"))))
    articles = _article_counts(places)
    for place in places:
        place.waiting, place.articles = per_place[place.collection_id], articles[place.collection_id]  # type: ignore[attr-defined]
    context = {
        "places": places,
        "waiting": _lines(waiting, places),
        "waiting_count": sum(per_place.values()),
        "undecided": _lines(undecided, places),
        "undecided_count": undecided.count(),
    }
    return render(request, "annotations/desk.html", context)


def _article_counts(places: list[CollectionSettings]) -> Counter[int]:
    rows = ArticleDetails.objects.current().filter(collection__in=[place.collection_id for place in places])
    return Counter(dict(rows.order_by().values_list("collection").annotate(Count("pk"))))


def _lines(claims: QuerySet[ClaimState], places: list[CollectionSettings]) -> list[dict[str, Any]]:
    """Oldest first: what has waited longest. The articles' titles come with one query more."""
    names = {place.collection_id: place for place in places}
    rows = claims.order_by("span").values(
        "span", "collection", quote=F("span__quote"), article=F("span__article")
    )[:SHOWN]
    titles = _titles(row["article"] for row in rows)
    return [
        row
        | {
            "title": titles.get(row["article"], ""),
            "place": names[row["collection"]].name,
            "url": claim_url(names[row["collection"]].collection.slug, row["article"], row["span"]),
        }
        for row in rows
    ]


def _titles(article_ids: Any) -> dict[int, str]:
    rows = ArticleDetails.objects.current().filter(article__in=list(article_ids))
    return dict(rows.values_list("article", "title"))
