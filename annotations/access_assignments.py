"""How much each reviewer has to do, and which articles nobody has: for editors. Bounded as my desk is (ADR 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from annotations import access, access_work
from annotations.access import Seat
from annotations.models import (
    LIVE,
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimState,
    Span,
)

LOOKED = 1000
"""So many of a person's claims are looked at, those in the articles given last."""
ARTICLES = 500
"""So many of their articles."""
LATE = 100
"""So many articles that are overdue."""
CANDIDATES = 200
"""So many articles are looked through for those that nobody has: those due first, and as many of the newest."""


@dataclass(frozen=True, slots=True)
class Load:
    """`left`: claims of theirs that want an opinion and have none of theirs; `overdue`: of these, in articles whose
    deadline has passed. `more`: there are more articles or claims than were looked at."""

    articles: int = 0
    claims: int = 0
    done: int = 0
    left: int = 0
    overdue: int = 0
    more: bool = False


def loads(seat: Seat, people: Sequence[int]) -> dict[int, Load]:
    """Of each of these people, by two queries."""
    if not people:
        return {}
    late = _overdue(seat)
    text = " UNION ALL ".join(_part(seat, at) for at, _ in enumerate(people))
    values = [value for person in people for value in _values(seat, person)]
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        for person, articles, claims, done, left in cursor.fetchall():
            more = articles > ARTICLES or claims >= LOOKED
            found[person] = Load(min(articles, ARTICLES), claims, done, left, late.get(person, 0), more)
    return found


_STATE, _SPAN, _GIVEN = (model._meta.db_table for model in (ClaimState, Span, Assignment))
_WORK, _SAID = (model._meta.db_table for model in (ArticleWork, Annotation))
_THEIRS = f"FROM {_GIVEN} WHERE collection_id = %s AND reviewer_id = %s AND retired_in = {LIVE}"
_NOT_SAID = (
    f"NOT EXISTS (SELECT 1 FROM {_SAID} a WHERE a.span_id = s.id AND a.reviewer_id = g.reviewer_id"
    f" AND a.retired_in = {LIVE})"
)


def _wants(seat: Seat) -> str:
    """Which live claims want an opinion: in a blind collection all, whatever others said."""
    return "1 = 1" if seat.settings.blind else "t.status IN ('open', 'to_check')"


def _part(seat: Seat, at: int) -> str:
    """(person, articles, claims, done, left). CROSS JOIN keeps SQLite to the order in which they are written."""
    by_article = (
        f"SELECT s.id AS span FROM (SELECT article_id {_THEIRS} AND span_id IS NULL"
        f" ORDER BY article_id DESC LIMIT {ARTICLES}) g CROSS JOIN {_SPAN} s WHERE s.article_id = g.article_id"
        f" LIMIT {LOOKED}"
    )
    by_claim = (
        f"SELECT span_id AS span {_THEIRS} AND span_id IS NOT NULL"
        f" ORDER BY article_id DESC, span_id DESC LIMIT {LOOKED}"
    )
    return f"""
    SELECT %s AS person, (SELECT count(*) FROM (SELECT 1 AS one {_THEIRS} AND span_id IS NULL
        LIMIT {ARTICLES + 1}) AS these{at}) AS articles, count(*) AS claims, count(a.id) AS done,
        coalesce(sum(CASE WHEN a.id IS NULL AND {_wants(seat)} THEN 1 ELSE 0 END), 0) AS left_over
    FROM (SELECT span FROM ({by_article}) AS x{at} UNION SELECT span FROM ({by_claim}) AS y{at}) AS c
    JOIN {_STATE} t ON t.span_id = c.span AND t.retired_in = {LIVE}
    LEFT JOIN {_SAID} a ON a.span_id = c.span AND a.reviewer_id = %s AND a.retired_in = {LIVE}"""


def _values(seat: Seat, person: int) -> list[Any]:
    here = seat.collection.pk
    return [person, here, person, here, person, here, person, person]


def _overdue(seat: Seat) -> dict[int, int]:
    """person → claims that wait for them in the articles that are overdue longest."""
    late = (
        f"SELECT article_id FROM {_WORK} WHERE collection_id = %s AND retired_in = {LIVE}"
        f" AND due_at < %s AND stage <> 'cleared' ORDER BY due_at LIMIT {LATE}"
    )
    sql = f"""
    SELECT each.person, count(DISTINCT each.span) FROM (
        SELECT g.reviewer_id AS person, s.id AS span FROM ({late}) w
        CROSS JOIN {_GIVEN} g CROSS JOIN {_SPAN} s
        WHERE g.article_id = w.article_id AND g.retired_in = {LIVE}
        AND s.article_id = w.article_id AND (g.span_id IS NULL OR g.span_id = s.id)
        AND EXISTS (SELECT 1 FROM {_STATE} t WHERE t.span_id = s.id AND t.retired_in = {LIVE} AND {_wants(seat)})
        AND {_NOT_SAID} LIMIT {20 * LOOKED}
    ) AS each GROUP BY each.person"""
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(sql, [seat.collection.pk, now])
        return dict(cursor.fetchall())


def due_articles(seat: Seat) -> list[int]:
    """Of the articles that are due first and not cleared, those that nobody has, in that order."""
    due = access_work.work(seat).exclude(stage=ArticleWork.Stage.CLEARED).filter(due_at__isnull=False)
    rows = due.order_by("due_at").values_list("article", flat=True)[:CANDIDATES]
    candidates = list(rows)
    free = set(_free(access.articles(seat).filter(article__in=candidates)))
    return [article for article in candidates if article in free]


def newest_articles(seat: Seat) -> list[int]:
    """Of the newest articles those that nobody has, the newest first; not those that are cleared."""
    newest = access.articles(seat).filter(role=ArticleDetails.Role.CHECKED).order_by("-article")
    candidates = list(newest.values_list("article", flat=True)[:CANDIDATES])
    cleared = access_work.work(seat).filter(article=OuterRef("article"), stage=ArticleWork.Stage.CLEARED)
    rows = access.articles(seat).filter(article__in=candidates).exclude(Exists(cleared))
    return sorted(_free(rows), reverse=True)


def _free(rows: QuerySet[ArticleDetails]) -> Iterable[int]:
    given = Assignment.objects.current().filter(article=OuterRef("article"), span=None)
    checked = rows.filter(role=ArticleDetails.Role.CHECKED).exclude(Exists(given))
    return checked.values_list("article", flat=True)


@dataclass(frozen=True, slots=True)
class Size:
    claims: int
    length: int
    """of the text, in characters"""


def sizes(seat: Seat, article_ids: Iterable[int]) -> dict[int, Size]:
    """How much work these articles are, by two queries; without those that are not there to be checked."""
    ids = list(article_ids)
    rows = access.articles(seat).filter(article__in=ids, role=ArticleDetails.Role.CHECKED)
    lengths = dict(rows.values_list("article", Length("article__text")))
    states = ClaimState.objects.current().filter(collection=seat.collection, span__article__in=ids)
    claims = dict(states.order_by().values_list("span__article").annotate(Count("pk")))
    return {article: Size(claims.get(article, 0), length) for article, length in lengths.items()}


def lengths_held(seat: Seat, people: Iterable[int]) -> dict[int, int]:
    """person → the length of the texts that were given to them last and are not cleared."""
    held: dict[int, list[int]] = {}
    cleared = ArticleWork.objects.current().filter(
        article=OuterRef("article"), stage=ArticleWork.Stage.CLEARED
    )
    given = Assignment.objects.current().filter(collection=seat.collection, reviewer__in=list(people))
    rows = given.filter(span=None).exclude(Exists(cleared)).order_by("-article")
    for article, person in rows.values_list("article", "reviewer")[: 4 * ARTICLES]:
        held.setdefault(person, []).append(article)
    every = {article for articles in held.values() for article in articles}
    texts = dict(_lengths(seat, every))
    return {person: sum(texts.get(article, 0) for article in articles) for person, articles in held.items()}


def _lengths(seat: Seat, article_ids: Iterable[int]) -> Iterable[tuple[int, int]]:
    rows = access.articles(seat).filter(article__in=list(article_ids))
    return rows.values_list("article", Length("article__text"))
