"""The dataset page: what is in it, what a filter leaves of it, and how to fetch that."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotations import access, access_articles, access_dataset
from annotations.access import Seat
from annotations.access_dataset import Choices
from annotations.access_head import known_head
from annotations.exports.counts import count
from annotations.exports.dataset import Dataset
from annotations.exports.filters import Filters
from annotations.exports.formats import FORMATS
from annotations.exports.rows import Row, first_rows
from annotations.forms.dataset import MAY_BE_EMPTY, DatasetForm
from annotations.models import Revision, Status, Verdict, article_name
from annotations.tally import STATUS_WORDS
from annotations.views.pages import collection_page
from annotations.views.snippets import snippets

SHOWN = 10
FOR_WHAT = {
    "csv": ("CSV", "a row a claim, for a spreadsheet"),
    "jsonl": ("JSON Lines", "a claim a line, for notebooks and pipelines"),
    "json": ("JSON", "one list"),
    "parquet": ("Parquet", "typed columns, for polars, DuckDB and the like"),
    "w3c": ("Web Annotation", "the W3C's JSON-LD, with positions and quotations"),
    "claimreview": ("ClaimReview", "schema.org, for search engines"),
    "averitec": ("AVeriTeC", "the research dataset's fields: claim, label, questions"),
    "doccano": ("doccano", "texts with labels, a line each"),
    "labelstudio": ("Label Studio", "tasks with results"),
    "brat": ("brat", "a zip of texts and standoff"),
}


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    head = known_head(seat)
    articles = access_dataset.articles_called(seat, request.GET.getlist("article"))
    offered = _offered(seat, request.GET.getlist("article"), articles)
    form = DatasetForm(request.GET, head=head, offered=offered)
    context: dict[str, Any] = {"form": form, "head": head}
    context |= {"newest": access_dataset.newest_articles(seat), "chosen": articles}
    if form.is_valid():
        context |= _found(replace(seat, spoken_by=head), form.filters, form.cleaned_data["at"])
    answer = collection_page(request, seat, "annotations/dataset.html", context, here="dataset")
    if request.headers.get("HX-Request"):
        said = [
            (name, each)
            for name, values in request.GET.lists()
            for each in values
            if each or name in MAY_BE_EMPTY
        ]
        answer["HX-Push-Url"] = f"{request.path}?{urlencode(said)}".removesuffix("?")
    return answer


def _offered(seat: Seat, articles: list[str], called: Choices) -> dict[str, Choices]:
    return {
        "publisher": {name: name for name in access_articles.publishers(seat)},
        "article": {each: f"{called.get(each, 'No article here')} ({each})" for each in articles if each},
        "reviewer": access_dataset.reviewers(seat),
        "language": access_dataset.languages(seat),
    }


def _found(seat: Seat, filters: Filters, at: int) -> dict[str, Any]:
    """What the export of this has, and its addresses."""
    given = urlencode(filters.given(), doseq=True)
    query = f"at={at}&{given}".removesuffix("&")
    export = f"/api/v1/collections/{seat.collection.slug}/export/"
    revision = Revision.objects.filter(collection=seat.collection, number=at).get()
    then = Dataset(seat, at)
    return {
        "at": at,
        "written_at": then.told_at(),
        "then": then.settings(),
        "articles": revision.articles,
        "narrowed": bool(given),
        "count": count(seat, at, filters),
        "total": then.count(),
        "rows": [_shown(row) for row in first_rows(seat, at, filters, SHOWN)],
        "downloads": [
            (*FOR_WHAT[name], FORMATS[name].omits, f"{export}?format={name}&{query}")
            for name in FOR_WHAT
            if name in FORMATS
        ],
        "query": query,
        "linked": [(name, FOR_WHAT[name][0]) for name in ("parquet", *FOR_WHAT) if name in FORMATS],
        "snippets": snippets(seat.collection.slug, f"{settings.PUBLIC_URL}{export}", query),
    }


def _shown(row: Row) -> dict[str, Any]:
    article = row["article"]
    return row | {
        "told_in": article_name(article["id"], article["title"]),
        "status_label": STATUS_WORDS[Status(row["status"])],
        "verdict_label": Verdict(row["verdict"]).label if row["verdict"] else "",
        "page": f"/c/{row['url'].split('/c/', 1)[1]}",
    }
