"""What an export or a list of claims is narrowed to: the same in API and command.

Each filter repeats for OR, and several narrow together. All are of what the person may see as of the revision: what is
hidden from them fits as if it were not there.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations import access, access_changed
from annotations.domain.searching import terms
from annotations.models import Annotation, ArticleDetails, Problem, Revision, Status, Verdict
from annotations.models.words import quotes_with, whys_with

LARGEST_ID = 2**63 - 1
LONGEST = 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused(ValueError):
    """`name`: the filter whose value cannot be meant."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means all. Days are inclusive: those of an article, and of a claim's last change in UTC."""

    status: Sequence[str] = ()
    verdict: Sequence[str] = ()
    problem: Sequence[str] = ()
    article: Sequence[int] = ()
    publisher: Sequence[str] = ()
    language: Sequence[str] = ()
    reviewer: Sequence[str] = ()
    text: Sequence[str] = ()
    published_from: date | None = None
    published_to: date | None = None
    changed_from: date | None = None

    def given(self) -> dict[str, Any]:
        """Those that narrow, in one order whatever order they were given in."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value if isinstance(value, date) else sorted(set(value))
            for name, value in found.items()
            if value is not None and value != () and value != []
        }


EVERY_CLAIM = Filters()
TEXTS = ("publisher", "language", "reviewer", "text")
DAYS = ("published_from", "published_to", "changed_from")
NAMES = tuple(each.name for each in fields(Filters))


def read(values: Callable[[str], list[str]]) -> Filters:
    """`values`: what was said for a name. Raises Refused."""
    said: dict[str, Any] = {name: texts(name, values(name)) for name in TEXTS}
    said |= {name: day(name, values(name)) for name in DAYS}
    return Filters(
        status=one_of("status", values("status"), Status.values),
        verdict=one_of("verdict", values("verdict"), Verdict.values),
        problem=one_of("problem", values("problem"), Problem.values),
        article=ids("article", values("article")),
        **said,
    )


def one_of(name: str, given: list[str], known: list[str]) -> list[str]:
    if set(given) - set(known):
        raise Refused(name, f"{name} is one of {', '.join(known)}.")
    return given


def ids(name: str, given: list[str]) -> list[int]:
    if not all(re.fullmatch(r"[0-9]{1,19}", each) and int(each) <= LARGEST_ID for each in given):
        raise Refused(name, f"{name} is the id of an article.")
    return [int(each) for each in given]


def texts(name: str, given: list[str]) -> list[str]:
    if any("\0" in each or len(each) > LONGEST for each in given):
        raise Refused(name, f"{name} is a text of at most {LONGEST} characters, without NUL.")
    return given


def lowered(tags: Iterable[str]) -> list[str]:
    return [tag.lower() for tag in tags]


def day(name: str, given: list[str]) -> date | None:
    if not given:
        return None
    try:
        if len(given) > 1 or not _DAY.fullmatch(given[0]):
            raise ValueError
        return date.fromisoformat(given[0])
    except ValueError:
        raise Refused(name, f"{name} is one day, such as 2026-05-31.") from None


def narrowed(seat: access.Seat, at: int, states: Any, filters: Filters) -> Any:
    """`states`: from `access.visible_claims`."""
    if filters.status:
        states = states.filter(shown_status__in=filters.status)
    if filters.verdict:
        states = states.filter(shown_verdict__in=filters.verdict)
    if filters.article:
        states = states.filter(span__article__in=filters.article)
    if (told := _told(at, filters)) is not None:
        states = states.filter(Exists(told.filter(article=OuterRef("span__article"))))
    if filters.problem or filters.reviewer:
        states = states.filter(Exists(_opinions(seat, at, filters).filter(span=OuterRef("span"))))
    if filters.text:
        states = states.filter(_holding(seat, at, filters.text))
    if filters.changed_from:
        number = _first_change(seat, filters.changed_from)
        states = access_changed.shown_since(seat, states, number, at) if number else states.none()
    return states


def _told(at: int, filters: Filters) -> QuerySet[ArticleDetails] | None:
    """Articles as they were said to be then."""
    wanted = {
        "publisher__in": filters.publisher,
        "language__lower__in": lowered(filters.language),
        "published_on__gte": filters.published_from,
        "published_on__lte": filters.published_to,
    }
    lookups = {lookup: value for lookup, value in wanted.items() if value}
    return ArticleDetails.objects.at(at).filter(**lookups) if lookups else None


def _opinions(seat: access.Seat, at: int, filters: Filters) -> QuerySet[Annotation]:
    """One opinion that is all of what is asked of opinions."""
    rows = access.opinions(seat, at)
    if filters.problem:
        rows = rows.filter(problem__in=filters.problem)
    if filters.reviewer:
        names = access.public_names(seat)
        rows = rows.filter(reviewer__in=[user for user, name in names.items() if name in filters.reviewer])
    return rows


def _holding(seat: access.Seat, at: int, said: Iterable[str]) -> Q:
    """In the quote, or in one reason that the person may read, all words of one of the texts."""
    found = Q(pk__in=[])
    for wanted in map(terms, said):
        whys = access.opinions(seat, at).filter(whys_with(wanted, every=True))
        found |= quotes_with(wanted, every=True) | Q(span__in=whys.values("span"))
    return found


def _first_change(seat: access.Seat, since: date) -> int | None:
    """The number of the first change on that day or after."""
    midnight = datetime.combine(since, time.min, UTC)
    changes = Revision.objects.filter(collection=seat.collection, created_at__gte=midnight)
    return changes.order_by("created_at", "number").values_list("number", flat=True).first()
