"""A claim's own page; for the editor who may decide what is on the table, the screen to decide it on (ADR 23)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from annotations import access, access_places
from annotations.views.claim_parts import page_of, said_of
from annotations.views.decision_page import decides, decision_of
from annotations.views.pages import collection_page
from annotations.views.reader import MOVED
from annotations.views.reading import Reading, kept_article, one_claim
from annotations.views.since import revision


@require_safe
def claim_page(request: HttpRequest, slug: str, span_id: int) -> HttpResponse:
    seat = access.seat(request.user, slug)
    if there := access_places.moved_to(seat, span_id):
        messages.info(request, MOVED.format(span_id, there))
        return HttpResponseRedirect(f"/c/{slug}/claims/{there}/")
    span, _ = access.claim(seat, span_id)
    version = access.article_version(seat, span.article_id)
    at = Reading(seat, kept_article(version, seat.collection.epoch))
    claim = one_claim(at, span_id)
    assert claim is not None
    said = said_of(at, claim)
    context = page_of(request, at, said) | {"article_url": at.url, "revision": revision(seat)}
    page = "annotations/claim_page.html"
    if decides(at, claim):
        page, context = "annotations/decision.html", context | decision_of(request, at, said)
    return collection_page(request, seat, page, context, here="claims")
