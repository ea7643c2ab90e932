"""The reader: an article, its claims beside it, and the fragments that it fetches."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from annotations import access, access_places
from annotations.access_waiting import open_to
from annotations.domain.segments import article_html
from annotations.models import Annotation, Aspect, Membership, Status
from annotations.services.links import parts_of
from annotations.views.answers import CHOOSE, NOTHING_MARKED, joined, page_or, shown, toast
from annotations.views.aspects import at_place
from annotations.views.bar import left, place_after
from annotations.views.beside import alone, wanted
from annotations.views.card import REASONS, card, claim_row, empty_card, unjudged
from annotations.views.desk import waits
from annotations.views.family import summed
from annotations.views.lone import tokened
from annotations.views.pages import collection_page
from annotations.views.plain import Placed, place_in, without_scripts
from annotations.views.preferences import reader_preferences
from annotations.views.reading import Claim, Reading, by_place, claims, marks, one_claim, reading
from annotations.views.since import revision
from annotations.views.waiting import answers_due
from annotations.views.work import reader_work

WINDOW = 50
CITED = "Reference text: cited, not checked."
LARGEST = 2**31 - 1
MOVED = "Claim {} has moved: it is claim {} now."
ONWARD = '<a class="button small" href="/next/" data-onward>Go on there <kbd>u</kbd></a>'
NEEDS_WORK = (Status.TO_CHECK, Status.OPEN, Status.CONTESTED)


@require_safe
def article_detail(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    at = reading(request.user, slug, article_id)
    try:
        other = wanted(request, at)
    except Http404 as missing:
        return alone(request, at, missing)
    found = sorted(claims(at), key=lambda claim: (claim.start, claim.end, claim.id))
    mine = _mine(at, found)
    place = place_in(request, at)
    chosen, note = _wanted(request, at, found, place)
    window = _window(found, chosen)
    context = {
        "article": at.kept.details,
        "found_at": found_at if (found_at := at.kept.details.url).startswith(("https://", "http://")) else "",
        "url": at.url,
        "text": _safe(article_html(at.kept.text, at.kept.blocks, marks(at.seat, found))),
        "long": at.kept.is_long,
        "card": _safe(note + tokened(request, _card(at, found, chosen, place))),
        "no_card": _safe(empty_card(CHOOSE)),
        "rows": _safe(_rows(at, window)),
        "earlier": window[0] != found[0] if window else False,
        "total": len(found),
        "left": _safe(left(at, found, opening=True)),
        "mine": _listed(mine),
        "plain": without_scripts(at, chosen, place, mine),
        "reasons": REASONS.items(),
        "may_mark": at.may_mark,
        "lacks": _lacks(at),
        "revision": revision(at.seat),
        **reader_preferences(at.seat),
    } | reader_work(at)
    context |= other
    return collection_page(request, at.seat, "annotations/article_detail.html", context, here="articles")


def _card(at: Reading, found: list[Claim], chosen: Claim | None, place: Placed | None) -> str:
    if chosen:
        return card(at, chosen, found)
    return unjudged(at, *place) if place else empty_card(*([CHOOSE] if found else _nothing(at)))


@require_safe
def card_fragment(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The claim ?claim=, or those at ?start=…&end=…"""
    at = reading(request.user, slug, article_id)
    if "claim" in request.GET:
        return _one(request, at, _number(request, "claim"))
    if (aspect := request.GET.get("aspect")) in Aspect.values:
        return _aspect(request, at, aspect)
    start, end = _number(request, "start"), _number(request, "end")
    found = claims(at, span__start__lt=max(end, start + 1), span__end__gt=start)
    exact = [claim for claim in found if (claim.start, claim.end) == (start, end)]
    found = [group[0] for group in by_place(exact or found)]
    found.sort(key=lambda claim: (claim.start, claim.end))
    chosen = found[0].id if len(found) == 1 else None
    return page_or(request, at, chosen, lambda: joined([shown(at, found)]))


def _one(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    """The claim, or where it has gone."""
    there = span_id if one_claim(at, span_id) else access_places.moved_to(at.seat, span_id)
    claim = one_claim(at, there) if there else None
    note = toast(MOVED.format(span_id, claim.id)) if claim and claim.id != span_id else ""
    return page_or(request, at, span_id, lambda: joined([shown(at, [claim] if claim else []), note]))


def _aspect(request: HttpRequest, at: Reading, aspect: str) -> HttpResponse:
    """What of the words at ?start=…&end=… is judged: a claim, or one that it may become."""
    start, end = _number(request, "start"), _number(request, "end")
    if not 0 <= start < end <= len(at.kept.text):
        raise Http404("There are no such words.")
    claim = at_place(at, start, end).get(aspect)
    html = card(at, claim) if claim else unjudged(at, start, end, aspect)
    return page_or(request, at, claim and claim.id, lambda: joined([html]))


@require_safe
def claims_fragment(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The next claims of the list, in the order of the text, behind ?after=start-end-id."""
    at = reading(request.user, slug, article_id)
    found = sorted(
        claims(at, span__start__gte=place_after(request)[0]),
        key=lambda claim: (claim.start, claim.end, claim.id),
    )
    rest = [claim for claim in found if (claim.start, claim.end, claim.id) > place_after(request)]
    return page_or(request, at, None, lambda: joined([_rows(at, rest[: WINDOW + 1])]))


@require_safe
def next_fragment(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The next claim behind ?after= that needs this person, from the top again after the last."""
    at = reading(request.user, slug, article_id, Membership.Role.REVIEWER)
    mine = Annotation.objects.current().filter(span=OuterRef("span"), reviewer=at.seat.user)
    rows = access.claims(at.seat).filter(~Exists(mine), **{"shown_status__in": NEEDS_WORK})
    rows = rows.filter(open_to(at.seat))
    waiting = sorted(claims(at, rows), key=lambda claim: (claim.start, claim.end))
    after = _number(request, "after")
    found = next((claim for claim in waiting if claim.start >= after), waiting[0] if waiting else None)
    if found is None:
        link = ONWARD if waits(at.seat.user) else ""
        words = f"Nothing here waits for you{', but elsewhere: u again goes there.' if link else '.'}"
        return page_or(request, at, None, lambda: joined([toast(words, link=link)]), words)
    return page_or(request, at, found.id, lambda: joined([card(at, found)]))


def _rows(at: Reading, found: list[Claim]) -> str:
    """Up to a window of lines; where one more was given, a button that fetches what follows."""
    sums = parts_of(access.claims(at.seat), [claim.id for claim in found[:WINDOW]])
    due = answers_due(at, found[:WINDOW])
    rows = "".join(
        claim_row(at, claim, summed(sums.get(claim.id, {})), due.get(claim.id, ""))
        for claim in found[:WINDOW]
    )
    if len(found) <= WINDOW:
        return rows
    last = found[WINDOW - 1]
    path = f"claims/?after={last.start}-{last.end}-{last.id}"
    further = f"?claim={found[WINDOW].id}#c{found[WINDOW].id}"
    more = f'<button type="button" class="button quiet small" data-more="{path}">Show more claims</button>'
    link = f'<noscript><a href="{further}">The next claims</a></noscript>'
    return f'{rows}<li class="more" id="more">{more}{link}</li>'


def _window(found: list[Claim], chosen: Claim | None) -> list[Claim]:
    """One more than is shown, beginning a little before the chosen claim."""
    first = max(0, found.index(chosen) - 5) if chosen and found.index(chosen) >= WINDOW else 0
    return found[first : first + WINDOW + 1]


def _wanted(
    request: HttpRequest, at: Reading, found: list[Claim], place: Placed | None
) -> tuple[Claim | None, str]:
    """The claim asked for, by number or place, and, where it has moved, a line that says so."""
    if place:
        return next((claim for claim in found if (claim.start, claim.end, claim.aspect) == place), None), ""
    wanted, known = _number(request, "claim"), {claim.id: claim for claim in found}
    if wanted in known or not wanted:
        return known.get(wanted), ""
    claim = known.get(access_places.moved_to(at.seat, wanted) or 0)
    return claim, f'<p class="notice moved">{MOVED.format(wanted, claim.id)}</p>' if claim else ""


def _mine(at: Reading, found: list[Claim]) -> dict[Placed, int]:
    """Where I have an opinion, the version of it: the base of my next edit."""
    if not at.seat.may_annotate or not found:
        return {}
    rows = access.opinions(at.seat).filter(reviewer=at.seat.user, span__article=at.article_id)
    columns = ("pk", "span__start", "span__end", "span__aspect")
    return {(start, end, aspect): pk for pk, start, end, aspect in rows.values_list(*columns)}


def _listed(mine: dict[Placed, int]) -> str:
    """place:version; a place is start-end, with -said or -wording behind it where the opinion is not of the fact."""
    return " ".join(
        f"{start}-{end}{'' if aspect == Aspect.FACT else f'-{aspect}'}:{pk}"
        for (start, end, aspect), pk in mine.items()
    )


def _lacks(at: Reading) -> tuple[str, str]:
    """The keys that do nothing for this person, and why."""
    seat = at.seat
    if at.kept.details.is_reference:
        return "mvdnxwezufc123opgl", CITED
    if seat.may_annotate:
        return "", ""
    if seat.is_viewer:
        return "mvdnxwezufc", "Viewers read what is settled; reviewers and editors mark, tag and add sources."
    return "mvdnxw", "In a blind collection editors see everything, so they do not review."


def _nothing(at: Reading) -> tuple[str, ...]:
    if at.kept.details.is_reference:
        return (f"{CITED} Open it beside an article that you check.",)
    return NOTHING_MARKED if at.seat.may_annotate else ("Nothing is settled here yet.",)


def _number(request: HttpRequest, name: str) -> int:
    raw = request.GET.get(name, "")
    return min(int(raw), LARGEST) if raw.isascii() and raw.isdigit() and len(raw) < 20 else 0


def _safe(html: str) -> SafeString:
    """Built by functions that escape every value they put in."""
    return mark_safe(html)  # noqa: S308
