"""What of a collection's claims is due when, as far as the person may see it: the soonest of each kind."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from annotations import access, access_work
from annotations.access import Seat
from annotations.models import LIVE, ArticleWork, Membership, Status

ARTICLES = 200
"""Of so many articles, those with the earliest deadlines, are the claims looked at."""
LOOKED = 2_000
"""Of so many claims of each kind."""
LEFT = (Status.TO_CHECK, Status.OPEN, Status.CONTESTED)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """`kind`: deadline (of the article), answer (of who was asked for a source), again (a decision)."""

    at: datetime
    kind: str

    @property
    def is_late(self) -> bool:
        return self.at < timezone.now()

    @property
    def whole_day(self) -> bool:
        return self.kind != "deadline"


@dataclass(frozen=True, slots=True)
class Dues:
    """claim → what is due of it first. `more`: there may be others, later."""

    by_claim: dict[int, Due]
    more: bool


def dues(seat: Seat, when: str = "", article: int | None = None) -> Dues:
    """`when`: overdue, today, week; all that have a day without it. Four queries."""
    first, last = _between(when)
    people = Membership.objects.filter(collection=seat.collection).values("user")  # by whom the index begins
    answers = access.opinions(seat).filter(due_on__isnull=False, reviewer__in=people)
    again = access.rulings(seat).filter(check_again_on__isnull=False)
    found: dict[int, Due] = {}
    bounded = False
    for kind, (pairs, more) in (
        ("deadline", _deadlines(seat, first, last, article)),
        ("answer", _of_days(answers, "due_on", first, last)),
        ("again", _of_days(again, "check_again_on", first, last)),
    ):
        bounded |= more
        for span, at in pairs:
            due = Due(at, kind)
            found[span] = min(found.get(span, due), due)
    return Dues(found, bounded)


def _between(when: str) -> tuple[datetime | None, datetime | None]:
    """From, and before."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match when:
        case "overdue":
            return None, now
        case "today":
            return midnight, midnight + timedelta(days=1)
        case "week":
            return midnight, midnight + WEEK
    return None, None


Found = tuple[list[tuple[int, datetime]], bool]
"""(claim, when), and whether there are more"""


def _deadlines(seat: Seat, first: datetime | None, last: datetime | None, article: int | None) -> Found:
    """Of claims that still want work."""
    work = access_work.work(seat).filter(due_at__isnull=False).exclude(stage=ArticleWork.Stage.CLEARED)
    if article:
        work = work.filter(article=article)
    if first:
        work = work.filter(due_at__gte=first)
    if last:
        work = work.filter(due_at__lt=last)
    by_article: dict[int, Any] = dict(
        work.order_by("due_at").values_list("article", "due_at")[: ARTICLES + 1]
    )
    claims: Any = access.claims(seat)
    claims = claims.filter(span__article__in=list(by_article), shown_status__in=LEFT)
    rows = list(claims.values_list("span", "span__article")[: LOOKED + 1]) if by_article else []
    pairs = [(span, by_article[home]) for span, home in rows[:LOOKED]]
    return pairs, len(by_article) > ARTICLES or len(rows) > LOOKED


def _of_days(rows: Any, field: str, first: datetime | None, last: datetime | None) -> Found:
    """A day is over at its end."""
    rows = rows.filter(retired_in=LIVE)
    if first:
        rows = rows.filter(**{f"{field}__gte": first.date()})
    if last:
        rows = rows.filter(**{f"{field}__lt": last.date()})
    found = list(rows.order_by(field, "span").values_list("span", field)[: LOOKED + 1])
    return [(span, _end_of(day)) for span, day in found[:LOOKED]], len(found) > LOOKED


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
