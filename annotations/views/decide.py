"""An editor decides a claim in the reader: POSTs that answer as a tag does."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations.models import Membership, Verdict
from annotations.services import rulings, states
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Stale
from annotations.views.answers import fragment, key_of
from annotations.views.claims import answer, base_of, my_claim, number
from annotations.views.reading import Reading

LONGEST = 10_000


@require_POST
@fragment(Membership.Role.EDITOR)
def decide(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim, verdict = my_claim(at, span_id), request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise Invalid("Choose Verified, Disputed or Needs source.", "verdict")
    try:
        written = rulings.rule(
            at.seat.collection,
            author=at.seat.user,
            span_id=span_id,
            verdict=verdict,
            rationale=_rationale(request),
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
