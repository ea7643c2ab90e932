"""Another text next to the article (ADR 15): which there are, the text itself, and where it tells the same."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from annotations import access
from annotations.domain import relatives
from annotations.domain.align import align
from annotations.domain.segments import Names, article_html
from annotations.models import Article, ArticleDetails
from annotations.views.pages import collection_page
from annotations.views.reading import Kept, Reading, claims, kept_article, marks, reading

PREFIX = "o-"
LOOKED_THROUGH = 300
"""The newest so many are compared with the article; all are found by their words."""
SHOWN = 40
LONGEST = 200
OPENING = 300
WITHDRAWN = "The text beside was withdrawn."
NO_SUCH_TEXT = "There is no such text to put beside this one."
Group = tuple[str, list[ArticleDetails]]


@require_safe
def others(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The texts that can stand beside it, those first that belong there; ?q=…, those with these words."""
    at = reading(request.user, slug, article_id)
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    context = {"article": at.kept.details, "url": at.url, "words": words, "groups": groups(at, words)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "annotations/_beside_choices.html", context)
    return collection_page(request, at.seat, "annotations/beside_choices.html", context, here="articles")


@require_safe
def beside(request: HttpRequest, slug: str, article_id: int, other_id: int) -> HttpResponse:
    """The text as it stands beside the article."""
    at = reading(request.user, slug, article_id)
    context = pane(at, other_id)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"{at.url}?beside={other_id}")
    context |= {"seat": at.seat, "url": at.url, "article": at.kept.details}
    return render(request, "annotations/_beside.html", context)


@require_safe
def aligned(request: HttpRequest, slug: str, article_id: int, other_id: int) -> HttpResponse:
    """Where the other text tells what ?start=…&end=… of the article tells; with ?from=other the other way round."""
    at = reading(request.user, slug, article_id)
    other = _other(at, other_id).kept
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"{at.url}?beside={other_id}")
    here, there = (other, at.kept) if request.GET.get("from") == "other" else (at.kept, other)
    start, end = (_number(request.GET.get(name, "")) for name in ("start", "end"))
    if not 0 <= start < end <= len(here.text):
        raise Http404("There are no such words.")
    found = align(here.text, start, end, there.text, _told(there))
    if found is None:
        return JsonResponse({"found": None})
    return JsonResponse({"found": {"start": found[0], "end": found[1], "alike": round(found[2])}})


def wanted(request: HttpRequest, at: Reading) -> dict[str, Any]:
    """What the reader's page shows of ?beside=…: nothing without it. Raises Http404."""
    if "beside" not in request.GET:
        return {"other": None}
    return pane(at, _number(request.GET["beside"]))


def alone(request: HttpRequest, at: Reading, missing: Http404) -> HttpResponse:
    """The article without the text that its address asks for: old links and bookmarks still open it."""
    withdrawn = isinstance(missing, access.Withdrawn)
    messages.warning(request, WITHDRAWN if withdrawn else NO_SUCH_TEXT)
    rest = request.GET.copy()
    del rest["beside"]
    return HttpResponseRedirect(f"{at.url}?{rest.urlencode()}" if rest else at.url)


def pane(at: Reading, other_id: int) -> dict[str, Any]:
    """Its marks are those that this person may see there; one works on the article."""
    other = _other(at, other_id)
    seen = sorted(claims(other), key=lambda claim: (claim.start, claim.end, claim.id))
    names = Names(PREFIX, f"{other.url}?claim={{0}}#r{{0}}")
    text = article_html(other.kept.text, other.kept.blocks, marks(at.seat, seen), names)
    return {
        "other": other.kept.details,
        "other_url": other.url,
        "other_text": mark_safe(text),  # noqa: S308
        "other_long": other.kept.is_long,
    }


def _other(at: Reading, other_id: int) -> Reading:
    if other_id == at.article_id:
        raise Http404("This is the article itself: choose another text to put beside it.")
    version = access.article_version(at.seat, other_id)
    return Reading(at.seat, kept_article(version, at.seat.collection.epoch))


def _told(kept: Kept) -> list[tuple[int, int]]:
    return [(block["start"], block["end"]) for block in kept.blocks if block["role"] != "furniture"]


def groups(at: Reading, words: str) -> list[Group]:
    """(heading, texts): earlier and later versions, reference texts, other articles; empty ones left out."""
    earlier, later = relatives.versions(at.article_id, _replaced(at))
    kin = [*earlier, *later]
    rows = access.articles(at.seat).exclude(article=at.article_id)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(publisher__icontains=words))
    found = {row.article_id: row for row in rows.filter(article__in=kin)}
    rest: list[Any] = list(
        rows.exclude(article__in=kin)
        .annotate(opening=Substr("article__text", 1, OPENING))
        .order_by("-article")[:LOOKED_THROUGH]
    )
    order = relatives.nearest(
        f"{at.kept.details.title} {at.kept.text[:OPENING]}",
        [relatives.Other(row.article_id, f"{row.title} {row.opening}") for row in rest],
        _linked(at),
    )
    by_id = {row.article_id: row for row in rest}
    ranked = [by_id[article_id] for article_id in order]
    shown = [
        ("Earlier versions", [found[each] for each in earlier if each in found]),
        ("Later versions", [found[each] for each in later if each in found]),
        ("Reference texts", [row for row in ranked if row.is_reference][:SHOWN]),
        ("Other articles", [row for row in ranked if not row.is_reference][:SHOWN]),
    ]
    return [(heading, texts) for heading, texts in shown if texts]


def _replaced(at: Reading) -> list[tuple[int, int]]:
    chain = Article.objects.filter(collection=at.seat.collection)
    rows = chain.exclude(supersedes=None).values_list("pk", "supersedes")
    return [(newer, older) for newer, older in rows if older]


def _linked(at: Reading) -> frozenset[int]:
    """Articles that this one derives from, and those that its claims cite where the person sees them cited."""
    derived = {origin.get("article") for origin in at.kept.details.derived_from}
    cited = access.evidence(at.seat).filter(span__article=at.article_id, source__article__isnull=False)
    return frozenset({*derived, *cited.values_list("source__article", flat=True)} - {None})


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
