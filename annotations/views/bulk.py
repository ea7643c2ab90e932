"""Many claims at once: picked in the list, looked at before anything is done, then done in one change."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from annotations import access, access_claims, access_meanwhile
from annotations.access import Seat
from annotations.access_listing import listed
from annotations.models import ClaimState
from annotations.services.errors import Invalid
from annotations.services.ledger import KeyReused
from annotations.services.many import MOST, Many
from annotations.views.bulk_actions import ACTIONS, Action, Asked, form_of
from annotations.views.claim_list import filter_form, with_articles
from annotations.views.pages import collection_page
from annotations.views.reading import counted
from annotations.views.versions import changed_it

GONE = "It is no longer there"
ALREADY = "It is so already."
CHANGED = "Somebody changed it after you looked"
AGAIN = "Open it, then pick it again."


@dataclass(frozen=True, slots=True)
class Picked:
    """`more`: others fit too."""

    spans: list[int]
    query: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """The claims picked: those that it touches, and the others with why not."""

    touched: list[ClaimState]
    left: dict[int, str]
    claims: list[ClaimState]


@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Without a `confirm` it is only shown what would come of it."""
    seat = access.seat(request.user, slug)
    access_claims.acting(seat)
    action = _action(seat, request.POST)
    picked = _picked(seat, request.POST)
    if action is None or not picked.spans:
        messages.error(request, "Pick at least one claim, and choose what to do with it.")
        return redirect(f"{_list(seat, picked)}#notices")
    confirmed = "confirm" in request.POST
    form = form_of(action, seat, request.POST if confirmed or "again" in request.POST else None)
    if confirmed and form.is_valid():
        return _confirmed(request, seat, action, picked, form)
    return _preview(request, seat, action, picked, form, 422 if confirmed else 200)


def _action(seat: Seat, data: QueryDict) -> Action | None:
    action = ACTIONS.get(data.get("do", ""))
    if action and not action.may(seat):
        raise PermissionDenied("This is not yours to do in this collection.")
    return action


def _picked(seat: Seat, data: QueryDict) -> Picked:
    query = data.get("query", "")[:2_000]
    if data.get("everything"):
        found = listed(seat, filter_form(seat, QueryDict(query)).wanted, "", MOST)
        return Picked([row.span_id for row in found.rows], query, bool(found.after))
    named = [*data.getlist("pick"), *data.get("picks", "").split(",")]
    spans = [int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 19]
    return Picked(list(dict.fromkeys(spans))[:MOST], query, len(set(spans)) > MOST)


def _sorted(seat: Seat, action: Action, spans: list[int], form: forms.Form) -> Sorted:
    rows = access.claims(seat).filter(span__in=spans).select_related("span")
    there = {row.span_id: row for row in rows}
    claims = [there[span] for span in spans if span in there]
    chosen = form.cleaned_data if form.is_bound and form.errors is not None else {}  # errors: after cleaning
    gone = [span for span in spans if span not in there]
    took = access_meanwhile.last_changes(seat, gone)
    left = {span: f"{GONE}: {changed_it(seat, took[span])}." if span in took else f"{GONE}." for span in gone}
    left |= dict(action.left_out(seat, claims, chosen))
    return Sorted([row for row in claims if row.span_id not in left], left, claims)


def _preview(
    request: HttpRequest, seat: Seat, action: Action, picked: Picked, form: forms.Form, status: int = 200
) -> HttpResponse:
    found = _sorted(seat, action, picked.spans, form)
    whom = (form.cleaned_data if form.is_bound else {}).get("reviewer", "a reviewer")
    if "confirm" not in request.POST:
        form.errors.clear()  # nothing was confirmed yet
    context = _told(seat, action, picked, found.left, found.claims) | {
        "form": form,
        "touched": with_articles(seat, found.touched),
        "shown": ",".join(str(row.span_id) for row in found.touched),
        "title": action.title.format(claims=counted(len(found.touched), "claim"), whom=whom)
        if found.touched
        else action.label,
        "seen": seat.collection.head,
        "key": uuid4().hex,
    }
    return collection_page(request, seat, "annotations/bulk.html", context, here="claims", status=status)


def _told(
    seat: Seat, action: Action, picked: Picked, left: dict[int, str], claims: list[ClaimState]
) -> dict[str, Any]:
    rows = {row["id"]: row for row in with_articles(seat, [row for row in claims if row.span_id in left])}
    return {
        "action": action,
        "do": next(name for name, each in ACTIONS.items() if each is action),
        "picked": picked,
        "picks": ",".join(map(str, picked.spans)),
        "most": MOST,
        "left": [(span, why, rows.get(span)) for span, why in left.items()],
        "list": _list(seat, picked),
    }


def _confirmed(
    request: HttpRequest, seat: Seat, action: Action, picked: Picked, form: forms.Form
) -> HttpResponse:
    """Of what was shown, what still fits; whatever does not is named."""
    wanted, seen = set(request.POST.get("shown", "").split(",")), request.POST.get("seen", "")
    shown = [span for span in picked.spans if str(span) in wanted]
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    asked = Asked(shown, form.cleaned_data, number, request.POST.get("key", "")[:64] or uuid4().hex)
    found = _sorted(seat, action, shown, form)
    try:
        done = action.do(seat, asked)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _preview(request, seat, action, picked, form, 422)
    except KeyReused:
        form.add_error(
            None, "This was sent before, with other choices. Look at it once more, then send it again."
        )
        return _preview(request, seat, action, picked, form, 409)
    return _outcome(request, seat, action, picked, found, done)


def _outcome(
    request: HttpRequest, seat: Seat, action: Action, picked: Picked, found: Sorted, done: Many
) -> HttpResponse:
    who = access_meanwhile.last_changes(seat, done.changed, before=done.revision)
    said = {span: changed_it(seat, who[span]) if span in who else CHANGED for span in done.changed}
    why = {span: f"{words}. {AGAIN}" for span, words in said.items()} | found.left
    there = [row.span_id for row in found.claims]
    shown = there + [span for span in found.left if span not in set(there)]
    left = {span: why.get(span, ALREADY) for span in shown if span not in set(done.touched)}
    what = _said(seat, action, done)
    if not left:
        messages.success(request, what)
        return redirect(f"{_list(seat, picked)}#notices")
    context = _told(seat, action, picked, left, found.claims) | {
        "over": True,
        "done": what if done.touched else "",
    }
    status = 200 if done.touched else 409
    return collection_page(request, seat, "annotations/bulk.html", context, here="claims", status=status)


def _said(seat: Seat, action: Action, done: Many) -> str:
    where = f"/c/{seat.collection.slug}/history/{done.revision}/"
    claims = counted(len(done.touched), "claim")
    return format_html(
        '<span>{}: {}. That is <a href="{}">change {}</a>, which can be undone as one.</span>',
        claims,
        action.done,
        where,
        done.revision,
    )


def _list(seat: Seat, picked: Picked) -> str:
    query = f"?{picked.query}" if picked.query else ""
    return f"/c/{seat.collection.slug}/claims/{query}"
