"""My desk: what waits for me, in all my collections; and the way from one such thing to the next."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations import access, access_articles
from annotations.access import Seat
from annotations.models import Revision, User
from annotations.views.due import Item, Waiting, in_hand, waiting_for, worded

SHOWN = 12
COUNTED = 100
"""Beyond this many the page says "more than": nobody plans a day by the exact number."""
HEADS = {
    "back": ("Sent back to you", "sent back"),
    "mention": ("You are mentioned", "where you are mentioned"),
    "legal": ("Legal reads", "to read for the law"),
    "hand": ("Handed to you", "handed to you"),
    "answer": ("Answers due", "with an answer due"),
    "decide": ("To decide", "to decide"),
    "again": ("Check again", "to check again"),
    "check": ("To check", "to check"),
}
"""kind → its heading, and how its number is said"""
SAID = {"decide": "Reviewers disagree", "again": "Their day has come"}


@dataclass
class Section:
    """`rest`: how many there are, where only the first are shown."""

    kind: str
    head: str
    lines: list[Item]
    said: str
    rest: str = ""


@dataclass
class Place:
    """A collection of mine, and what waits for me in it."""

    seat: Seat
    articles: int
    to_check: str
    to_decide: str
    first: str = ""
    """the kind of what is to decide: where it begins"""


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """?all=check shows all of that kind, ?in=slug all that waits in that collection."""
    seats = access.seats(request.user)  # type: ignore[arg-type]
    waits = waiting_for(seats)
    only = next((seat for seat in seats if seat.collection.slug == request.GET.get("in")), None)
    articles = _article_counts(seats)
    context = {
        "places": [_place(seat, articles[seat.collection.pk], waits) for seat in seats],
        "only_reads": all(seat.is_viewer for seat in seats),
        "headline": _headline(waits),
        "next_due": waits.next_due,
        "sections": _sections(waits, only, request.GET.get("all", "")),
        "only": only,
        "in_hand": in_hand(waits.hands),
    }
    return render(request, "annotations/desk.html", context)


@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """The first thing that waits for me; behind the claim ?after= what comes after it, and from the top again."""
    items = waiting_for(access.seats(request.user)).in_order()  # type: ignore[arg-type]
    raw = request.GET.get("after", "")
    after = (int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0) or -1
    at = next((nth for nth, item in enumerate(items) if item.span == after), -1)
    found = next((item for item in [*items[at + 1 :], *items[: at + 1]] if item.span != after), None)
    if found is None:
        messages.info(request, "Nothing else waits for you." if items else "Nothing waits for you.")
        return redirect("desk")
    return redirect(found.url)


def waits(user: User) -> bool:
    return bool(waiting_for(access.seats(user)).in_order())


def _headline(waits: Waiting) -> str:
    """ "2 sent back, 14 to check" """
    said = [
        f"{counted(len(waits.kinds[kind]))} {words}"
        for kind, (_, words) in HEADS.items()
        if waits.kinds[kind]
    ]
    line = ", ".join(said)
    return line[:1].upper() + line[1:]


def _sections(waits: Waiting, only: Seat | None, whole: str) -> list[Section]:
    """The one with what is first of all before the others: there `u` begins."""
    found = []
    for kind in waits.kinds_in_order():
        items = [item for item in waits.kinds[kind] if only in (None, item.seat)]
        most = COUNTED if only or whole == kind else SHOWN
        if items:
            rest = counted(len(items)) if len(items) > most else ""
            said = f"The first {most} of {rest}" if rest else SAID.get(kind, "")
            found.append(Section(kind, HEADS[kind][0], items[:most], said, rest if most == SHOWN else ""))
    worded([item for section in found for item in section.lines])
    return found


def _place(seat: Seat, articles: int, waits: Waiting) -> Place:
    check, decide = (
        sum(item.seat is seat for kind in kinds for item in waits.kinds[kind])
        for kinds in (("check",), ("decide", "again"))
    )
    first = next(
        (item.kind for kind in ("decide", "again") for item in waits.kinds[kind] if item.seat is seat), ""
    )
    return Place(seat, articles, counted(check), counted(decide) if decide else "", first)


def counted(number: int) -> str:
    return str(number) if number <= COUNTED else f"more than {COUNTED}"


def _article_counts(seats: list[Seat]) -> dict[int, int]:
    heads = [(seat.collection.pk, seat.collection.head) for seat in seats]
    last = Revision.objects.filter(collection__in=[pk for pk, _ in heads], number__in=[n for _, n in heads])
    counts: dict[Any, int] = {
        (home, number): articles
        for home, number, articles in last.values_list("collection", "number", "articles")
    }
    cited = access_articles.reference_counts(pk for pk, _ in heads)
    return {pk: counts.get((pk, head), 0) - cited.get(pk, 0) for pk, head in heads}
