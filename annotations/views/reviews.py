"""Independent review from a claim's card: assign it, send one review back, stand by one's own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations import access_desk
from annotations.models import Membership
from annotations.services import assignments, sent_back
from annotations.services.claims import Written
from annotations.views.answers import fragment, key_of
from annotations.views.claims import answer, base_of, my_claim, number
from annotations.views.reading import Reading

EDITOR = Membership.Role.EDITOR


@require_POST
@fragment(EDITOR)
def assign(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access_desk.assigning(at.seat)
    claim = my_claim(at, span_id)
    done = assignments.assign(
        at.seat.collection,
        author=at.seat.user,
        reviewer_ids=[number(request, "reviewer")],
        span_ids=[span_id],
        key=key_of(request),
    )
    words = "{} is assigned already."
    if done.changed:
        words = "{} is assigned."
    elif done.left_out:
        words = "{} was decided by this person, who is not asked to judge it."
    return answer(request, at, _written(span_id, done), (claim.start, claim.end), words)


@require_POST
@fragment(EDITOR)
def unassign(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    access_desk.assigning(at.seat)
    claim = my_claim(at, span_id)
    done = assignments.unassign(
        at.seat.collection,
        author=at.seat.user,
        reviewer_ids=[number(request, "reviewer")],
        span_ids=[span_id],
        key=key_of(request),
    )
    return answer(
        request, at, _written(span_id, done), (claim.start, claim.end), "{}: the assignment is taken back."
    )


def _written(span_id: int, done: assignments.Assigned) -> Written:
    return Written(span_id, done.revision or 0, changed=bool(done.changed))


@require_POST
@fragment(EDITOR)
def send_back(request: HttpRequest, at: Reading, span_id: int, reviewer_id: int) -> HttpResponse:
    access_desk.sending_back(at.seat)
    claim = my_claim(at, span_id)
    written = sent_back.send_back(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        reviewer_id=reviewer_id,
        reason=request.POST.get("look_again", ""),
        base=number(request, "base"),
        over=base_of(request, "back_base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: the review is sent back.")


@require_POST
@fragment(EDITOR)
def call_off(request: HttpRequest, at: Reading, span_id: int, reviewer_id: int) -> HttpResponse:
    access_desk.sending_back(at.seat)
    claim = my_claim(at, span_id)
    written = sent_back.call_off(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        reviewer_id=reviewer_id,
        base=number(request, "base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: nobody is asked to look again.")


@require_POST
@fragment()
def stand_by(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    written = sent_back.stand_by(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        text=request.POST.get("comment", ""),
        base=number(request, "base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: you stand by what you said.")
