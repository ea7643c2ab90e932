"""Asking for a legal read, answering it: POSTs from the reader's card and from the page of a collection's reads."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from annotations import access, access_legal
from annotations.models import LegalRead, Membership
from annotations.services import legal as service
from annotations.services.errors import Invalid
from annotations.views.answers import SeeOther, fragment, key_of
from annotations.views.claims import answer, base_of, my_claim, number
from annotations.views.entries import claim_url, titles_of
from annotations.views.legal_section import LEGAL, Legal, answer_form, told
from annotations.views.lone import tokened
from annotations.views.pages import collection_page, page_of
from annotations.views.reading import Reading

QUESTION, ANSWER = 2_000, 10_000
SIZE = 50
LISTS = {"open": "To answer", "objected": "Objected", "lapsed": "For an earlier text", "cleared": "Cleared"}


@require_POST
@fragment()
def ask(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim, base = my_claim(at, span_id), base_of(request)
    access_legal.asking(at.seat, span_id)
    if base is not None:
        access_legal.taking_back(at.seat, span_id)
    written = service.ask_legal(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        question=_words(request, "question", QUESTION),
        base=base,
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: a legal read is asked for.")


@require_POST
@fragment(Membership.Role.VIEWER)
def reply(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    read = access_legal.answering(at.seat, span_id)
    written = service.answer_legal(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        answer=request.POST.get("answer", ""),
        said=_words(request, "said", ANSWER),
        base=number(request, "base"),
        key=key_of(request),
    )
    words = "{} is cleared." if request.POST["answer"] == LegalRead.Answer.CLEARED else "{}: you object."
    if "listed" in request.POST:
        messages.success(request, words.format(f"Claim {span_id}"))
        return SeeOther(f"/c/{at.seat.collection.slug}/legal/#notices")
    return answer(request, at, written, (read.span.start, read.span.end), words)


@require_POST
@fragment()
def withdraw(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    access_legal.taking_back(at.seat, span_id)
    written = service.withdraw_legal(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        base=number(request, "base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: no legal read is asked for any more.")


def _words(request: HttpRequest, name: str, most: int) -> str:
    text = request.POST.get(name, "").strip()
    if len(text) > most or "\0" in text:
        raise Invalid(f"At most {most:,} characters. Shorten it.", name)
    return text


@require_safe
def legal_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A collection's legal reads, those that wait first: where lawyers answer who do not check claims."""
    seat = access.seat(request.user, slug)
    access_legal.reading_legal(seat)
    chosen = request.GET.get("show", "") if request.GET.get("show") in LISTS else "open"
    rows = _rows(access_legal.legal_reads(seat), chosen).order_by("created_in", "pk")
    columns = ("span", "span__article", "span__quote", "span__prefix", "span__suffix", *LEGAL)
    page = page_of(rows.values_list(*columns), request.GET.get("page", ""), size=SIZE, total=None)
    titles = titles_of(seat, {row[1] for row in page.rows})
    may_answer = access_legal.is_lawyer(seat)
    context = {
        "page": page,
        "show": chosen,
        "lists": LISTS.items(),
        "reads": [_line(request, slug, row, titles, may_answer) for row in page.rows],
        "may_answer": may_answer,
    }
    return collection_page(request, seat, "annotations/legal_list.html", context, here="legal")


def _rows(reads: Any, chosen: str) -> Any:
    match chosen:
        case "open":
            return reads.filter(answer=LegalRead.Answer.ASKED)
        case "objected":
            return reads.filter(answer=LegalRead.Answer.OBJECTED, holds=True)
        case "lapsed":
            return reads.exclude(answer=LegalRead.Answer.ASKED).filter(holds=False)
    return reads.filter(answer=LegalRead.Answer.CLEARED, holds=True)


def _line(
    request: HttpRequest, slug: str, row: tuple[Any, ...], titles: Any, may_answer: bool
) -> dict[str, Any]:
    span, article, quote, prefix, suffix, *said = row
    read = Legal(*said)
    url = f"/c/{slug}/articles/{article}/claims/{span}/legal/"
    form = answer_form(url, read, f"legal-{span}", '<input type="hidden" name="listed" value="1">')
    return {
        "id": span,
        "quote": quote,
        "around": (prefix.rpartition("\n")[2], suffix.partition("\n")[0]),
        "title": str(titles.get(article, "")),
        "url": claim_url(slug, article, span),
        "read": read,
        "told": mark_safe(told(read)),  # noqa: S308
        "form": mark_safe(tokened(request, form)) if may_answer else "",  # noqa: S308
    }
