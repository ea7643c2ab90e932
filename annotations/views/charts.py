"""The dashboard's charts: how the work goes, what is left, where reviewers disagree, which problems were found.

Each is a figure and the same as a table. They tell of everybody's work: who may see only a part of it gets what is
left, by what is shown to them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Value
from django.utils import timezone

from annotations import access, access_work
from annotations.access import Seat
from annotations.domain.charts import Box, bar, ceiling, days, largest, stacked
from annotations.models import ArticleDetails, ArticleWork, ClaimState, Problem, Revision, Status, Verdict
from annotations.problem_counts import problem_counts
from annotations.tally import STATUS_WORDS, Tally

WIDTH, HEIGHT, BAR = 600, 200, 12
COURSE = (
    *(Status.AGREED, Status.RULED, Status.NOT_CHECKABLE),
    *(Status.CONTESTED, Status.OPEN, Status.TO_CHECK),
)
"""From the bottom up: what is settled carries what is not."""
LEFT = (Status.CONTESTED, Status.OPEN, Status.TO_CHECK)
ARTICLES, LOOKED_AT = 10, 15
DISAGREEMENTS = 1_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A box, and the name of its pattern."""

    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, with its bar."""

    label: str
    url: str
    values: list[int]
    total: int
    shapes: list[Shape]
    links: tuple[str, ...] = ()
    """of each value to its claims, where they are not all that the line's own address leads to"""

    @property
    def cells(self) -> list[tuple[int, str]]:
        links = self.links or ("",) * len(self.values)
        return [(value, link if value else "") for value, link in zip(self.values, links, strict=True)]


@dataclass(frozen=True, slots=True)
class Course:
    """Claims by state on some days."""

    top: int
    columns: list[date]
    shapes: list[Shape]
    rows: list[tuple[date, list[int], int]]

    @property
    def half(self) -> int:
        return self.top // 2

    @property
    def middle(self) -> date | None:
        return self.columns[len(self.columns) // 2] if len(self.columns) > 2 else None


def charts(seat: Seat, total: int) -> dict[str, Any]:
    """`total`: claims that the person sees. None of it where there is nothing to draw, nor for viewers."""
    if seat.is_viewer or not total:
        return {}
    context: dict[str, Any] = {
        "left": left_by_article(seat),
        "left_names": _named(LEFT),
        "sizes": {"width": WIDTH, "height": HEIGHT, "bar": BAR},
    }
    if seat.hides:
        return context
    disagreements, of = _disagreements(seat)
    return context | {
        "course": course(seat, timezone.now().date()),
        "course_names": _named(COURSE),
        "disagreements": disagreements,
        "disagreements_of": of,
        "problems": _problems(seat),
        "count_head": [("", "Claims")],
        "problem_head": [("", "Opinions")],
    }


def _named(statuses: Sequence[Status]) -> list[tuple[str, str]]:
    return [(status.value, STATUS_WORDS[status]) for status in statuses]


def course(seat: Seat, today: date) -> Course | None:
    """One step along an index for each day."""
    first = Revision.objects.filter(collection=seat.collection).order_by("number")
    began = first.values_list("created_at", flat=True).first()
    if began is None:
        return None
    columns = days(min(began.date(), today), today)
    tallies = _tallies(seat, columns)
    values = [[tally.status(status) for status in COURSE] for tally in tallies]
    top = ceiling(largest(values))
    shapes = [Shape(COURSE[box.part].value, box) for box in stacked(values, top, WIDTH, HEIGHT)]
    rows = [(day, row, sum(row)) for day, row in zip(columns, values, strict=True)]
    return Course(top, columns, shapes, rows[::-1])


def _tallies(seat: Seat, columns: list[date]) -> list[Tally]:
    """As they stood at the end of each day."""
    parts = [_last_before(seat, at, day + timedelta(days=1)) for at, day in enumerate(columns)]
    found = dict.fromkeys(range(len(columns)), 0)
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in parts), [value for _, own in parts for value in own]
        )
        found |= dict(cursor.fetchall())
    rows = Revision.objects.filter(collection=seat.collection, number__in=set(found.values()))
    tallies = dict(rows.values_list("number", "tally"))
    return [Tally(tallies.get(found[at], {})) for at in range(len(columns))]


def _last_before(seat: Seat, at: int, day: date) -> tuple[str, tuple[Any, ...]]:
    rows = Revision.objects.filter(
        collection=seat.collection, created_at__lt=datetime.combine(day, time(), UTC)
    )
    last = rows.annotate(at=Value(at)).order_by("-created_at", "-number").values_list("at", "number")[:1]
    sql, params = last.query.sql_with_params()
    return f"SELECT * FROM ({sql}) AS day{at}", params


def left_by_article(seat: Seat) -> list[Line]:
    """Of the articles that are due first, and the newest, those with claims that are not settled."""
    details = _looked_at(seat)
    claims: Any = access.claims(seat)
    claims = claims.filter(span__article__in=[row.article_id for row in details], shown_status__in=LEFT)
    counts = claims.order_by().values_list("span__article", "shown_status").annotate(Count("pk"))
    found: dict[int, Counter[str]] = {}
    for article_id, status, count in counts:
        found.setdefault(article_id, Counter())[status] = count
    rows = [(row, [found[row.article_id][s] for s in LEFT]) for row in details if row.article_id in found]
    here = f"/c/{seat.collection.slug}"
    lines = _lines(
        [(str(row), f"{here}/articles/{row.article_id}/", values) for row, values in rows[:ARTICLES]],
        [status.value for status in LEFT],
    )
    return [
        replace(line, links=tuple(f"{here}/claims/?article={row.article_id}&status={s.value}" for s in LEFT))
        for line, (row, _) in zip(lines, rows[:ARTICLES], strict=True)
    ]


def _looked_at(seat: Seat) -> list[ArticleDetails]:
    due = access_work.work(seat).exclude(stage=ArticleWork.Stage.CLEARED).filter(due_at__isnull=False)
    urgent = list(due.order_by("due_at").values_list("article", flat=True)[:LOOKED_AT])
    checked = access.articles(seat).filter(role=ArticleDetails.Role.CHECKED)
    known = {row.article_id: row for row in checked.filter(article__in=urgent)}
    newest = checked.order_by("-article")[:LOOKED_AT]
    first = [known[article_id] for article_id in urgent if article_id in known]
    return first + [row for row in newest if row.article_id not in known]


def _disagreements(seat: Seat) -> tuple[list[Line], int]:
    """Between which verdicts, and of how many claims that is: the latest ones. One alone leads to itself."""
    rows = ClaimState.objects.current().filter(
        collection=seat.collection, status=Status.CONTESTED, verdict=None
    )
    counts = list(rows.order_by("-span").values_list("span", "counts")[:DISAGREEMENTS])
    between = Counter(tuple(v for v in Verdict if v in each) for _, each in counts)
    one = {tuple(v for v in Verdict if v in each): span for span, each in counts}
    url = f"/c/{seat.collection.slug}/claims/"
    lines = [
        (
            " against ".join(verdict.label.lower() for verdict in verdicts).capitalize(),
            f"{url}?status=contested" if count > 1 else f"{url}{one[verdicts]}/",
            [count],
        )
        for verdicts, count in between.most_common()
    ]
    return _lines(lines, [Status.CONTESTED.value]), len(counts)


def _problems(seat: Seat) -> list[Line]:
    counts = Counter(problem_counts(seat.collection))
    labels = dict(Problem.choices)
    url = f"/c/{seat.collection.slug}/claims/?problem="
    return _lines(
        [
            (str(labels[name]), f"{url}{name}", [count])
            for name, count in counts.most_common()
            if name in labels
        ],
        ["problem"],
    )


def _lines(rows: list[tuple[str, str, list[int]]], names: list[str]) -> list[Line]:
    longest = largest(values for _, _, values in rows)
    return [
        Line(
            label,
            url,
            values,
            sum(values),
            [Shape(names[box.part], box) for box in bar(values, longest, WIDTH, BAR)],
        )
        for label, url, values in rows
    ]
