"""“Join claim 12?”: asked before anything is written at a new place that live claims cover already (ADR 13)."""

from html import escape

from django.http import HttpRequest, HttpResponse

from annotations import access
from annotations.domain.overlap import LONGEST_FIGURE, join_candidates
from annotations.models import Aspect, Revision
from annotations.services.claims import Place
from annotations.views.card import headline, language
from annotations.views.lone import fragment_or_page, token
from annotations.views.reading import Claim, Reading, claims, counted

NEW = "new"
SENT = ("verdict", "reason")
LONGEST_QUOTE = 200
MOST = 4
HINT = "Nothing is saved yet. Join it, so that opinions on one claim meet, or make a claim of your own words."
NEAR = ("span_id", "span__start", "span__end", "span__aspect", "shown_status")


def question(request: HttpRequest, at: Reading, place: Place) -> HttpResponse | None:
    """What to ask instead of writing; None where there is nothing to ask, or it has been answered."""
    if request.POST.get("join") == NEW:
        return None
    wanted = _candidates(at, place)
    if not wanted or _is_retry(request, at):
        return None
    known = {claim.id: claim for claim in claims(at, span__in=wanted)}
    found = [known[span_id] for span_id in wanted if span_id in known]
    html = _question(request, at, place, found)
    return fragment_or_page(request, at, html, "These words are part of a claim already", HINT, status=409)


def _candidates(at: Reading, place: Place) -> list[int]:
    rows = _NEAR(at.seat, at.article_id, place.start - LONGEST_FIGURE, place.end + LONGEST_FIGURE)
    near = [(span_id, start, end) for span_id, start, end, aspect, _ in rows if aspect == place.aspect]
    if not near or any((start, end) == (place.start, place.end) for _, start, end in near):
        return []
    return join_candidates(at.kept.text, place.start, place.end, near)[:MOST]


_NEAR = access.Seated(
    lambda seat, article, start, end: (
        access.claims(seat)
        .filter(span__article=article, span__start__lt=end, span__end__gt=start)
        .values_list(*NEAR)
    ),
    *(int, int, int),
)


def _is_retry(request: HttpRequest, at: Reading) -> bool:
    key = request.POST.get("key", "")
    rows = Revision.objects.filter(collection=at.seat.collection, author=at.seat.user, idempotency_key=key)
    return bool(key) and rows.exists()


def _question(request: HttpRequest, at: Reading, place: Place, found: list[Claim]) -> str:
    mine = _my_versions(at, found)
    first, *others = found
    rows = "".join(
        f"<li>{_form(request, at, each, mine, 'quiet small')}{_words(at, each)}</li>" for each in others
    )
    summary = f"<summary>{counted(len(others), 'more claim')} here</summary>"
    more = f'<details class="others">{summary}<ul>{rows}</ul></details>'
    return (
        '<section id="join" class="join" role="group" aria-labelledby="join-title">'
        f'<h2 id="join-title">Join claim {first.id}?</h2>{_words(at, first)}'
        f'<div class="row">{_form(request, at, first, mine, "small", "<kbd>Enter</kbd>")}'
        f"{_new(request, place)}"
        f'<a class="button small plain" data-join="cancel" href="{at.url}">Cancel <kbd>Esc</kbd></a></div>'
        f"{more if others else ''}{_first(place, first)}</section>"
    )


def _first(place: Place, claim: Claim) -> str:
    """For whoever wants to go on with the words before it is answered."""
    aspect = f"-{place.aspect}" if place.aspect != Aspect.FACT else ""
    words = f"Say first whether these words join claim {claim.id}."
    return f'<p id="join-{place.start}-{place.end}{aspect}" hidden>{words}</p>'


def _words(at: Reading, claim: Claim) -> str:
    quote = at.kept.text[claim.start : claim.end]
    short = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 10].rstrip() + "…"
    reviewers = f" · {counted(claim.reviewers, 'reviewer')}" if claim.reviewers else ""
    state = "" if claim.is_hidden else f'<p class="state">{headline(at, claim)}{reviewers}</p>'
    return f'<blockquote class="quote" dir="auto"{language(at)}>{escape(short)}</blockquote>{state}'


def _form(
    request: HttpRequest, at: Reading, claim: Claim, mine: dict[int, int], kind: str, key: str = ""
) -> str:
    """The same write, at the claim's place."""
    place = {"start": claim.start, "end": claim.end, "quote": at.kept.text[claim.start : claim.end]}
    fields = {**place, "aspect": claim.aspect, "base": mine.get(claim.id, "none")}
    return _posted(request, fields, f"Join claim {claim.id}", kind, key)


def _new(request: HttpRequest, place: Place) -> str:
    fields = {"start": place.start, "end": place.end, "quote": place.quote, "aspect": place.aspect}
    label, key = "New claim", "<kbd>Shift</kbd> <kbd>Enter</kbd>"
    return _posted(request, {**fields, "base": "none", "join": NEW}, label, "quiet small", key)


def _posted(request: HttpRequest, fields: dict[str, object], label: str, kind: str, key: str) -> str:
    sent = fields | {name: request.POST[name] for name in SENT if name in request.POST}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">' for name, value in sent.items()
    )
    return (
        f'<form method="post" action="{escape(request.path)}" data-join>{token(request)}{inputs}'
        f'<button class="button {kind}">{label} {key}</button></form>'
    )


def _my_versions(at: Reading, found: list[Claim]) -> dict[int, int]:
    rows = access.opinions(at.seat).filter(reviewer=at.seat.user, span__in=[claim.id for claim in found])
    return dict(rows.values_list("span", "pk"))
