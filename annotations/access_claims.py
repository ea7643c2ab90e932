"""Which claims fit what somebody asks for: every condition starts from what the person may see (ADR 22).

Where others' work on a claim is hidden from the person, it fits as any claim that nobody has judged yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from annotations import access, access_desk
from annotations.access import Seat
from annotations.models import (
    LIVE,
    Annotation,
    ArticleDetails,
    ClaimState,
    SavedFilter,
    Span,
    Status,
    Verdict,
)

SETTLED = (Status.AGREED, Status.RULED)
WAITS_FOR_SOURCE = "waiting_source"
WAITS_FOR_OPINION = "waiting_opinion"
AGAIN = "again"
NOBODY = "nobody"
READABLE: dict[str, Status] = {
    WAITS_FOR_SOURCE: Status.OPEN,
    WAITS_FOR_OPINION: Status.OPEN,
    AGAIN: Status.RULED,
}
"""States that people tell apart, and the status behind each."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the list of claims. `given`: a user's id, or NOBODY; `due`: overdue, today or week."""

    words: str = ""
    status: str = ""
    verdict: str = ""
    problem: str = ""
    article: int | None = None
    outlets: tuple[str, ...] | None = None
    person: int | None = None
    given: str = ""
    due: str = ""
    unsourced: bool = False
    sort: str = "newest"


Parts = list[dict[str, Any]]


def parts(seat: Seat, wanted: Wanted) -> Parts:
    """Stretches of the index of live claims by status and verdict that hold what is wanted, each in the order of
    claims: [{}] is all of them, and the way where the person checks blind."""
    status = READABLE.get(wanted.status, wanted.status)
    if seat.hides or not (status or wanted.verdict or seat.is_viewer):
        return [{}]
    statuses = [status] if status else list(SETTLED)
    if status and status not in SETTLED:
        return [{"status": status, "verdict": None}]
    verdicts = [wanted.verdict] if wanted.verdict else Verdict.values
    return [{"status": each, "verdict": verdict} for each in statuses for verdict in verdicts]


def is_plain(seat: Seat, wanted: Wanted) -> bool:
    """Whether the parts hold nothing but what is wanted, so that no claim is looked at in vain."""
    judged = seat.hides and (wanted.status or wanted.verdict)
    return not (judged or wanted.status in READABLE or any(_others(wanted)))


def _others(wanted: Wanted) -> Iterator[Any]:
    yield from (wanted.words, wanted.problem, wanted.article, wanted.outlets is not None)
    yield from (wanted.person, wanted.given, wanted.due, wanted.unsourced)


def fitting(seat: Seat, wanted: Wanted) -> Any:
    """All conditions but the words and the day, which name their claims."""
    claims: Any = access.claims(seat)
    claims = _of_state(seat, claims, wanted)
    if wanted.verdict:
        claims = claims.filter(shown_verdict=wanted.verdict)
    if wanted.article:
        claims = claims.filter(span__article=wanted.article)
    if wanted.outlets is not None:
        told = _told_by(seat, wanted.outlets).filter(article=OuterRef("span__article"))
        claims = claims.filter(Exists(told))
    if wanted.problem or wanted.person:
        claims = claims.filter(Exists(_opinions(seat, wanted).filter(span=OuterRef("span"))))
    if wanted.given:
        claims = claims.filter(_given(seat, wanted.given))
    if wanted.unsourced:
        claims = claims.filter(~Exists(access.evidence(seat).filter(span=OuterRef("span"), retired_in=LIVE)))
    return claims


def _of_state(seat: Seat, claims: Any, wanted: Wanted) -> Any:
    if not wanted.status:
        return claims
    status = READABLE.get(wanted.status, wanted.status)
    claims = claims.filter(shown_status=status)
    if not seat.hides and status not in SETTLED:  # which the index wants to know
        claims = claims.filter(verdict=None)
    needed = seat.settings.reviews_needed
    match wanted.status:
        case "waiting_source":  # Enough opinions, all alike: what else would it wait for?
            return claims.filter(counts__verified__gte=needed)
        case "waiting_opinion":  # zeros are left out, and what is not there is not less
            return claims.filter(Q(counts__verified__lt=needed) | Q(counts__verified__isnull=True))
        case "again":
            return claims.filter(Exists(_due_again(seat).filter(span=OuterRef("span"))))
    return claims


def _opinions(seat: Seat, wanted: Wanted) -> QuerySet[Annotation]:
    """One opinion that is all of what is asked of opinions."""
    rows = access.opinions(seat).filter(retired_in=LIVE)
    if wanted.problem:
        rows = rows.filter(problem=wanted.problem, problem__gt="")  # as the index of problems says it
    return rows.filter(reviewer=wanted.person) if wanted.person else rows


def _due_again(seat: Seat) -> Any:
    return access.rulings(seat).filter(retired_in=LIVE, check_again_on__lte=today())


def _told_by(seat: Seat, outlets: tuple[str, ...]) -> QuerySet[ArticleDetails]:
    return ArticleDetails.objects.current().filter(collection=seat.collection, publisher__in=outlets)


def _given(seat: Seat, whose: str) -> Q:
    rows = access_desk.assignments(seat)
    if whose != NOBODY:
        rows = rows.filter(reviewer=int(whose))
    of_claim = Q(Exists(rows.filter(span=OuterRef("span"))))
    of_article = Q(Exists(rows.filter(article=OuterRef("span__article"), span=None)))
    return (of_claim | of_article) if whose != NOBODY else (~of_claim & ~of_article)


def sets(seat: Seat, wanted: Wanted) -> Iterator[QuerySet[Any, Any]]:
    """Ids of claims by each index that narrows what is wanted, the likeliest to be few first. A set of few is looked
    through whole, in whatever order; none of them leaves out what fits."""
    if wanted.article:
        yield Span.objects.filter(article=wanted.article).values_list("pk", flat=True)
    if wanted.status == AGAIN:
        yield _due_again(seat).values_list("span", flat=True)
    if wanted.problem or wanted.person:
        yield _opinions(seat, wanted).values_list("span", flat=True)
    if wanted.given and wanted.given != NOBODY:
        yield from _given_sets(seat, wanted.given)
    if wanted.outlets is not None:
        articles = _told_by(seat, wanted.outlets).values("article")
        yield Span.objects.filter(article__in=articles).values_list("pk", flat=True)
    stretches = parts(seat, wanted)
    if wanted.sort == "article" and stretches != [{}]:  # the other orders are the index's own
        yield _stretch(seat, stretches).values_list("span", flat=True)


def _stretch(seat: Seat, stretches: Parts) -> QuerySet[ClaimState]:
    """Together as one: by IN, which both databases walk lazily, as they do not an OR."""
    rows = ClaimState.objects.current().filter(collection=seat.collection)
    rows = rows.filter(status__in={part["status"] for part in stretches})
    verdicts = {part["verdict"] for part in stretches}
    return rows.filter(verdict=None) if verdicts == {None} else rows.filter(verdict__in=verdicts)


def _given_sets(seat: Seat, whose: str) -> Iterator[QuerySet[Any, Any]]:
    rows = access_desk.assignments(seat).filter(reviewer=int(whose))
    articles = rows.filter(span=None).values("article")
    of_articles = Span.objects.filter(article__in=Subquery(articles)).values_list("pk", flat=True)
    yield rows.filter(span__isnull=False).values_list("span", flat=True).union(of_articles, all=True)


def today() -> date:
    return timezone.localdate()


def acting(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors change many claims at once. One by one, open the claim.")


def saved_filters(seat: Seat) -> QuerySet[SavedFilter]:
    """The person's own, by name."""
    return SavedFilter.objects.filter(collection=seat.collection, user=seat.user).order_by("name", "pk")


def saved_filter(seat: Seat, filter_id: int) -> SavedFilter:
    saved = saved_filters(seat).filter(pk=filter_id).first()
    if saved is None:
        raise Http404("No such saved filter of yours in this collection.")
    return saved
