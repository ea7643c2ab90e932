"""The claim row: one builder for the API's span objects, the exports and the changes feed.

Everything is read as of one revision, which no later write changes: so a long export needs no transaction. Claims
come a chunk at a time, in the order of their ids, and each part of a chunk is one statement.
"""

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from annotations import access
from annotations.domain.offsets import Utf16
from annotations.exports import parts
from annotations.exports.filters import EVERY_CLAIM, Filters, narrowed
from annotations.exports.utf16 import utf16_of
from annotations.models import ArticleDetails, ClaimState, Status
from annotations.models.prepared import Asking, Awaited, Question, Rows, answered

CHUNK = 2000
ARTICLES_AT_ONCE = 50
IDS_AT_ONCE = 10_000
FORMER = "former member"
NOT_CHECKABLE = Status.NOT_CHECKABLE.value

Row = dict[str, Any]
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
        self.page_of_claim = f"{settings.PUBLIC_URL}/c/{seat.collection.slug}/claims/"
        self.names: dict[int, str] | None = None
        self.articles: dict[int, tuple[Row, Utf16]] = {}

    def rows(self, page: States) -> list[Row]:
        """`page`: values of STATE, ascending by span id."""
        return answered(self.asking(page))

    def asking(self, page: States) -> Asking[list[Row]]:
        """As `rows`, of what asks together with others."""
        page = [state for state in page if access.sees(self.seat, state[1])]  # as it should be anyway
        if not page:
            return []
        making = _Making(self, page)
        *_, details, written, history = yield making.questions()
        self.keep({state[4] for state in page}, details)
        return making.finished(dict(written), history)

    def keep(self, needed: set[int], new: Rows) -> None:
        """The articles of this page; those of the page before too, since articles span pages."""
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
        kept = {number: known for number, known in self.articles.items() if number in needed}
        self.articles = kept | {number: (about, offsets[number]) for number, about in details.items()}


class _Making:
    """Rows in the making: each part is put in its place as it comes, while the database looks for the next."""

    def __init__(self, builder: Builder, page: States) -> None:
        self.builder, self.page = builder, page
        self.home, self.ids = builder.seat.collection.pk, [state[0] for state in page]
        self.rows: dict[int, Row] = {}
        self.numbers: set[int] = set()
        """Of the revisions in which people spoke."""
        self.spoken, self.hidden = Awaited(), Awaited()

    def questions(self) -> list[Question | None]:
        """People's names, and then what they stand in: opinions, which begin the rows, decisions and evidence. The
        articles. What is awaited comes last: when people spoke, once for each change, since one in bulk writes many
        rows, and what became of hidden claims."""
        seat, at = self.builder.seat, self.builder.at
        unknown = sorted({state[4] for state in self.page} - self.builder.articles.keys())
        names = Question(access.NAMED, (self.home,), self.take_names)
        opened = access.opened(seat, self.ids)
        return [
            names if self.builder.names is None else None,
            parts.OPINIONS.question(seat, at, self.ids, self.take_opinions),
            parts.RULINGS.question(seat, at, self.ids, self.take_rulings),
            opened and opened._replace(read=self.take_opened),
            parts.CITATIONS.question(seat, at, self.ids, self.take_evidence),
            Question(parts.ARTICLES, (at, unknown)) if unknown else None,
            Question(parts.TIMES, self.spoken),
            Question(parts.HISTORY, self.hidden) if opened else None,
        ]

    def take_names(self, named: Rows) -> None:
        self.builder.names = access.names_of(self.builder.seat, named)

    def take_opinions(self, opinions: Rows) -> None:
        """First, and anew where all is asked again."""
        self.rows = {state[0]: _row(state, self.builder.page_of_claim) for state in self.page}
        self.numbers = set()
        rows, names = self.rows, self.builder.names or {}
        for span_id, reviewer, number, verdict, why, problem, should_read, confidence in opinions:
            if row := rows.get(span_id):  # a walk passes others, which are not of the page
                self.numbers.add(number)
                row["reviews"].append(
                    {
                        "reviewer": names.get(reviewer, FORMER),
                        "verdict": verdict,
                        "why": why,
                        "problem": problem,
                        "should_read": should_read,
                        "confidence": confidence,
                        "at": number,
                    }
                )

    def take_rulings(self, decisions: Rows) -> None:
        names = self.builder.names or {}
        for span_id, number, editor, verdict, rationale, *terms in decisions:
            if row := self.rows.get(span_id):
                self.numbers.add(number)
                row["ruling"] = {
                    "verdict": verdict,
                    "rationale": rationale,
                    "editor": names.get(editor, FORMER),
                    "at": number,
                    **dict(zip(parts.TERMS, terms, strict=True)),
                }
        self.spoken.values = self.home, sorted(self.numbers)

    def take_opened(self, opened: Rows) -> None:
        hidden = set(self.ids).difference(span for (span,) in opened)
        self.hidden.values = self.home, self.builder.at, sorted(hidden)

    def take_evidence(self, found: Rows) -> None:
        for span_id, *values in found:
            if row := self.rows.get(span_id):
                row["evidence"].append(evidence_row(values))

    def finished(self, times: Times, history: Rows) -> list[Row]:
        for state, row in zip(self.page, self.rows.values(), strict=True):
            row["article"], utf16 = self.builder.articles[state[4]]
            row["start_utf16"], row["end_utf16"] = utf16.at(row["start"]), utf16.at(row["end"])
            for review in row["reviews"]:
                review["at"] = times[review["at"]]
            if row["ruling"]:
                row["ruling"]["at"] = times[row["ruling"]["at"]]
            if len(row["evidence"]) > 1:  # as few have: making the key costs as much as making the row
                row["evidence"].sort(key=_birth)
        for span_id, number in _marked_in(history).items():
            self.rows[span_id]["revision"] = number
        return list(self.rows.values())


def _row(state: tuple[Any, ...], page_of_claim: str) -> Row:
    """With all that its state tells; the rest of it is still to come."""
    span_id, status, verdict, revision, _, start, end, quote, prefix, suffix, aspect, reason = state
    return {
        "id": span_id,
        "article": None,
        "start": start,
        "end": end,
        "start_utf16": None,
        "end_utf16": None,
        "quote": quote,
        "prefix": prefix,
        "suffix": suffix,
        "aspect": aspect,
        "status": status,
        "verdict": verdict,
        "reason": reason if status == NOT_CHECKABLE else "",  # as `status` is shown: else it is hidden too
        "reviews": [],
        "evidence": [],
        "ruling": None,
        "revision": revision,
        "url": f"{page_of_claim}{span_id}/",
    }


def _marked_in(history: Rows) -> dict[int, int]:
    """The revision that marked each hidden claim: what others did to it since is hidden too."""
    marked: dict[int, int] = {}
    ended: dict[int, int] = {}
    for span_id, created, retired in history:
        if ended.get(span_id) != created:
            marked[span_id] = created
        ended[span_id] = retired
    return marked


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


def _birth(evidence: Row) -> tuple[int, ...]:
    return tuple(int(part) for part in evidence["key"].split("-"))
