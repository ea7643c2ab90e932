"""What reviewers agree on, accepted many at once: first each that would be, and each that is left out, with why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from annotations import access, access_meanwhile, access_unanimous
from annotations.access import Seat
from annotations.domain.unanimous import CHANGED, GONE, in_the_way
from annotations.forms.accepting import AcceptForm, WhichForm
from annotations.models import ArticleDetails, ClaimState, Verdict
from annotations.services import unanimous as service
from annotations.views.answers import key_of
from annotations.views.entries import titles_of
from annotations.views.pages import collection_page
from annotations.views.versions import changed_it

NOTHING = "Nothing is accepted: all of the claims chosen have changed since you read them, or may not be accepted so."


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    quote: str
    url: str
    verdict: str
    verdict_label: str
    reviewers: int
    details: ArticleDetails | None
    read: str
    """as it is sent: the claim and its revision"""
    reasons: list[str]
    ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    access_unanimous.accepting(seat)
    if request.method != "POST":
        return _page(request, seat, AcceptForm())
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, form, 422)
    done = service.accept(
        seat.collection,
        author=seat.user,
        chosen=form.cleaned_data["claim"],
        rationale=form.cleaned_data["rationale"],
        key=key_of(request),
    )
    if done.revision is None:
        return _page(request, seat, form, 409, left_out=done.left_out)
    query = request.GET.copy()
    query["done"] = str(done.revision)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}#notices")


def _page(
    request: HttpRequest,
    seat: Seat,
    form: AcceptForm,
    status: int = 200,
    left_out: dict[int, str] | None = None,
) -> HttpResponse:
    which = WhichForm(request.GET)
    found = access_unanimous.agreed(
        seat,
        article=which.chosen("article"),
        chosen=which.claims,
        after=which.chosen("after") or 0,
    )
    rows = _rows(seat, found[: access_unanimous.SHOWN], _ticked(form))
    context = {
        "form": form,
        "takes": [row for row in rows if not row.reasons],
        "leaves": [row for row in rows if row.reasons],
        "further": _further(request, found),
        "narrowed": bool(which.claims or which.chosen("article") or which.chosen("after")),
        "trouble": NOTHING if left_out else "",
        "left_out": _named(seat, left_out or {}),
        "done": _done(seat, which.chosen("done")),
        "query": request.GET.urlencode(),
    }
    template = "annotations/claims_accept.html"
    return collection_page(request, seat, template, context, here="claims", status=status)


def _ticked(form: AcceptForm) -> frozenset[str] | None:
    """Of a form that was sent; None: all."""
    return frozenset(form.data.getlist("claim")) if form.is_bound else None  # type: ignore[attr-defined]


def _rows(seat: Seat, found: list[ClaimState], ticked: frozenset[str] | None) -> list[Row]:
    standings = service.standings(seat.collection, seat.user, [claim.span_id for claim in found])
    titles = titles_of(seat, {claim.span.article_id for claim in found})
    return [
        Row(
            claim.span_id,
            claim.span.quote,
            f"/c/{seat.collection.slug}/claims/{claim.span_id}/",
            claim.verdict or "",
            Verdict(claim.verdict).label if claim.verdict else "",
            sum(claim.counts.get(verdict, 0) for verdict in Verdict.values),
            titles.get(claim.span.article_id),
            read := f"{claim.span_id}-{claim.created_in}",
            in_the_way(standings[claim.span_id]),
            ticked is None or read in ticked,
        )
        for claim in found
        if claim.span_id in standings
    ]


def _further(request: HttpRequest, found: list[ClaimState]) -> str:
    """The address of the next ones, behind the last that is shown."""
    if len(found) <= access_unanimous.SHOWN:
        return ""
    query = request.GET.copy()
    query.pop("done", None)
    query["after"] = str(found[access_unanimous.SHOWN - 1].span_id)
    return query.urlencode()


def _done(seat: Seat, number: int | None) -> dict[str, Any] | None:
    """What was accepted just now, by the number of the change."""
    revision = access_unanimous.mine(seat, number) if number else None
    if revision is None:
        return None
    done = service.accepted_in(revision.number, revision.result)
    return {"number": revision.number, "spans": done.spans, "left_out": _named(seat, done.left_out, number)}


def _named(seat: Seat, left_out: Mapping[int, str], before: int | None = None) -> list[tuple[int, str]]:
    """Claim and why; of what somebody changed before that change, who and when."""
    changed = [span for span, why in left_out.items() if why in (CHANGED, GONE)]
    who = access_meanwhile.last_changes(seat, changed, before=before)
    said = {span: changed_it(seat, revision) for span, revision in who.items()}
    gone = {span: f"{GONE}: {words}" for span, words in said.items() if left_out[span] == GONE}
    return sorted({**left_out, **said, **gone}.items())
