"""A page of the list of claims, found within bounds (ADR 22).

Where something that is asked for has few claims, they are looked through whole. Otherwise the claims are walked in
order, along an index: at most so many for one page, and the page says so and goes on from there.
"""

from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from annotations import access
from annotations.access import Seat
from annotations.access_claims import Parts, Wanted, fitting, is_plain, parts, sets
from annotations.access_dues import Due, dues
from annotations.access_search import search
from annotations.models import ClaimState, Span

LOOKED = 10_000
"""So many claims are looked at for one page, at most."""
FEW = 4_000
"""A set of so many is looked through whole."""
ARTICLES = 200
"""So many articles at a time, where the order is theirs."""
LAST = 10**18 - 1
"""Behind every claim of an article."""

Rows = list[ClaimState]


@dataclass(frozen=True, slots=True)
class Listed:
    """`after`: where what follows begins, empty at the end. `looked`: so many claims were looked at, and the page is
    not full yet. `more`: of the words, or of what is due, not all was looked through."""

    rows: Rows
    after: str = ""
    looked: int = 0
    more: bool = False
    dues: dict[int, Due] = field(default_factory=dict)


def listed(seat: Seat, wanted: Wanted, after: str, size: int) -> Listed:
    named, more, due = _named(seat, wanted)
    if wanted.words:
        if named is None and wanted.sort != "article":
            return _holding(seat, wanted, after, size)
        found = search(seat, wanted.words, among=named)
        named, more = found.spans, more or found.more
    if wanted.sort == "due":
        page = _by_due(seat, wanted, sorted(named or [], key=lambda span: (due[span], span)), after, size)
    elif named is not None:
        rows = fitting(seat, wanted).filter(span__in=named)
        page = _page(list(_after(rows, wanted, after)[: size + 1]), wanted, size)
    elif wanted.sort == "article":
        page = _by_article(seat, wanted, after, size)
    else:
        page = _walk(seat, wanted, after, size)
    return Listed(page.rows, page.after, page.looked, more, due)


def _named(seat: Seat, wanted: Wanted) -> tuple[list[int] | None, bool, dict[int, Due]]:
    """The claims that a day names, or a filter that has few; whether there may be more of them."""
    if wanted.due or wanted.sort == "due":
        known = dues(seat, wanted.due, wanted.article)
        return sorted(known.by_claim), known.more, known.by_claim
    return _few(seat, wanted), False, {}


def _holding(seat: Seat, wanted: Wanted, after: str, size: int) -> Listed:
    """Of the next claims that hold the words, those that fit."""
    at = _numbers(after, 1)
    found = search(seat, wanted.words, behind=at[0] if at else None, oldest=wanted.sort == "oldest")
    rows = list(_after(fitting(seat, wanted).filter(span__in=found.spans), wanted, after)[: size + 1])
    if len(rows) > size or not found.more:
        return _page(rows, wanted, size)
    return Listed(rows, str(found.spans[-1]), len(found.spans))


def _few(seat: Seat, wanted: Wanted) -> list[int] | None:
    for one in sets(seat, wanted):
        spans = list(one[: FEW + 1])
        if len(spans) <= FEW:
            return sorted(set(spans))
    return None


def _order(wanted: Wanted) -> list[Any]:
    match wanted.sort:
        case "oldest":
            return ["span"]
        case "article":
            return [F("span__article").desc(), "span__start", "span"]
    return ["-span"]


def _at(row: Any, wanted: Wanted) -> str:
    """Where the row stands in the order."""
    if wanted.sort == "article":
        return f"{row.span.article_id}-{row.span.start}-{row.span_id}"
    return str(row.span_id)


def _numbers(after: str, count: int) -> list[int] | None:
    """As `_at` wrote them; None where nobody did."""
    found = after.split("-")
    known = len(found) == count and all(n.isascii() and n.isdigit() and len(n) < 19 for n in found)
    return [int(n) for n in found] if known else None


def _after(rows: QuerySet[ClaimState], wanted: Wanted, after: str) -> Any:
    rows = rows.select_related("span").order_by(*_order(wanted))
    if wanted.sort == "article":
        if at := _numbers(after, 3):
            article, start, span = at
            later = Q(span__start__gt=start) | Q(span__start=start, span__gt=span)
            return rows.filter(span__article__lte=article).filter(Q(span__article__lt=article) | later)
    elif at := _numbers(after, 1):
        return rows.filter(span__gt=at[0]) if wanted.sort == "oldest" else rows.filter(span__lt=at[0])
    return rows


def _page(rows: Rows, wanted: Wanted, size: int) -> Listed:
    return Listed(rows[:size], _at(rows[size - 1], wanted) if len(rows) > size else "")


def _by_due(seat: Seat, wanted: Wanted, spans: list[int], after: str, size: int) -> Listed:
    """`spans` in the order of their days: a page begins behind a claim."""
    fit = set(fitting(seat, wanted).filter(span__in=spans).values_list("span", flat=True))
    spans = [span for span in spans if span in fit]
    at = _numbers(after, 1)
    start = spans.index(at[0]) + 1 if at and at[0] in fit else 0
    page = spans[start : start + size]
    by_span = {row.span_id: row for row in fitting(seat, wanted).filter(span__in=page).select_related("span")}
    rows = [by_span[span] for span in page if span in by_span]
    return Listed(rows, str(page[-1]) if spans[start + size :] else "")


def _walk(seat: Seat, wanted: Wanted, after: str, size: int) -> Listed:
    """In the order of claims, newest or oldest first, along each part at once."""
    oldest = wanted.sort == "oldest"
    stretches = parts(seat, wanted)
    edge = None if is_plain(seat, wanted) else _edge(seat, stretches, wanted, after)
    found = []
    for part in stretches:
        rows = _after(fitting(seat, wanted).filter(**part), wanted, after)
        if edge is not None:
            rows = rows.filter(span__lte=edge) if oldest else rows.filter(span__gte=edge)
        found.append(list(rows[: size + 1]))
    rows = list(merge(*found, key=lambda row: row.span_id, reverse=not oldest))
    if len(rows) > size or edge is None:
        return _page(rows, wanted, size)
    return Listed(rows, str(edge), LOOKED * len(stretches))


def _edge(seat: Seat, stretches: Parts, wanted: Wanted, after: str) -> int | None:
    """The claim up to which one looks: the nearest of the last that each part has within its bound."""
    edges = []
    for part in stretches:
        live = ClaimState.objects.current().filter(collection=seat.collection, **part)
        edges += _after(live, wanted, after).values_list("span", flat=True)[LOOKED - 1 : LOOKED]
    if not edges:
        return None
    return min(edges) if wanted.sort == "oldest" else max(edges)


def _by_article(seat: Seat, wanted: Wanted, after: str, size: int) -> Listed:
    """Article by article, the newest first, in the order of its text."""
    window, looked, ends = _window(seat, _numbers(after, 3))
    rows = fitting(seat, wanted).filter(span__article__in=window)
    found = list(_after(rows, wanted, after)[: size + 1])
    if len(found) > size or ends:
        return _page(found, wanted, size)
    return Listed(found, f"{window[-1]}-{LAST}-{LAST}", looked)


def _window(seat: Seat, at: list[int] | None) -> tuple[list[int], int, bool]:
    """The next articles that together have no more claims than are looked at, but one at least; how many claims they
    have, and whether they are the last."""
    articles = access.articles(seat).order_by("-article")
    if at:
        articles = articles.filter(**{"article__lt" if at[1] == LAST else "article__lte": at[0]})
    ids = list(articles.values_list("article", flat=True)[: ARTICLES + 1])
    marked = Span.objects.filter(article__in=ids).order_by()
    counts = dict(marked.values_list("article").annotate(Count("pk")))
    window, looked = ids[:1], counts.get(ids[0], 0) if ids else 0
    for article in ids[1:ARTICLES]:
        if looked + counts.get(article, 0) > LOOKED:
            break
        window.append(article)
        looked += counts.get(article, 0)
    return window, looked, len(window) == len(ids)
