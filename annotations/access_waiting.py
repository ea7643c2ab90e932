"""What waits for a person at their desk, across collections, as rows of ids.

A claim that is somebody's to judge, by itself or with its article, waits for them alone; any other waits for
everybody. Every walk follows an index and looks through a bounded stretch of it, so that a million claims that are all
for others cost what a few thousand do (ADR 19): written in SQL, since the bounds stand inside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from annotations.access import Seat
from annotations.models import (
    LIVE,
    Annotation,
    ArticleWork,
    Assignment,
    ClaimState,
    Mention,
    Revision,
    Ruling,
    SentBack,
    Span,
    Status,
)

LOOKED = 4000
"""So many candidates does a walk look through, at most."""
FOUND = 101
"""So many does it find, at most: one more than are counted."""
ARTICLES = 100
PARTS = 150
"""Walks in one statement, those of 21 collections that a person edits: less than 999 values, as any SQLite takes."""

WANTS_OPINION = (Status.OPEN, Status.TO_CHECK)


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is check, decide or again; `mine`: it was given to this person."""

    kind: str
    seat: Seat
    span: int
    mine: bool = False


def open_to(seat: Seat) -> Q:
    """Of claims with a `span`: those that are nobody's in particular, or this person's."""
    given = Assignment.objects.current()
    of_claim, of_article = (
        given.filter(span=OuterRef("span")),
        given.filter(article=OuterRef("span__article"), span=None),
    )
    mine = Q(Exists(of_claim.filter(reviewer=seat.user))) | Q(Exists(of_article.filter(reviewer=seat.user)))
    return mine | (~Q(Exists(of_claim)) & ~Q(Exists(of_article)))


KINDS = ("check", "decide", "again")


def waiting(seats: Iterable[Seat], kinds: Iterable[str] = KINDS) -> list[Row]:
    """Claims that want the person's opinion, and what is an editor's to decide; those given to them first."""
    wanted = frozenset(kinds)
    parts = [(kind, seat, *part) for seat in seats for kind, part in _walks(seat) if kind in wanted]
    found: dict[tuple[str, int], Row] = {}
    for start in range(0, len(parts), PARTS):
        batch = parts[start : start + PARTS]
        sql = " UNION ALL ".join(
            f"SELECT {at} AS walk, part{at}.* FROM ({text}) AS part{at}"
            for at, (_, _, text, _) in enumerate(batch)
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for *_, values in batch for value in values])
            for at, span, mine in cursor.fetchall():
                kind, seat = batch[at][:2]
                if (kind, span) not in found or mine:
                    found[kind, span] = Row(kind, seat, span, bool(mine))
    return list(found.values())


Part = tuple[str, list[Any]]


def _walks(seat: Seat) -> Iterator[tuple[str, Part]]:
    here, me = seat.collection.pk, seat.user.pk
    if seat.may_annotate:
        for candidates, whose in (
            (_BY_DEADLINE, [here]),
            (_MY_CLAIMS, [here, me]),
            (_MY_ARTICLES, [here, me]),
        ):
            yield "check", (_check(candidates, seat), [me, me, *whose, *[me] * 4])
        for status in (None,) if seat.hides else WANTS_OPINION:
            of_all = [here, status.value] if status else [here]
            yield "check", (_check(_of_all(status), seat, free=True), [*of_all, me, me])
    if seat.is_editor:
        yield "decide", (_DECIDE, [here, me])
        yield "again", (_AGAIN, [here, _today(), me])


def _today() -> Any:
    today = timezone.localdate()
    return today.isoformat() if connection.vendor == "sqlite" else today


_SPAN, _STATE, _GIVEN = (model._meta.db_table for model in (Span, ClaimState, Assignment))
_WORK, _SAID, _RULED = (model._meta.db_table for model in (ArticleWork, Annotation, Ruling))

# Candidates: (span, article), the likeliest first. CROSS JOIN keeps SQLite to the order in which they are written.
_BY_DEADLINE = f"""
    SELECT s.id AS span, s.article_id AS article FROM (
        SELECT article_id FROM {_WORK} WHERE collection_id = %s AND retired_in = {LIVE}
        AND due_at IS NOT NULL AND stage <> 'cleared' ORDER BY due_at LIMIT {ARTICLES}
    ) w CROSS JOIN {_SPAN} s WHERE s.article_id = w.article_id LIMIT {LOOKED}"""
_MY_CLAIMS = f"""
    SELECT span_id AS span, article_id AS article FROM {_GIVEN} WHERE collection_id = %s AND reviewer_id = %s
    AND retired_in = {LIVE} AND span_id IS NOT NULL ORDER BY article_id DESC, span_id DESC LIMIT {LOOKED}"""
_MY_ARTICLES = f"""
    SELECT s.id AS span, s.article_id AS article FROM (
        SELECT article_id FROM {_GIVEN} WHERE collection_id = %s AND reviewer_id = %s
        AND retired_in = {LIVE} AND span_id IS NULL ORDER BY article_id DESC LIMIT {ARTICLES}
    ) g CROSS JOIN {_SPAN} s WHERE s.article_id = g.article_id LIMIT {LOOKED}"""


def _of_all(status: str | None) -> str:
    """In the order of an index; where the person checks blind, whatever others made of it."""
    which = "AND status = %s AND verdict IS NULL" if status else ""
    return f"""
    SELECT looked.span AS span, s.article_id AS article FROM (
        SELECT span_id AS span FROM {_STATE} WHERE collection_id = %s AND retired_in = {LIVE} {which}
        ORDER BY span_id LIMIT {LOOKED}
    ) looked CROSS JOIN {_SPAN} s WHERE s.id = looked.span"""


def _given(mine: str = "") -> str:
    by_claim = f"SELECT 1 FROM {_GIVEN} g WHERE g.span_id = c.span AND g.retired_in = {LIVE} {mine}"
    by_article = (
        f"SELECT 1 FROM {_GIVEN} g WHERE g.article_id = c.article AND g.span_id IS NULL "
        f"AND g.retired_in = {LIVE} {mine}"
    )
    return f"(EXISTS ({by_claim}) OR EXISTS ({by_article}))"


def _check(candidates: str, seat: Seat, *, free: bool = False) -> str:
    """Of the candidates those that want this person's opinion. `free`: nobody's in particular alone."""
    mine = "0" if free else f"CASE WHEN {_given('AND g.reviewer_id = %s')} THEN 1 ELSE 0 END"
    whose = f"NOT {_given()}" if free else f"({_given('AND g.reviewer_id = %s')} OR NOT {_given()})"
    wants = "" if seat.hides else "AND t.status IN ('open', 'to_check')"
    return f"""
    SELECT c.span, {mine} AS mine FROM ({candidates}) AS c
    WHERE EXISTS (SELECT 1 FROM {_STATE} t WHERE t.span_id = c.span AND t.retired_in = {LIVE} {wants})
    AND NOT EXISTS (SELECT 1 FROM {_SAID} a WHERE a.span_id = c.span AND a.reviewer_id = %s
        AND a.retired_in = {LIVE})
    AND {whose}
    AND NOT EXISTS (SELECT 1 FROM {_RULED} r WHERE r.span_id = c.span AND r.editor_id = %s)
    LIMIT {FOUND}"""


_UNREVIEWED = (
    f"NOT EXISTS (SELECT 1 FROM {_SAID} a WHERE a.span_id = c.span AND a.reviewer_id = %s) LIMIT {FOUND}"
)
_DECIDE = f"""
    SELECT c.span, 0 AS mine FROM (
        SELECT span_id AS span FROM {_STATE} WHERE collection_id = %s AND retired_in = {LIVE}
        AND status = 'contested' AND verdict IS NULL ORDER BY span_id LIMIT {LOOKED}
    ) AS c WHERE {_UNREVIEWED}"""
_AGAIN = f"""
    SELECT c.span, 0 AS mine FROM (
        SELECT span_id AS span FROM {_RULED} WHERE collection_id = %s AND retired_in = {LIVE}
        AND check_again_on IS NOT NULL AND check_again_on <= %s ORDER BY check_again_on LIMIT {LOOKED}
    ) AS c WHERE {_UNREVIEWED}"""


def sent_back(seats: list[Seat]) -> list[SentBack]:
    """Reviews of the person's that an editor asks them to look at again."""
    rows = SentBack.objects.current().filter(collection__in=_homes(seats), reviewer__in=_me(seats))
    return list(rows.select_related("editor")[:FOUND])


def mentions(seats: list[Seat]) -> list[Mention]:
    """Where somebody named the person; not on what is hidden from them."""
    rows = Mention.objects.current().filter(collection__in=_homes(seats), person__in=_me(seats))
    blind = [seat.collection.pk for seat in seats if seat.hides]
    if blind:
        spoke = Annotation.objects.filter(reviewer=OuterRef("person"), span=OuterRef("span"))
        rows = rows.filter(~Q(collection__in=blind) | Exists(spoke))
    return list(rows[:FOUND])


def answers_due(seats: list[Seat]) -> list[Annotation]:
    """Sources that the person asked for, the earliest answer first: those due by today, and the next one."""
    rows = Annotation.objects.current().filter(reviewer__in=_me(seats), due_on__isnull=False)
    found = list(rows.filter(collection__in=_homes(seats)).order_by("due_on", "pk")[:FOUND])
    due = [row for row in found if row.due_on and row.due_on <= timezone.localdate()]
    return found[: len(due) + 1]


def next_again(seats: list[Seat]) -> date | None:
    """The next day on which a decision is due again, for an editor."""
    homes = [seat.collection.pk for seat in seats if seat.is_editor]
    rows = Ruling.objects.current().filter(collection__in=homes, check_again_on__gt=timezone.localdate())
    return rows.order_by("check_again_on").values_list("check_again_on", flat=True).first() if homes else None


def deadlines(article_ids: Iterable[int]) -> dict[int, datetime]:
    """Of the articles that are not cleared."""
    rows = ArticleWork.objects.current().filter(article__in=set(article_ids), due_at__isnull=False)
    rows = rows.exclude(stage=ArticleWork.Stage.CLEARED)
    return {article: due for article, due in rows.values_list("article", "due_at") if due}


def handed_over(rows: list[ArticleWork], since: dict[int, int]) -> frozenset[int]:
    """Those of the articles that somebody else gave to their owner after the change with which they last opened it,
    whatever others changed of its work since: a deadline takes nothing back. `since`: article → its number."""
    fresh = {row.article_id: row for row in rows if row.created_in > since.get(row.article_id, 0)}
    settled: dict[int, bool] = {}
    for row in _told_by(fresh) if fresh else ():
        owner, article = fresh[row.article_id].owner_id, row.article_id
        over = row.owner_id != owner or row.author == owner or row.created_in <= since.get(article, 0)
        if over or row.action == "hand-over":
            settled.setdefault(article, not over)
    return frozenset(article for article, given in settled.items() if given)


def _told_by(article_ids: Iterable[int]) -> Iterable[Any]:
    """How the work on these articles stood, the last first, each with the `action` and `author` of its change."""
    change = Revision.objects.filter(collection=OuterRef("collection"), number=OuterRef("created_in"))
    rows = ArticleWork.objects.filter(article__in=list(article_ids)).order_by("-created_in")
    return rows.annotate(
        action=Subquery(change.values("action")[:1]), author=Subquery(change.values("author")[:1])
    )


def _homes(seats: list[Seat]) -> list[int]:
    return [seat.collection.pk for seat in seats if seat.is_reviewer]


def _me(seats: list[Seat]) -> set[int]:
    return {seat.user.pk for seat in seats}
