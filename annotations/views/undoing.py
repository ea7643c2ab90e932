"""Several changes of the history undone at once: what would come of it is read first, then agreed to."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from annotations import access, access_history, access_meanwhile, access_undo
from annotations.access import Seat
from annotations.models import Revision
from annotations.services import undo as service
from annotations.services.errors import Invalid, OthersWork
from annotations.services.ledger import KeyReused, Stale
from annotations.services.reversal import Reversal
from annotations.services.undo import LASTING, MOST, Plan
from annotations.views.answers import STATUS, key_of
from annotations.views.changed import what_would_change
from annotations.views.entries import Entry, entries
from annotations.views.history import filter_form
from annotations.views.pages import collection_page
from annotations.views.standing import MOST as TOLD
from annotations.views.standing import claim_link, with_links
from annotations.views.undone import many
from annotations.views.versions import changed_it

PICKED = ("person", "action", "article", "claim", "from", "to", "after")
UNTOLD = "later work depends on it"


@require_http_methods(["GET", "HEAD", "POST"])
def undo_several(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, "reviewer")
    sent = request.POST if request.method == "POST" else request.GET
    try:
        numbers, more = _picked(seat, sent)
        if request.method == "POST":
            return _undo(request, seat, numbers)
        return _preview(request, seat, numbers, more=more)
    except Invalid as refusal:
        context = {"refusal": refusal, "changed": None, "back": _back(sent)}
        return collection_page(
            request, seat, "annotations/undo_several.html", context, here="history", status=422
        )


def _picked(seat: Seat, sent: QueryDict) -> tuple[list[int], bool]:
    """The changes, and whether there are more than can be undone at once."""
    if "all" in sent:
        return _all_shown(seat, sent)
    raw = sent.getlist("n")
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in raw):
        raise Http404("No such change in this collection.")
    numbers = sorted({int(each) for each in raw})
    if not numbers:
        raise Invalid("Tick the changes first that you want to undo.")
    if len(numbers) <= MOST:
        access_undo.all_undoable(seat, numbers)
    return numbers, False


def _all_shown(seat: Seat, sent: QueryDict) -> tuple[list[int], bool]:
    """Of what the filter shows, what the person may undo and nobody has."""
    form = filter_form(seat, sent)
    wanted = form.wanted(None)
    if form.errors:
        raise Http404("No such part of the history.")
    rows = list(access_history.history(seat, wanted).exclude(action=LASTING)[: MOST + 1])
    mine = access_undo.may_undo(seat, rows[:MOST])
    return service.not_undone(seat.collection, mine), len(rows) > MOST


def _undo(request: HttpRequest, seat: Seat, numbers: list[int]) -> HttpResponse:
    seen, key = request.POST.get("seen", ""), key_of(request)
    try:
        number = service.undo_many(seat.collection, author=seat.user, numbers=numbers, seen=seen, key=key)
    except (OthersWork, Stale) as refusal:
        return _preview(request, seat, numbers, has_changed=True, status=STATUS[type(refusal)])
    except KeyReused as refusal:
        raise Invalid("This page was sent before, for other changes. Choose them again.") from refusal
    are = "is" if len(numbers) == 1 else "are"
    messages.success(
        request, f"{many(len(numbers))} {are} undone. That is change {number}, and can be undone too."
    )
    return redirect(f"/c/{seat.collection.slug}/history/#notices")


def _preview(
    request: HttpRequest,
    seat: Seat,
    numbers: list[int],
    *,
    more: bool = False,
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    plan = service.plan(seat.collection, numbers) if numbers else Plan([], Reversal(), {})
    rows = Revision.objects.filter(collection=seat.collection, number__in=numbers)
    told = {each.number: each for each in entries(seat, rows.select_related("author").order_by("-number"))}
    context: dict[str, Any] = {
        "plan": plan,
        "changed": what_would_change(seat, plan.change),
        "chosen": [told[number] for number in reversed(plan.numbers)],
        "refused": _refused(seat, plan, told),
        "count": many(len(plan.numbers)),
        "more": MOST if more else 0,
        "has_changed": has_changed,
        "who": _who(seat, plan, sent) if has_changed else [],
        "head": seat.collection.head,
        "key": uuid4(),
        "back": _back(sent),
    }
    return collection_page(
        request, seat, "annotations/undo_several.html", context, here="history", status=status
    )


def _who(seat: Seat, plan: Plan, sent: QueryDict) -> list[str]:
    """Who changed these claims since the page was made, and when, as far as the person may know."""
    head = sent.get("head", "")
    after = int(head) if head.isascii() and head.isdigit() and len(head) < 10 else seat.collection.head
    of = access_meanwhile.SAID
    who = access_meanwhile.last_changes(seat, plan.change.claims, after=after, of=of)
    told = {each.number: (span, each) for span, each in sorted(who.items(), reverse=True)}
    lines = [
        format_html("{}: {}.", claim_link(seat, span, f"Claim {span}"), changed_it(seat, each))
        for _, (span, each) in sorted(told.items())
    ]
    rest = len(lines) - TOLD
    return [*lines[:TOLD], f"And {many(rest)} more."] if rest > 0 else [*lines]


def _refused(seat: Seat, plan: Plan, told: dict[int, Entry]) -> list[tuple[Entry, Sequence[str]]]:
    numbers = sorted(plan.refused, reverse=True)
    if not access.may_tell(seat):
        return [(told[number], [UNTOLD]) for number in numbers]
    whys = with_links(seat, [plan.refused[number] for number in numbers], TOLD)
    return [(told[number], why) for number, why in zip(numbers, whys, strict=True)]


def _back(sent: QueryDict) -> str:
    """The history as it was shown."""
    query = QueryDict(mutable=True)
    for name in PICKED:
        if sent.get(name):
            query[name] = str(sent[name])
    return query.urlencode()
