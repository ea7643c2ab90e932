"""Editors correct in public: POSTs from a claim's card, and the list of a collection's corrections."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from annotations import access, access_corrections
from annotations.models import Membership
from annotations.services import corrections as service
from annotations.services.corrections import Told
from annotations.services.errors import Invalid
from annotations.views.answers import fragment, key_of
from annotations.views.claims import answer, base_of, my_claim, number
from annotations.views.correction_section import DRAWN, Drawn, told
from annotations.views.entries import claim_url, titles_of
from annotations.views.pages import Page, collection_page, page_of
from annotations.views.reading import Reading

LONGEST = 10_000
SIZE = 50


@require_POST
@fragment(Membership.Role.EDITOR)
def correct(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    access_corrections.correcting(at.seat, span_id)
    written = service.save_correction(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        told=Told(*(_words(request, name) for name in ("reads", "should_read", "public_text"))),
        base=base_of(request),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: the correction is saved.")


@require_POST
@fragment(Membership.Role.EDITOR)
def publish(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    access_corrections.correcting(at.seat, span_id)
    written = service.publish_correction(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        base=number(request, "base"),
        key=key_of(request),
    )
    where = (
        "" if at.seat.settings.public else " Readers see it once the collection is public: see its settings."
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: the correction is published." + where)


@require_POST
@fragment(Membership.Role.EDITOR)
def withdraw(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    access_corrections.correcting(at.seat, span_id)
    written = service.withdraw_correction(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        base=number(request, "base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: the correction is taken back.")


def _words(request: HttpRequest, name: str) -> str:
    text = request.POST.get(name, "").strip()
    if len(text) > LONGEST or "\0" in text:
        raise Invalid(f"At most {LONGEST:,} characters. Shorten it.", name)
    return text


@require_safe
def correction_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafts, then what is published, the newest first: for editors."""
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    show = "published" if request.GET.get("show") == "published" else "drafts"
    rows = access_corrections.corrections(seat).filter(published_at__isnull=show == "drafts")
    rows = rows.order_by("-published_at", "-pk") if show == "published" else rows.order_by("-pk")
    columns = ("span", "span__article", *DRAWN)
    page = page_of(rows.values_list(*columns), request.GET.get("page", ""), size=SIZE, total=None)
    context = {"page": page, "show": show, "corrections": _lines(seat, page)}
    return collection_page(request, seat, "annotations/correction_list.html", context, here="corrections")


def _lines(seat: access.Seat, page: Page) -> list[dict[str, Any]]:
    titles = titles_of(seat, {article for _, article, *_ in page.rows})
    lines = []
    for span, article, *row in page.rows:
        drawn = Drawn(*row)
        lines.append(
            {
                "id": span,
                "title": str(titles.get(article, "")),
                "url": claim_url(seat.collection.slug, article, span),
                "state": drawn.state,
                "told": mark_safe(told(drawn)),  # noqa: S308
            }
        )
    return lines
