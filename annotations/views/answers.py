"""What the reader's fragments answer with: the paragraphs that a change touched, the card, the list's line, a toast."""

from collections.abc import Callable, Iterable
from functools import wraps
from html import escape
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from annotations import access
from annotations.domain.segments import block_html
from annotations.models import Aspect, Membership, Revision, Span
from annotations.services.errors import Invalid, NotAllowed, NotThere, OthersWork, QuoteMismatch
from annotations.services.ledger import KeyReused, LedgerError, Stale
from annotations.views import compare
from annotations.views.card import card, choice, claim_row, empty_card
from annotations.views.family import family_of
from annotations.views.kept import not_saved
from annotations.views.lone import fragment_or_page, page_before, with_scripts
from annotations.views.reading import (
    Claim,
    Reading,
    blocks_at,
    claims_between,
    marks,
    one_claim,
    page_url,
    place_url,
    reading,
)
from annotations.views.waiting import answers_due

View = Callable[..., HttpResponse]
STATUS: dict[type[LedgerError], int] = {
    Stale: 409,
    QuoteMismatch: 409,
    OthersWork: 409,
    Invalid: 422,
    KeyReused: 422,
    NotAllowed: 403,
    NotThere: 404,
}
NOTHING_MARKED = (
    "Nothing marked. Read once, press m on each fact.",
    "Nothing marked. Read once, mark each fact.",
)
LONGEST_KEY = 100
CHOOSE = "Choose a claim, or select some words."


def toast(
    words: str,
    *,
    undo: bool = False,
    trouble: bool = False,
    field: str = "",
    aside: bool = False,
    link: str = "",
) -> str:
    """What the page says. An aside does not take the place of a toast that offers Undo. `link`: HTML."""
    button = '<button type="button" class="button small" data-do="undo">Undo</button>' if undo else ""
    close = '<button type="button" class="button small" data-dismiss>Close</button>' if trouble else ""
    kind = " trouble" if trouble else ""
    data = f' data-field="{escape(field)}"' if field else ""
    data += " data-aside" if aside else ""
    return f'<div id="toast" class="toast{kind}"{data}><p>{escape(words)}</p>{button}{link}{close}</div>'


def gone(span_id: int, place: tuple[int, int], aspect: str) -> str:
    """Takes the claim's line off the list; whoever judges the words again builds on no opinion."""
    other = f' data-aspect="{aspect}"' if aspect != Aspect.FACT else ""
    where = f'data-n="{span_id}" data-start="{place[0]}" data-end="{place[1]}"{other}'
    return f'<li class="claim" id="c{span_id}" {where} data-base="none" data-gone></li>'


def changed(
    reading: Reading,
    span_id: int,
    place: tuple[int, int],
    words: str,
    *,
    undo: bool = True,
    also: Iterable[int] = (),
) -> HttpResponse:
    """After a change of a claim, and of others with it: everything on the page that shows them."""
    places = {**_places_of(also), span_id: place}
    around = {each.id: each for where in places.values() for each in claims_around(reading, *where)}
    touched = {
        block["start"]: block for where in places.values() for block in blocks_at(reading.kept, *where)
    }
    drawn = marks(reading.seat, around.values())
    parts = [block_html(reading.kept.text, block, drawn) for block in touched.values()]
    claim, family = around.get(span_id), family_of(reading, span_id)
    parts.append(card(reading, claim, list(around.values()), family) if claim else empty_card(CHOOSE))
    sums = {span_id: family.sum}
    for whole in family.wholes:
        sums[whole.id] = family_of(reading, whole.id).sum
    due = answers_due(reading, around.values())
    aspects = _aspects_of(places.keys() - around.keys())
    for each in sums.keys() | places.keys():
        if each in around:
            parts.append(claim_row(reading, around[each], sums.get(each, ""), due.get(each, "")))
        elif each in places:
            parts.append(gone(each, places[each], aspects[each]))
    parts.append(toast(words, undo=undo))
    return HttpResponse("".join(parts))


def _places_of(span_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    ids = list(span_ids)
    rows = Span.objects.filter(pk__in=ids).values_list("pk", "start", "end") if ids else ()
    return {pk: (start, end) for pk, start, end in rows}


def _aspects_of(span_ids: Iterable[int]) -> dict[int, str]:
    ids = list(span_ids)
    return dict(Span.objects.filter(pk__in=ids).values_list("pk", "aspect")) if ids else {}


def with_it(result: dict[str, Any]) -> list[int]:
    """Of what a revision came to: the other claims that it changed."""
    return [*(result[name] for name in ("from", "away") if name in result), *result.get("parts", ())]


def claims_around(reading: Reading, start: int, end: int) -> list[Claim]:
    """The claims of all the blocks that start..end touches."""
    touched = blocks_at(reading.kept, start, end)
    first, last = (touched[0]["start"], max(touched[-1]["end"], end)) if touched else (start, end)
    return claims_between(reading, first, last)


def shown(reading: Reading, found: list[Claim]) -> str:
    """The card for these claims: one, a choice of several, or none."""
    if not found:
        return empty_card("No claim here yet.")
    return card(reading, found[0]) if len(found) == 1 else choice(reading, found)


class SeeOther(HttpResponseRedirect):
    """After a form: what is there to be seen is asked for anew."""

    status_code = 303


def page_or(
    request: HttpRequest, at: Reading, span_id: int | None, answer: Callable[[], HttpResponse], said: str = ""
) -> HttpResponse:
    """The fragment; without scripts, the page that the form stood on, where it says what was `said`: the claim's own,
    or the reader with the claim chosen."""
    if with_scripts(request):
        return answer()
    if said:
        messages.success(request, said)
    if request.method == "POST":
        return SeeOther(_claim_or_place(at, span_id, on_page=page_before(request) is not None))
    return HttpResponseRedirect(f"{at.url}?claim={span_id}#r{span_id}" if span_id else at.url)


def _claim_or_place(at: Reading, span_id: int | None, *, on_page: bool) -> str:
    """The claim that was changed; where it is gone with that, its words."""
    if span_id is None or one_claim(at, span_id):
        if on_page and span_id:
            return page_url(at, span_id)
        return f"{at.url}?claim={span_id}#r{span_id}" if span_id else at.url
    span = Span.objects.filter(pk=span_id, article=at.article_id).first()
    return place_url(at, span.start, span.end, span.aspect) if span else at.url


def fragment(role: str = Membership.Role.REVIEWER) -> Callable[[View], View]:
    """A view of (request, reading, …): refusals of a service become fragments that say what to do next."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, slug: str, article_id: int, **rest: Any) -> HttpResponse:
            try:
                at = reading(request.user, slug, article_id, role)
            except PermissionDenied as refusal:
                if not with_scripts(request):
                    raise
                return trouble(str(refusal), 403)
            try:
                key_of(request)
                return view(request, at, **rest)
            except (NotThere, Http404) as missing:
                return already_done(request, at) or past(request, at, NotThere(str(missing)))
            except LedgerError as refusal:
                return refused(request, at, refusal, rest.get("span_id"))
            except PermissionDenied as refusal:
                return told(request, at, str(refusal), 403)

        return answered

    return decorate


def key_of(request: HttpRequest) -> str | None:
    """Of one sending of a form: the same again is the same request."""
    key = request.POST.get("key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid("This form came with a key that is none of ours. Load the page again.", "key")
    return key or None


def already_done(request: HttpRequest, at: Reading) -> HttpResponse | None:
    """What the first sending of this request came to: a second finds nothing left to take away."""
    key = key_of(request)
    rows = Revision.objects.filter(collection=at.seat.collection, author=at.seat.user, idempotency_key=key)
    result: Any = rows.values_list("result", flat=True).first() if key else None
    span = Span.objects.filter(pk=result.get("span", 0), article=at.article_id).first() if result else None
    if span is None:
        return None
    words = f"Claim {span.pk}: saved."
    place, also = (span.start, span.end), with_it(result)
    return page_or(
        request, at, span.pk, lambda: changed(at, span.pk, place, words, undo=False, also=also), words
    )


def past(request: HttpRequest, at: Reading, refusal: NotThere) -> HttpResponse:
    """What somebody else has taken away or moved meanwhile is told with what was sent; of anything else, nothing."""
    return refused(request, at, Stale(None) if compare.is_past(request, at) else refusal)


def refused(
    request: HttpRequest, at: Reading, refusal: LedgerError, span_id: int | None = None
) -> HttpResponse:
    """`span_id`: the claim that the request was about, where its address says so."""
    status = STATUS.get(type(refusal), 422)
    if isinstance(refusal, Stale):
        html = compare.compare(request, at, refusal.current)
        return fragment_or_page(request, at, html, "Two versions", status=409)
    field = refusal.field if isinstance(refusal, Invalid) else ""
    words = in_words(at, refusal, span_id)
    return told(request, at, words, status, "key" if isinstance(refusal, KeyReused) else field)


def in_words(at: Reading, refusal: LedgerError, span_id: int | None = None) -> str:
    """With what stands in the way, where that may be told."""
    words = str(refusal)
    if isinstance(refusal, OthersWork) and refusal.depends and access.may_tell(at.seat, span_id):
        words = f"{words} On it: {'; '.join(refusal.depends[:4])}."
    return words


def told(
    request: HttpRequest, at: Reading, words: str, status: int, field: str = "", link: str = ""
) -> HttpResponse:
    """A refusal: a toast, or a page that keeps what was typed. `link`: to where to go on, as HTML."""
    if with_scripts(request):
        return trouble(words, status, field, link)
    html = not_saved(request, words, field) + link
    return fragment_or_page(request, at, html, "Not saved yet", status=status)


def trouble(words: str, status: int, field: str = "", link: str = "") -> HttpResponse:
    return HttpResponse(toast(words, trouble=True, field=field, link=link), status=status)


def joined(parts: Iterable[str]) -> HttpResponse:
    return HttpResponse("".join(parts))
