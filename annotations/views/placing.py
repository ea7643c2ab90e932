"""Moving a claim, merging two, splitting one: in the reader, or by the forms of a page without scripts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from annotations import access_places
from annotations.models import Membership
from annotations.services import places as service
from annotations.services.claims import Place
from annotations.services.errors import Invalid
from annotations.services.places import PlaceTaken
from annotations.views.answers import already_done, changed, fragment, key_of, page_or, told
from annotations.views.claims import my_claim, number
from annotations.views.lone import fragment_or_page
from annotations.views.placed import selected, typed_lines
from annotations.views.placing_forms import merge_form, move_form, nearby, split_form
from annotations.views.reading import Claim, Reading

MOST_PARTS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@fragment()
def move(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    if request.method != "POST":
        access_places.movable(at.seat, span_id)
        html = move_form(request, at, my_claim(at, span_id))
        return fragment_or_page(request, at, html, f"Move claim {span_id}")
    if done := already_done(request, at):
        return done
    claim = my_claim(at, span_id)
    access_places.movable(at.seat, span_id)
    place = _places(request, at, claim)[0]
    try:
        written = service.move_claim(
            at.seat.collection,
            author=at.seat.user,
            span_id=span_id,
            place=place,
            base=number(request, "base"),
            key=key_of(request),
        )
    except PlaceTaken as taken:
        return _taken(request, at, span_id, taken)
    words = (
        f"Claim {span_id} has moved: it is claim {written.span_id} now."
        if written.changed
        else "It stands there already."
    )
    return page_or(
        request,
        at,
        written.span_id,
        lambda: changed(
            at, written.span_id, (place.start, place.end), words, undo=written.changed, also=[span_id]
        ),
        words,
    )


def _taken(request: HttpRequest, at: Reading, span_id: int, taken: PlaceTaken) -> HttpResponse:
    """Editors are shown what merging the two comes to."""
    if not at.seat.is_editor:
        return told(request, at, str(taken), 409)
    why = f"Claim {taken.span_id} stands at this place already, so nothing is moved."
    html = merge_form(request, at, my_claim(at, taken.span_id), my_claim(at, span_id), why)
    return fragment_or_page(request, at, html, "Merge the two?", status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@fragment()
def split(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access_places.parting(at.seat, span_id)
    if request.method != "POST":
        html = split_form(request, at, my_claim(at, span_id))
        return fragment_or_page(request, at, html, f"Split claim {span_id} into parts")
    if done := already_done(request, at):
        return done
    claim = my_claim(at, span_id)
    cut = service.split_claim(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        parts=_places(request, at, claim),
        base=number(request, "base"),
        key=key_of(request),
    )
    words = f"Claim {span_id} has {len(cut.parts)} parts." if cut.changed else "These are its parts already."
    place = claim.start, claim.end
    return page_or(
        request,
        at,
        span_id,
        lambda: changed(at, span_id, place, words, undo=cut.changed, also=cut.parts),
        words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@fragment(Membership.Role.EDITOR)
def merge(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    """Claim ?with= into this one: first what that comes to, then so."""
    if request.method != "POST":
        claim, other = my_claim(at, span_id), request.GET.get("with", "").strip()
        html = (
            merge_form(request, at, claim, _other(at, claim, other)) if other else nearby(request, at, claim)
        )
        return fragment_or_page(request, at, html, f"Merge with claim {span_id}")
    if done := already_done(request, at):
        return done
    away = number(request, "away")
    claim, gone = my_claim(at, span_id), my_claim(at, away)
    written = service.merge_claims(
        at.seat.collection,
        author=at.seat.user,
        keep=span_id,
        away=away,
        keep_base=number(request, "base"),
        away_base=number(request, "away_base"),
        key=key_of(request),
    )
    words = f"Claim {gone.id} is merged into claim {span_id}."
    place = claim.start, claim.end
    return page_or(
        request,
        at,
        span_id,
        lambda: changed(at, span_id, place, words, undo=written.changed, also=[away]),
        words,
    )


def _other(at: Reading, claim: Claim, asked: str) -> Claim:
    if not asked.isascii() or not asked.isdigit() or len(asked) > 10:
        raise Invalid("Give the number of the other claim.", "with")
    if int(asked) == claim.id:
        raise Invalid("Choose another claim than this one.", "with")
    return my_claim(at, int(asked))


def _places(request: HttpRequest, at: Reading, claim: Claim) -> list[Place]:
    """Of the claim's aspect: selected, as a JSON list of start, end and quote; or typed, each on a line."""
    found = [_typed(at, claim, line) for line in typed_lines(request)] or selected(request)
    if not 0 < len(found) <= MOST_PARTS:
        raise Invalid("Select the words first.", "words")
    return [Place(at.article_id, *place, claim.aspect) for place in found]


def _typed(at: Reading, claim: Claim, words: str) -> tuple[int, int, str]:
    """Where these words stand, nearest to the claim."""
    text, start = at.kept.text, at.kept.text.find(words)
    starts: list[int] = []
    while start >= 0 and len(starts) < 1000:
        starts.append(start)
        start = text.find(words, start + 1)
    if not starts:
        raise Invalid(f"“{words[:80]}” is not in the text. Copy the words as they stand there.", "words")
    nearest = min(starts, key=lambda at: abs(at - claim.start))
    return nearest, nearest + len(words), words
