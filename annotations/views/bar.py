"""Can it run? What stands in an article's way, in words, each with the way to the first such place and the next."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from annotations import access, access_legal
from annotations.models import Status
from annotations.views.answers import joined, page_or, toast
from annotations.views.card import card
from annotations.views.facts import facts_of, in_words, is_known, left_of
from annotations.views.reading import Kept, Reading, one_claim, reading

PARTS = {
    "must-fix": "must fix",
    "unanswered": "unanswered",
    "disagreement": "in disagreement",
    "disputed": "disputed",
    "legal": "held by legal",
}
UNANSWERED = (Status.TO_CHECK, Status.OPEN)
Place = tuple[int, int, int]
"""start, end, claim"""


class Seen(NamedTuple):
    """What the bar asks of a claim, as this person may see it."""

    id: int
    start: int
    end: int
    status: str
    verdict: str | None


@require_safe
def left_fragment(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    at = reading(request.user, slug, article_id)
    return page_or(request, at, None, lambda: joined([left(at, _claims(at))]))


@require_safe
def left_next(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The first place ?for=… behind ?after=start-end-claim, from the top again after the last."""
    at = reading(request.user, slug, article_id)
    wanted, found = request.GET.get("for", ""), _claims(at)
    if wanted == "facts":
        return HttpResponseRedirect(f"{at.url}#b{_first_block(at.kept, found)}")
    places = sorted(obstacles(at, found).get(wanted, []))
    after = place_after(request)
    place = next((each for each in places if each > after), places[0] if places else None)
    if place is None or (claim := one_claim(at, place[2])) is None:
        words = "Nothing of that kind is left."
        return page_or(request, at, None, lambda: joined([toast(words)]), words)
    return page_or(request, at, claim.id, lambda: joined([card(at, claim)]))


def place_after(request: HttpRequest) -> Place:
    """?after=start-end-claim"""
    parts = request.GET.get("after", "").split("-")
    numbers = [int(part) if part.isascii() and part.isdigit() and len(part) < 10 else 0 for part in parts]
    start, end, claim = (*numbers, 0, 0, 0)[:3]
    return start, end, claim


def left(at: Reading, found: Iterable[Any], *, opening: bool = False) -> str:
    """The bar's part. `found`: the claims that this person may see. To work out the facts of an article takes a while
    the first time: a page that opens goes without, and its script asks for them."""
    if at.kept.details.is_reference:
        return (
            '<div id="left" class="left"><span class="parts">Reference text: cited, not checked.</span></div>'
        )
    claims = list(found)
    ways = obstacles(at, claims)
    waits = opening and not at.seat.is_viewer and not is_known(at.kept)
    facts = (
        [] if waits or at.seat.is_viewer else left_of(at.kept, {(each.start, each.end) for each in claims})
    )
    links = list(_links(at, ways, len(facts)))
    inline = " · ".join(links) or _nothing(at, bool(claims))
    many = len({place for places in ways.values() for place in places})
    way = _sum(many, len(claims), len(facts)) or inline
    of_facts = _of_facts(at, facts)
    later = " data-later" if waits else f' data-open="{" ".join(map(str, facts))}"'
    return (
        f'<div id="left" class="left"{later}><span class="ask">Can it run?</span>'
        f'<span class="parts">{inline}</span>{of_facts}'
        f'<details class="menu sum"><summary><span class="way">{way}</span>{of_facts}</summary>'
        f'<div class="panel"><p class="who">Can it run?</p>{"".join(links) or f"<p>{inline}</p>"}</div></details></div>'
    )


def obstacles(at: Reading, found: Iterable[Any]) -> dict[str, list[Place]]:
    ways: dict[str, list[Place]] = {name: [] for name in PARTS}
    urgent, held = _must_fix(at), _held_by_legal(at)
    for claim in found:
        place = (claim.start, claim.end, claim.id)
        if claim.id in urgent:
            ways["must-fix"].append(place)
        if claim.status in UNANSWERED:
            ways["unanswered"].append(place)
        if claim.status == Status.CONTESTED:
            ways["disagreement"].append(place)
        if claim.verdict == "disputed":
            ways["disputed"].append(place)
        if claim.id in held:
            ways["legal"].append(place)
    return ways


def _claims(at: Reading) -> list[Seen]:
    rows = access.claims(at.seat).filter(span__article=at.article_id).order_by()
    columns = ("span", "span__start", "span__end", "shown_status", "shown_verdict")
    return [Seen(*row) for row in rows.values_list(*columns)]


def _must_fix(at: Reading) -> set[int]:
    """Claims of which somebody says that the text must change, where this person may know it."""
    if at.seat.is_viewer:
        return set()
    opinions = access.opinions(at.seat).filter(span__article=at.article_id, must_fix=True)
    return set(opinions.values_list("span", flat=True))


def _held_by_legal(at: Reading) -> set[int]:
    rows = access_legal.legal_in_the_way(at.seat).filter(span__article=at.article_id)
    return set(rows.values_list("span", flat=True))


def _links(at: Reading, ways: dict[str, list[Place]], facts: int) -> Iterator[str]:
    numbers = {name: (len(places), PARTS[name]) for name, places in ways.items()}
    numbers["facts"] = (facts, "fact uncovered" if facts == 1 else "facts uncovered")
    for name, (number, words) in numbers.items():
        if number:
            address = f"{at.url}left/next/?for={name}"
            yield f'<a href="{address}" data-do="left:{name}"><b>{number:,}</b> {words}</a>'


def _nothing(at: Reading, marked: bool) -> str:
    if at.seat.is_viewer:
        return "nothing settled is disputed" if marked else "nothing settled yet"
    if not marked:
        return "nothing marked yet"
    return "nothing left for you" if at.seat.hides else "Nothing stands in its way"


def _sum(many: int, every: int, facts: int) -> str:
    if many or not facts:
        return f"<b>{many:,}</b> of {every:,} in the way" if many else ""
    return f"<b>{facts:,}</b> {'fact' if facts == 1 else 'facts'} uncovered"


def _of_facts(at: Reading, open_facts: list[int]) -> str:
    if at.seat.is_viewer or not is_known(at.kept):
        return ""
    found = facts_of(at.kept)
    words = in_words(found[index] for index in open_facts) or "no fact"
    return f'<span class="of-facts">left: {escape(words)}</span>'


def _first_block(kept: Kept, found: list[Seen]) -> int:
    """Where the first fact is that no claim covers."""
    open_facts = left_of(kept, {(each.start, each.end) for each in found})
    first = facts_of(kept)[open_facts[0]].start if open_facts else 0
    starts: list[int] = [start for start in kept.starts if start <= first]
    return starts[-1] if starts else 0
