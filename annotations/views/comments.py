"""Comments on a claim: POSTs from its card."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations import access_desk
from annotations.services import comments as service
from annotations.services.claims import Written
from annotations.services.errors import NotThere
from annotations.views.answers import fragment, key_of
from annotations.views.claims import answer, my_claim, number
from annotations.views.reading import Reading


@require_POST
@fragment()
def add(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access_desk.commenting(at.seat)
    my_claim(at, span_id)
    text, key = request.POST.get("comment", ""), key_of(request)
    written = service.add_comment(
        at.seat.collection, author=at.seat.user, span_id=span_id, text=text, key=key
    )
    return _answer(request, at, written, "{}: your comment is there.")


@require_POST
@fragment()
def change(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    access_desk.own_comment(at.seat, key)
    written = service.edit_comment(
        at.seat.collection,
        author=at.seat.user,
        comment=key,
        text=request.POST.get("comment", ""),
        base=number(request, "base"),
        key=key_of(request),
    )
    return _answer(request, at, written, "{}: your comment is changed.")


@require_POST
@fragment()
def withdraw(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    access_desk.own_comment(at.seat, key)
    written = service.withdraw_comment(
        at.seat.collection,
        author=at.seat.user,
        comment=key,
        base=number(request, "base"),
        key=key_of(request),
    )
    return _answer(request, at, written, "{}: your comment is withdrawn.")


@require_POST
@fragment()
def aside(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    if not access_desk.comments(at.seat).filter(key=key).exists():
        raise NotThere("Nothing of this comment waits for you any more.")
    written = service.put_aside(at.seat.collection, author=at.seat.user, comment=key, key=key_of(request))
    return _answer(request, at, written, "{}: put aside.")


def _answer(request: HttpRequest, at: Reading, written: Written, words: str) -> HttpResponse:
    claim = my_claim(at, written.span_id)
    return answer(request, at, written, (claim.start, claim.end), words)
