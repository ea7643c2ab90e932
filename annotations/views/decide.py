"""An editor decides a claim in the reader: POSTs that answer as a tag does."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations import access_decide
from annotations.models import Membership, Ruling, Verdict
from annotations.services import rulings, states
from annotations.services.errors import Invalid, NotAllowed, NotThere
from annotations.services.ledger import Stale
from annotations.views.answers import fragment, key_of
from annotations.views.claims import answer, base_of, my_claim, number
from annotations.views.reading import Reading
from annotations.views.ruling import TERMS
from annotations.views.source_input import date_in
from annotations.views.source_input import text as words

LONGEST = 10_000


@require_POST
@fragment(Membership.Role.EDITOR)
def decide(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim, verdict = my_claim(at, span_id), request.POST.get("verdict", "")
    if not access_decide.may_decide(at.seat, span_id):
        raise NotAllowed(access_decide.who_can(at.seat, span_id), "ruled-by-reviewer")
    if verdict not in Verdict.values:
        raise Invalid("Choose Verified, Disputed or Needs source.", "verdict")
    try:
        written = rulings.rule(
            at.seat.collection,
            author=at.seat.user,
            span_id=span_id,
            verdict=verdict,
            rationale=_rationale(request),
            terms=_terms(request, span_id),
            base=base_of(request),
            claim_revision=number(request, "claim_revision"),
            key=key_of(request),
        )
    except NotThere as gone:
        # The decision to change was withdrawn in the meantime.
        raise Stale(states.live_state(span_id)) from gone
    words = f"{{}} is decided: {Verdict(verdict).label.lower()}."
    return answer(request, at, written, (claim.start, claim.end), words)


def _rationale(request: HttpRequest) -> str:
    text = request.POST.get("rationale", "").strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise Invalid(
            f"Say why, in at most {LONGEST:,} characters: a decision needs its reasons.", "rationale"
        )
    return text


def _terms(request: HttpRequest, span_id: int) -> rulings.Terms:
    """What the form does not ask stays as the decision that it changes has it."""
    said = Ruling.objects.filter(pk=base_of(request) or 0, span=span_id).values(*TERMS).first() or {}
    if "should_read" in request.POST:
        said["should_read"] = words(request, "should_read", LONGEST)
    said |= {name: date_in(request, name) for name in TERMS[1:] if name in request.POST}
    return rulings.Terms(**said)


@require_POST
@fragment(Membership.Role.EDITOR)
def withdraw(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    written = rulings.withdraw_ruling(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        base=number(request, "base"),
        key=key_of(request),
    )
    return answer(request, at, written, (claim.start, claim.end), "{}: the decision is withdrawn.")
