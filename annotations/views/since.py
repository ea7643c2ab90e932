"""What others changed in the article that somebody has open, asked for every few seconds (ADR 12).

Nothing changed: 204, after the three queries that say who asks and where the collection stands. Otherwise the
paragraphs to exchange, the lines of the list, and who else is reading.
"""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from annotations import access
from annotations.access import Seat, Withdrawn
from annotations.domain.segments import Block, block_html
from annotations.models import ClaimLink, LinkKind, Span
from annotations.services.links import parts_of
from annotations.views import presence
from annotations.views.answers import gone
from annotations.views.card import claim_row
from annotations.views.family import summed
from annotations.views.reading import (
    Claim,
    Reading,
    blocks_at,
    claims,
    claims_between,
    kept_article,
    marks,
)
from annotations.views.waiting import answers_due

TOO_FAR = 5_000
FEW = 4
WITHDRAWN = (
    "This article was withdrawn. What you had not saved is still in this window: copy it before you leave."
)
BEHIND = "Much has changed here since you opened this page. Load it again."
CORRECTED = "The details of this article were corrected. Load the page again to see them."


@require_safe
def since(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """?n= what the page was told last; ?here= whom it shows as reading, which also says that I am."""
    try:
        seat, version = access.seat_at(request.user, slug, article_id)
    except Withdrawn as missing:
        return _withdrawn(request, missing)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"/c/{slug}/articles/{article_id}/")
    told, shown = _asked(seat, request.GET.get("n", "")), request.GET.get("here")
    answer = _changes(seat, version, told) if told != seat.collection.head else {}
    if shown is not None:
        answer |= _readers(seat, article_id, shown)
    response = JsonResponse(answer) if answer else HttpResponse(status=204)
    response["X-Revision"] = revision(seat)
    response["Cache-Control"] = "no-store"
    return response


def revision(seat: Seat) -> str:
    """Where the collection stands. To whom it would tell that somebody judged a claim hidden from them, sealed, and
    anew each time."""
    head: int = seat.collection.head
    return sealed(head) if seat.is_blind else str(head)


def sealed(number: int) -> str:
    salt = secrets.token_bytes(6)
    return f"x{salt.hex()}{number ^ _pad(salt):08x}"


def _asked(seat: Seat, raw: str) -> int:
    """The number that `revision` told; 0 for what it never did: numbers of one's own would find the head by halving."""
    if not seat.is_blind and raw.isascii() and raw.isdigit() and len(raw) < 11:
        return int(raw)
    try:
        return int(raw[13:21], 16) ^ _pad(bytes.fromhex(raw[1:13])) if raw[:1] == "x" else 0
    except ValueError:
        return 0


def _pad(salt: bytes) -> int:
    return int.from_bytes(salted_hmac("annotations.views.since", salt, algorithm="sha256").digest()[:4])


def _withdrawn(request: HttpRequest, missing: Withdrawn) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        raise missing
    answer = {"notice": WITHDRAWN, "label": "What happened", "to": request.path.removesuffix("since/")}
    return JsonResponse(answer, status=410)


def _readers(seat: Seat, article_id: int, shown: str) -> dict[str, Any]:
    presence.arrive(seat, article_id)
    names = presence.others(seat, article_id)
    digest = presence.digest(names)
    return {} if digest == shown else {"here": names, "digest": digest}


def _changes(seat: Seat, version: int, told: int) -> dict[str, Any]:
    """Empty where nothing of what this person sees of the article has changed."""
    if not 0 <= seat.collection.head - told <= TOO_FAR:
        return {"notice": BEHIND, "label": "Load it again", "to": ""}
    at = Reading(seat, kept_article(version, seat.collection.epoch))
    answer = {}
    if at.kept.details.created_in > told:
        answer = {"notice": CORRECTED, "label": "Load it again", "to": ""}
    changed = access.changed_claims(seat, at.article_id, told)
    return answer | (_drawn(at, changed) if changed else {})


def _drawn(at: Reading, changed: dict[int, bool]) -> dict[str, Any]:
    columns = ("pk", "start", "end", "aspect")
    spans = {row[0]: row for row in Span.objects.filter(pk__in=changed).order_by("pk").values_list(*columns)}
    places = {pk: (start, end) for pk, start, end, _ in spans.values()}
    touched = {block["start"]: block for place in places.values() for block in blocks_at(at.kept, *place)}
    return {
        "blocks": _paragraphs(at, list(touched.values())),
        "claims": _lines(at, [span for span, there in changed.items() if there]),
        "gone": [
            {"id": span, "line": gone(span, places[span], spans[span][3])}
            for span, there in changed.items()
            if not there
        ],
    }


def _paragraphs(at: Reading, blocks: list[Block]) -> list[str]:
    every = claims(at) if len(blocks) > FEW else None
    return [
        block_html(
            at.kept.text, block, marks(at.seat, every or claims_between(at, block["start"], block["end"]))
        )
        for block in blocks
    ]


def _lines(at: Reading, spans: list[int]) -> list[dict[str, Any]]:
    """With the claims that these are parts of: their lines say what the parts come to. `revision` is 0 where what
    others made of the claim is hidden."""
    parts = ClaimLink.objects.current().filter(other__in=spans, kind=LinkKind.PART)
    found: list[Claim] = claims(at, span__in=spans + list(parts.values_list("span_id", flat=True)))
    found.sort(
        key=lambda claim: (claim.start, claim.id)
    )  # as the database found them would tell what was written
    sums, due = parts_of(access.claims(at.seat), [claim.id for claim in found]), answers_due(at, found)
    return [
        {
            "id": claim.id,
            "revision": claim.revision,
            "line": claim_row(at, claim, summed(sums.get(claim.id, {})), due.get(claim.id, "")),
        }
        for claim in found
    ]
