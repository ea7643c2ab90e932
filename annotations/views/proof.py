"""The proof sheet: an article on paper, its text with numbered claims, then what was found of each, by whom and when.

It shows the collection as of one change: of an earlier one (?at=) it comes out the same whenever it is printed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from annotations import access
from annotations.access import Seat
from annotations.access_head import known_head
from annotations.domain.initials import initials
from annotations.domain.segments import article_html
from annotations.models import ArticleDetails, ClaimState, CollectionSettings, Revision, User
from annotations.views import proof_work
from annotations.views.card import headline
from annotations.views.pages import bar
from annotations.views.proof_work import Said
from annotations.views.reading import Claim, Reading, claims, kept_article, marks


@require_safe
def article_proof(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat = access.seat(request.user, slug)
    number = _number(request, seat)
    at = _reading(seat, article_id, number)
    states = access.visible_claims(at.seat, ClaimState.objects.at(number))
    # What is due today is no part of a sheet that says the same each time.
    then = (claim._replace(again_on=None) for claim in claims(at, states))
    found = sorted(then, key=lambda claim: (claim.start, claim.end, claim.id))
    text = article_html(at.kept.text, at.kept.blocks, marks(at.seat, found))
    sheet = proof_work.of_claims(at, number)
    context = bar(seat, "articles") | {
        "article": at.kept.details,
        "sha256": _sha256(at),
        "url": at.url,
        "text": mark_safe(text),  # noqa: S308
        "number": None if seat.hides else number,
        "printed_at": timezone.now(),
        **_signed(seat, [_claim(at, claim, sheet.get(claim.id, {})) for claim in found], number),
    }
    return render(request, "annotations/article_proof.html", context)


def _number(request: HttpRequest, seat: Seat) -> int:
    """The change as of which the sheet stands. Who checks blind gets that of now alone, and no number: it would tell
    how much others have done."""
    raw = request.GET.get("at", "")
    head = seat.collection.head if seat.hides else known_head(seat)
    if not raw:
        return head
    if seat.hides:
        raise PermissionDenied("Who checks blind prints the sheet as it stands now: leave out “at”.")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
    if not 1 <= number <= head:
        raise Http404(f"Changes of this collection count from 1 to {head:,}.")
    return number


def _reading(seat: Seat, article_id: int, number: int) -> Reading:
    """Words follow the settings of then; what is hidden from the person, those of now."""
    rows = ArticleDetails.objects.at(number).filter(collection=seat.collection, article=article_id)
    version = rows.values_list("pk", flat=True).first()
    if version is None:
        if number in (seat.collection.head, known_head(seat)):
            raise access.no_article(seat, article_id)
        raise Http404("This article was not in the collection then.")
    settings = CollectionSettings.objects.at(number).get(collection=seat.collection)
    settings.blind = seat.settings.blind
    return Reading(replace(seat, settings=settings), kept_article(version, seat.collection.epoch))


def _sha256(at: Reading) -> str:
    return ArticleDetails.objects.values_list("article__sha256", flat=True).get(pk=at.kept.details.pk)


def _claim(at: Reading, claim: Claim, said: dict[str, list[Said]]) -> dict[str, Any]:
    return {
        "claim": claim,
        "hidden": at.seat.hides and claim.is_hidden,
        "quote": at.kept.text[claim.start : claim.end],
        "headline": mark_safe(headline(at, claim)),  # noqa: S308
        **said,
    }


def _signed(seat: Seat, printed: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The claims with initials and days, who the initials are, and when the change was."""
    every = [said for each in printed for kind in proof_work.KINDS for said in each.get(kind, ())]
    when = _times(seat, {said.revision for said in every} | {number})
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={said.who for said in every})}
    short = initials(names)
    for said in every:
        said.initials, said.when = short.get(said.who or 0, ""), when.get(said.revision)
    people = sorted((short[pk], names[pk]) for pk in short)
    return {"printed": printed, "people": people, "changed_at": None if seat.hides else when.get(number)}


def _times(seat: Seat, numbers: set[int]) -> dict[int, datetime]:
    rows = Revision.objects.filter(collection=seat.collection, number__in=numbers)
    return dict(rows.order_by().values_list("number", "created_at"))
