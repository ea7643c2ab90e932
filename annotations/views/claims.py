"""What a reviewer does in the reader: each a POST that answers with the parts of the page it changed."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations import access, access_places, access_undo
from annotations.models import Annotation, Aspect, Collection, Problem, Span, Verdict
from annotations.services import claims as service
from annotations.services import notes
from annotations.services import undo as undoing
from annotations.services.claims import Opinion, Place, Written
from annotations.services.errors import Invalid, NotThere, OthersWork, QuoteMismatch
from annotations.views import recent
from annotations.views.answers import (
    changed,
    fragment,
    in_words,
    joined,
    key_of,
    page_or,
    toast,
    told,
    with_it,
)
from annotations.views.card import card
from annotations.views.compare import note_conflict
from annotations.views.joining import question
from annotations.views.lone import fragment_or_page
from annotations.views.reading import Claim, Reading, of_aspect, one_claim
from annotations.views.source_input import date_in

KEPT = ("why", "problem", "should_read", "must_fix", "confidence", "asked", "due_on")


def number(request: HttpRequest, name: str, *, least: int = 0) -> int:
    raw = request.POST.get(name, "")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 10 or int(raw) < least:
        raise Invalid("Select the words again: their place did not come through.", name)
    return int(raw)


def base_of(request: HttpRequest, name: str = "base") -> int | None:
    return None if request.POST.get(name, "none") in ("", "none") else number(request, name)


def place_of(request: HttpRequest, at: Reading) -> Place:
    """The words sent must be the article's; blank lines between two paragraphs may differ in their white space."""
    start, end = number(request, "start"), number(request, "end")
    found = at.kept.text[start:end]
    quote = request.POST.get("quote", "")
    if found != quote and ("\n" not in found or found.split() != quote.split()):
        raise QuoteMismatch(found)
    return Place(at.article_id, start, end, found, _aspect(request, at, start, end))


def _aspect(request: HttpRequest, at: Reading, start: int, end: int) -> str:
    """What of the words is meant, said by itself or by the claim in hand: several may stand at one place."""
    if "claim" not in request.POST:
        return request.POST.get("aspect") or Aspect.FACT
    spans = Span.objects.filter(pk=number(request, "claim"), article=at.article_id, start=start, end=end)
    aspect = spans.values_list("aspect", flat=True).first()
    if aspect is None:
        raise NotThere("This claim is no longer there: it may have been taken away.")
    return aspect


def my_claim(at: Reading, span_id: int) -> Claim:
    claim = one_claim(at, span_id)
    if claim is None:
        raise NotThere("This claim is no longer there: it may have been taken away.")
    return claim


def unseen(at: Reading, span_id: int | None) -> bool:
    """What others did to the claim is hidden from the person: they saw no revision of it."""
    return not access.may_tell(at.seat, span_id)


def span_at(place: Place) -> int | None:
    where = {"start": place.start, "end": place.end, "aspect": place.aspect}
    return Span.objects.filter(article=place.article_id, **where).values_list("pk", flat=True).first()


def answer(
    request: HttpRequest,
    at: Reading,
    written: Written,
    place: tuple[int, int],
    words: str,
    aspect: str = "",
) -> HttpResponse:
    words = words.format(f"Claim {written.span_id}{aspect}")
    return page_or(
        request,
        at,
        written.span_id,
        lambda: changed(at, written.span_id, place, words, undo=written.changed),
        words,
    )


@require_POST
@fragment()
def mark(request: HttpRequest, at: Reading) -> HttpResponse:
    access.annotating(at.seat)
    place = place_of(request, at)
    if asked := question(request, at, place):
        return asked
    written = service.mark(at.seat.collection, author=at.seat.user, place=place, key=key_of(request))
    words = "{} is marked to check." if written.changed else "{} is marked already."
    return answer(request, at, written, (place.start, place.end), words)


@require_POST
@fragment()
def tag(request: HttpRequest, at: Reading) -> HttpResponse:
    access.annotating(at.seat)
    place, base, verdict = place_of(request, at), base_of(request), request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise Invalid("Choose Verified, Disputed or Needs source.", "verdict")
    if asked := question(request, at, place):
        return asked
    opinion = Opinion(verdict, **kept(at.seat.collection, at.seat.user.pk, base))
    written = service.tag(
        at.seat.collection, author=at.seat.user, target=place, opinion=opinion, base=base, key=key_of(request)
    )
    return answer(request, at, written, (place.start, place.end), f"{{}}: {Verdict(verdict).label.lower()}.")


def kept(collection: Collection, reviewer: int, base: int | None) -> dict[str, Any]:
    """What a change of verdict keeps of the opinion it replaces."""
    if base is None:
        return {}
    rows = Annotation.objects.filter(pk=base, reviewer=reviewer, collection=collection)
    return rows.values(*KEPT).first() or {}


@require_POST
@fragment()
def why(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access.annotating(at.seat)
    claim, base = my_claim(at, span_id), base_of(request)
    rows = Annotation.objects.filter(pk=base or 0, span=span_id, reviewer=at.seat.user)
    before = rows.values("verdict", *KEPT).first()
    if base is None and request.POST.get("verdict") in Verdict.values:  # mine was taken back, and I keep it
        spoke = Annotation.objects.filter(span=span_id, reviewer=at.seat.user).exists()
        before = {"verdict": request.POST["verdict"]} if spoke else None
    if before is None:
        raise Invalid("Give a verdict first, then say why.", "why")
    opinion = Opinion(**before | _reasons(request))
    written = service.tag(
        at.seat.collection,
        author=at.seat.user,
        target=span_id,
        opinion=opinion,
        base=base,
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: your reasons are saved.")


def _reasons(request: HttpRequest) -> dict[str, Any]:
    """What the form of this verdict asks; the rest stays as it was."""
    said: dict[str, Any] = {
        name: request.POST[name].strip() for name in ("why", "should_read", "asked") if name in request.POST
    }
    if "problem" in request.POST:
        said |= {"problem": request.POST["problem"], "must_fix": request.POST.get("must_fix") == "1"}
        if said["problem"] not in ("", *Problem.values):
            raise Invalid("Choose what is wrong from the list.", "problem")
    if "due_on" in request.POST:
        said["due_on"] = date_in(request, "due_on")
    return said


@require_POST
@fragment()
def withdraw(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access.annotating(at.seat)
    claim, base = my_claim(at, span_id), base_of(request)
    if base is None:
        raise NotThere("You have no verdict of this claim to withdraw.")
    written = service.withdraw(
        at.seat.collection, author=at.seat.user, span_id=span_id, base=base, key=key_of(request)
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: your verdict is withdrawn.")


@require_POST
@fragment()
def not_checkable(request: HttpRequest, at: Reading) -> HttpResponse:
    access.annotating(at.seat)
    place = place_of(request, at)
    if asked := question(request, at, place):
        return asked
    written = service.set_checkable(
        at.seat.collection,
        author=at.seat.user,
        target=place,
        not_checkable=True,
        reason=request.POST.get("reason", "").strip(),
        base=base_of(request),
        unseen=unseen(at, span_at(place)),
        key=key_of(request),
    )
    return answer(request, at, _untold(at, written), (place.start, place.end), "{} cannot be checked.")


@require_POST
@fragment()
def checkable(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access.annotating(at.seat)
    claim = my_claim(at, span_id)
    written = service.set_checkable(
        at.seat.collection,
        author=at.seat.user,
        target=span_id,
        not_checkable=False,
        base=base_of(request),
        unseen=unseen(at, span_id),
        key=key_of(request),
    )
    return answer(request, at, _untold(at, written), (claim.start, claim.end), "{} can be checked again.")


def _untold(at: Reading, written: Written) -> Written:
    """Whether anything changed would tell what others had said of a hidden claim."""
    return written if access.may_tell(at.seat, written.span_id) else replace(written, changed=False)


@require_POST
@fragment()
def unmark(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access.annotating(at.seat)
    claim = my_claim(at, span_id)
    access_places.unmarking(at.seat, span_id)
    written = service.unmark(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        base=base_of(request),
        unseen=unseen(at, span_id),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{} is no longer marked.")


@require_POST
@fragment()
def note(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    said, words = request.POST.get("text", ""), "Your note is kept."
    try:
        notes.keep_note(author=at.seat.user, span_id=claim.id, text=said, seen=request.POST.get("base"))
    except notes.NoteChanged as other:
        html = note_conflict(request, at, span_id, other.note)
        return fragment_or_page(request, at, html, "Two versions", status=409)
    return page_or(request, at, span_id, lambda: joined([card(at, claim), toast(words)]), words)


@require_POST
@fragment()
def undo(request: HttpRequest, at: Reading) -> HttpResponse:
    """My last change of a claim of this article that is not undone yet."""
    key = key_of(request)
    last = recent.undone_with(at, key) if key else None
    last = last or recent.mine(at)
    if last is None:
        words = "Nothing of yours to undo here."
        return page_or(request, at, None, lambda: joined([toast(words)]), words)
    access_undo.undoable(at.seat, last.number)
    try:
        undoing.undo(at.seat.collection, author=at.seat.user, number=last.number, key=key)
    except OthersWork as refusal:
        return _not_undone(request, at, refusal)
    span = Span.objects.get(pk=last.result["span"])
    words = f"Undone: {recent.deed(last)}, claim {span.pk}{of_aspect(span.aspect)}."
    place, others = (span.start, span.end), with_it(last.result)
    return page_or(
        request, at, span.pk, lambda: changed(at, span.pk, place, words, undo=False, also=others), words
    )


def _not_undone(request: HttpRequest, at: Reading, refusal: OthersWork) -> HttpResponse:
    """With the way to what lies behind it, which is undone there, change by change."""
    here = f"/c/{at.seat.collection.slug}/history/?article={at.article_id}&amp;person={at.seat.user.pk}"
    words = f"{in_words(at, refusal)} Undo earlier ones in the history."
    link = f'<a class="button small" href="{here}">History</a>'
    return told(request, at, words, 409, link=link)
