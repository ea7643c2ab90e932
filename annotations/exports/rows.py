"""The claim row: one builder for the API's span objects, the exports and the changes feed.

Everything is read as of one revision, which no later write changes: so a long export needs no transaction. Claims
come a chunk at a time, in the order of their ids, and each part of a chunk is one statement.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from annotations import access
from annotations.domain.offsets import Utf16
from annotations.exports.filters import EVERY_CLAIM, Filters, narrowed
from annotations.exports.utf16 import utf16_of
from annotations.models import ArticleDetails, ClaimState, Revision, Source, Status
from annotations.models.prepared import Prepared, Question, Rows, together

CHUNK = 2000
ARTICLES_AT_ONCE = 50
IDS_AT_ONCE = 10_000
FORMER = "former member"
NOT_CHECKABLE = Status.NOT_CHECKABLE.value

Row = dict[str, Any]
Work = tuple[list[Row], list[Row], Row | None]
"""reviews, evidence, ruling"""
States = Rows
"""values of STATE"""
Times = dict[int, datetime]
"""by the number of the revision"""

STATE = (
    "span_id",
    "shown_status",
    "shown_verdict",
    "created_in",
    "span__article_id",
    "span__start",
    "span__end",
    "span__quote",
    "span__prefix",
    "span__suffix",
    "span__aspect",
    "reason",
)
OPEN_STATE = tuple(name.removeprefix("shown_") for name in STATE)
"""The same for who sees everything."""


def states(seat: access.Seat, at: int, filters: Filters = EVERY_CLAIM) -> Any:
    """The claims that the person may see, as of a revision.

    They are walked by their ids. `+ 0` keeps databases from looking up all that was written until then, to sort it anew
    for each chunk.
    """
    rows = ClaimState.objects.alias(written=F("created_in") + 0).filter(written__lte=at, retired_in__gt=at)
    return narrowed(seat, at, access.visible_claims(seat, rows), filters)


def claim_rows(
    seat: access.Seat, at: int, filters: Filters = EVERY_CLAIM, chunk: int = CHUNK
) -> Iterator[Row]:
    builder = Builder(seat, at)
    pages = _found_first if filters.text else _walked
    for page in pages(seat, at, filters, chunk):
        yield from builder.rows(page)


STATES_OF = access.Seated(
    lambda seat, at, ids: states(seat, at).filter(span__among=ids).order_by("span_id").values_list(*STATE),
    *(int, list),
)


def first_rows(seat: access.Seat, at: int, filters: Filters, most: int) -> list[Row]:
    found = states(seat, at, filters).order_by("span_id").values_list(*STATE)
    return Builder(seat, at).rows(list(found[:most]))


def some_rows(seat: access.Seat, at: int, filters: Filters, first: int, most: int) -> list[Row]:
    """Those before `first` are passed over by their ids alone, which an index holds."""
    ids = states(seat, at, filters).order_by("span_id").values_list("span_id", flat=True)
    found = states(seat, at).filter(span_id__in=list(ids[first : first + most])).order_by("span_id")
    return Builder(seat, at).rows(list(found.values_list(*STATE)))


def _walked(seat: access.Seat, at: int, filters: Filters, chunk: int) -> Iterator[States]:
    found = states(seat, at, filters).order_by("span_id").values_list(*STATE)
    last = 0
    while page := list(found.filter(span_id__gt=last)[:chunk]):
        yield page
        if len(page) < chunk:
            return
        last = page[-1][0]


def _found_first(seat: access.Seat, at: int, filters: Filters, chunk: int, *order: str) -> Iterator[States]:
    """Words are looked for once, not once a chunk: the ids of a million claims are 8 MB."""
    found = states(seat, at, filters).order_by(*order, "span_id").values_list("span_id", flat=True)
    ids = array("q", found.iterator(chunk_size=10_000))
    rows = states(seat, at).order_by("span_id").values_list(*STATE)
    for first in range(0, len(ids), chunk):
        yield list(rows.filter(span_id__in=list(ids[first : first + chunk])))


def rows_by_place(seat: access.Seat, at: int, filters: Filters = EVERY_CLAIM) -> Iterator[Row]:
    """As `claim_rows`, but by article, and in it by place."""
    builder = Builder(seat, at)
    found_first = _found_first(seat, at, filters, CHUNK, *PLACE)
    for page in found_first if filters.text else _by_article(seat, at, filters):
        yield from sorted(builder.rows(sorted(page)), key=_place)


def _by_article(seat: access.Seat, at: int, filters: Filters) -> Iterator[States]:
    found = states(seat, at, filters).order_by(*PLACE, "span_id").values_list(*STATE)
    for articles in _articles(seat, at, filters):
        among = behind = found.filter(span__article__in=articles)
        while page := list(behind[:CHUNK]):
            yield page
            if len(page) < CHUNK:
                break
            behind = among.filter(_behind(page[-1]))


PLACE = ("span__article_id", "span__start", "span__end")


def _place(row: Row) -> tuple[int, ...]:
    return row["article"]["id"], row["start"], row["end"], row["id"]


def _behind(state: tuple[Any, ...]) -> Q:
    span_id, article, start, end = state[0], *state[4:7]
    in_article = Q(span__start__gt=start) | Q(span__start=start, span__end__gt=end)
    in_article |= Q(span__start=start, span__end=end, span_id__gt=span_id)
    return Q(span__article__gt=article) | Q(span__article=article) & in_article


def _articles(seat: access.Seat, at: int, filters: Filters) -> Iterator[list[int]]:
    """The ids of the articles that the claims can be of, so many at a time that a page of claims is soon sorted."""
    details = ArticleDetails.objects.at(at).filter(collection=seat.collection)
    if filters.article:
        details = details.filter(article__in=filters.article)
    if filters.publisher:
        details = details.filter(publisher__in=filters.publisher)
    ids = details.order_by("article").values_list("article", flat=True)
    last = 0
    while some := list(ids.filter(article__gt=last)[:IDS_AT_ONCE]):
        for first in range(0, len(some), ARTICLES_AT_ONCE):
            yield some[first : first + ARTICLES_AT_ONCE]
        last = some[-1]


class Builder:
    def __init__(self, seat: access.Seat, at: int) -> None:
        self.seat, self.at = seat, at
        self._names: dict[int, str] | None = None
        self.page_of_claim = f"{settings.PUBLIC_URL}/c/{seat.collection.slug}/claims/"
        self._articles: dict[int, tuple[Row, Utf16]] = {}

    def rows(self, page: Sequence[tuple[Any, ...]]) -> list[Row]:
        """`page`: values of STATE, ascending by span id."""
        if not page:
            return []
        ids = [state[0] for state in page]
        marked = self._marked_in(access.hidden_claims(self.seat, ids))
        needed = {state[4] for state in page}
        opinions, decisions, sources, details = self._asked(ids, sorted(needed - self._articles.keys()))
        times = self._times({opinion[2] for opinion in opinions} | {decision[1] for decision in decisions})
        reviews, rulings = self._reviews(opinions, times), self._rulings(decisions, times)
        evidence, articles = _evidence(sources), self._articles_of(needed, details)
        return [
            self._row(
                state,
                articles[state[4]],
                (reviews.get(state[0], []), evidence.get(state[0], []), rulings.get(state[0])),
                marked.get(state[0], state[3]),
            )
            for state in page
        ]

    def _asked(self, ids: list[int], articles: list[int]) -> list[Rows]:
        """Opinions, decisions and evidence of these claims, and these articles."""
        *found, named = together(
            *(part.question(self.seat, self.at, ids) for part in (_OPINIONS, _RULINGS, _EVIDENCE)),
            Question(_ARTICLES, (self.at, articles)) if articles else None,
            Question(access.NAMED, (self.seat.collection.pk,)) if self._names is None else None,
        )
        if self._names is None:
            self._names = access.names_of(self.seat, named)
        return found

    def _row(self, state: tuple[Any, ...], article: tuple[Row, Utf16], work: Work, revision: int) -> Row:
        span_id, status, verdict, _, _, start, end, quote, prefix, suffix, aspect, reason = state
        (about, utf16), (reviews, evidence, ruling) = article, work
        return {
            "id": span_id,
            "article": about,
            "start": start,
            "end": end,
            "start_utf16": utf16.at(start),
            "end_utf16": utf16.at(end),
            "quote": quote,
            "prefix": prefix,
            "suffix": suffix,
            "aspect": aspect,
            "status": status,
            "verdict": verdict,
            "reason": reason
            if status == NOT_CHECKABLE
            else "",  # as `status` is shown: else it is hidden too
            "reviews": reviews,
            "evidence": evidence,
            "ruling": ruling,
            "revision": revision,
            "url": f"{self.page_of_claim}{span_id}/",
        }

    def _reviews(self, opinions: Rows, times: Times) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for span_id, reviewer, number, verdict, why, problem, should_read, confidence in opinions:
            found[span_id].append(
                {
                    "reviewer": self._named(reviewer),
                    "verdict": verdict,
                    "why": why,
                    "problem": problem,
                    "should_read": should_read,
                    "confidence": confidence,
                    "at": times[number],
                }
            )
        return found

    def _rulings(self, decisions: Rows, times: Times) -> dict[int, Row]:
        return {
            span_id: {
                "verdict": verdict,
                "rationale": rationale,
                "editor": self._named(editor),
                "at": times[number],
                **dict(zip(TERMS, terms, strict=True)),
            }
            for span_id, number, editor, verdict, rationale, *terms in decisions
        }

    def _named(self, person: int) -> str:
        return (self._names or {}).get(person, FORMER)

    def _times(self, numbers: set[int]) -> Times:
        """When these revisions were written. Looked up once a chunk: a bulk revision writes many rows."""
        return dict(_TIMES(self.seat.collection.pk, sorted(numbers))) if numbers else {}

    def _marked_in(self, hidden: frozenset[int]) -> dict[int, int]:
        """The revision that marked each hidden claim: what others did to it since is hidden too."""
        marked: dict[int, int] = {}
        ended: dict[int, int] = {}
        rows = _HISTORY(self.seat.collection.pk, self.at, sorted(hidden)) if hidden else []
        for span_id, created, retired in rows:
            if ended.get(span_id) != created:
                marked[span_id] = created
            ended[span_id] = retired
        return marked

    def _articles_of(self, needed: set[int], new: Rows) -> dict[int, tuple[Row, Utf16]]:
        """Of this page; those of the page before are kept, since articles span pages."""
        details = {
            number: {
                "id": number,
                "title": title,
                "publisher": publisher,
                "published_on": published_on,
                "url": url,
                "sha256": sha256,
            }
            for number, title, publisher, published_on, url, sha256 in new
        }
        offsets = utf16_of({number: str(about["sha256"]) for number, about in details.items()})
        kept = {number: known for number, known in self._articles.items() if number in needed}
        self._articles = kept | {number: (about, offsets[number]) for number, about in details.items()}
        return self._articles


TERMS = ("should_read", "true_as_of", "check_again_on")
OPINION = ("verdict", "why", "problem", "should_read", "confidence")
EVIDENCE = (
    "key",
    "stance",
    "locator",
    "excerpt",
    "source_id",
    "source__kind",
    "source__article_id",
    "source__article__sha256",
    "source__versions__title",
    "source__versions__publisher",
    "source__versions__url",
    "source__versions__archived_url",
    "source__versions__published_on",
    "source__versions__is_primary",
)


def with_source(evidence: Any, at: int) -> Any:
    """Joined with what the source was said to be at that time."""
    return evidence.filter(source__versions__created_in__lte=at, source__versions__retired_in__gt=at)


def public_evidence(seat: access.Seat, at: int) -> Any:
    """Sources of the public tier alone: no other leaves."""
    return with_source(access.evidence(seat, at).filter(source__tier=Source.Tier.PUBLIC), at)


def evidence_row(values: Sequence[Any]) -> Row:
    key, stance, locator, excerpt, source, kind, article, sha256, *details = values
    title, publisher, url, archived_url, published_on, is_primary = details
    return {
        "key": key,
        "stance": stance,
        "locator": locator,
        "excerpt": excerpt,
        "source": {
            "id": source,
            "kind": kind,
            "article": {"id": article, "sha256": sha256} if article else None,
            "title": title,
            "publisher": publisher,
            "url": url,
            "archived_url": archived_url,
            "published_on": published_on,
            "is_primary": is_primary,
        },
    }


def _evidence(found: Rows) -> dict[int, list[Row]]:
    evidence: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        evidence[row[0]].append(evidence_row(row[1:]))
    for rows in evidence.values():
        if len(rows) > 1:  # as few have: making the key costs as much as making the row
            rows.sort(key=_birth)
    return evidence


def _birth(evidence: Row) -> tuple[int, ...]:
    return tuple(int(part) for part in evidence["key"].split("-"))


class _OfClaims:
    """Rows of some claims: by a walk along the index where their ids are dense, else by one look for each.

    `build`: from a seat and a revision, the rows of all claims.
    """

    def __init__(self, build: Callable[[access.Seat, int], Any]) -> None:
        self._walk = access.Seated(
            lambda seat, at, first, last: build(seat, at).filter(span__gte=first, span__lte=last),
            *(int, int, int),
        )
        self._look = access.Seated(lambda seat, at, ids: build(seat, at).filter(span__among=ids), int, list)

    def question(self, seat: access.Seat, at: int, ids: list[int]) -> Question:
        """`ids`: ascending."""
        if ids[-1] - ids[0] < 2 * len(ids):
            return self._walk.question(seat, at, ids[0], ids[-1])
        return self._look.question(seat, at, ids)


_OPINIONS = _OfClaims(
    lambda seat, at: (
        access.opinions(seat, at)
        .order_by("span_id", "pk")
        .values_list("span_id", "reviewer_id", "created_in", *OPINION)
    )
)
_EVIDENCE = _OfClaims(lambda seat, at: public_evidence(seat, at).values_list("span_id", *EVIDENCE))
_RULINGS = _OfClaims(
    lambda seat, at: access.rulings(seat, at).values_list(
        "span_id", "created_in", "editor_id", "verdict", "rationale", *TERMS
    )
)
_TIMES = Prepared(
    lambda collection, numbers: (
        Revision.objects.filter(collection=collection, number__among=numbers)
        .order_by()
        .values_list("number", "created_at")
    ),
    *(int, list),
)
_HISTORY = Prepared(
    lambda collection, at, spans: (
        ClaimState.objects.filter(collection=collection, span__among=spans, created_in__lte=at)
        .order_by("span_id", "created_in")
        .values_list("span_id", "created_in", "retired_in")
    ),
    *(int, int, list),
)
_ARTICLES = Prepared(
    lambda at, articles: (
        ArticleDetails.objects.at(at)
        .filter(article__among=articles)
        .values_list("article_id", "title", "publisher", "published_on", "url", "article__sha256")
    ),
    *(int, list),
)
