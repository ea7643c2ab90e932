"""All claims of a collection, filtered."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from annotations import access
from annotations.access import Seat
from annotations.forms.collections import ClaimFilterForm
from annotations.models import ArticleDetails, ClaimState, Status, Verdict
from annotations.tally import STATUS_WORDS
from annotations.views.entries import claim_url, titles_of
from annotations.views.pages import collection_page
from annotations.views.reading import UNSOURCED, WAITING

PAGE = 50
SETTLED = (Status.AGREED, Status.RULED)


@require_safe
def claim_list(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    form = ClaimFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    claims = _filtered(seat, access.claims(seat), chosen).select_related("span").order_by("-span")
    rows = list(claims[: PAGE + 1])
    query = request.GET.copy()
    if len(rows) > PAGE:
        query["before"] = str(rows[PAGE - 1].span_id)
    context = {
        "form": form,
        "claims": with_articles(seat, rows[:PAGE]),
        "older": query.urlencode() if len(rows) > PAGE else None,
        "filtered": any(value for name, value in chosen.items() if name != "before"),
        "paged": bool(chosen.get("before")),
    }
    return collection_page(request, seat, "annotations/claim_list.html", context, here="claims")


@require_safe
def claim_detail(request: HttpRequest, slug: str, span_id: int) -> HttpResponse:
    """A claim's lasting address, as exports give it: where it stands in its article."""
    seat = access.seat(request.user, slug)
    span, _ = access.claim(seat, access.moved_to(seat, span_id) or span_id)
    return redirect(claim_url(slug, span.article_id, span_id))


def _filtered(seat: Seat, claims: Any, chosen: dict[str, Any]) -> QuerySet[ClaimState]:
    if chosen.get("status"):
        claims = claims.filter(shown_status=chosen["status"])
        if chosen["status"] not in SETTLED:  # which the index wants to know
            claims = claims.filter(shown_verdict=None)
    if chosen.get("verdict"):
        claims = claims.filter(shown_verdict=chosen["verdict"])
    if chosen.get("article"):
        claims = claims.filter(span__article=chosen["article"])
    if chosen.get("publisher"):
        told = ArticleDetails.objects.current().filter(
            collection=seat.collection, publisher__icontains=chosen["publisher"]
        )
        claims = claims.filter(Exists(told.filter(article=OuterRef("span__article"))))
    if chosen.get("before"):
        claims = claims.filter(span__lt=chosen["before"])
    return claims


def with_articles(seat: Seat, claims: list[ClaimState]) -> list[dict[str, Any]]:
    """Claims as rows of a list, with the titles of their articles by one query."""
    titles = titles_of(seat, {claim.span.article_id for claim in claims})
    return [_row(seat, claim, titles.get(claim.span.article_id)) for claim in claims]


def _state(seat: Seat, claim: Any) -> str:
    if claim.shown_status != Status.OPEN:
        return STATUS_WORDS[claim.shown_status]
    opinions = sum(claim.counts.get(verdict, 0) for verdict in Verdict.values)
    return UNSOURCED if opinions >= seat.settings.reviews_needed else WAITING


def _row(seat: Seat, claim: Any, details: ArticleDetails | None) -> dict[str, Any]:
    shown = claim.shown_status == claim.status and claim.shown_verdict == claim.verdict
    return {
        "id": claim.span_id,
        "quote": claim.span.quote,
        "status": claim.shown_status,
        "status_label": _state(seat, claim),
        "verdict": claim.shown_verdict,
        "verdict_label": Verdict(claim.shown_verdict).label if claim.shown_verdict else "",
        "counts": [(v.value, v.label, claim.counts[v]) for v in Verdict if v in claim.counts]
        if shown
        else [],
        "details": details,
        "url": claim_url(seat.collection.slug, claim.span.article_id, claim.span_id),
    }
