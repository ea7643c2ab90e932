"""Which part of a collection's history somebody reads: of an article, a claim, a person, between days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from annotations import access
from annotations.access import Seat
from annotations.models import (
    LIVE,
    SAID_AT_THE_DESK,
    ArticleDetails,
    ArticleWork,
    ClaimState,
    Membership,
    Revision,
    Span,
    User,
)
from annotations.services.links import origins


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the history. `after`: changes later than that number; `last`: up to that day, included."""

    article: int | None = None
    claim: int | None = None
    person: int | None = None
    action: str = ""
    first: date | None = None
    last: date | None = None
    after: int | None = None


def history(seat: Seat, wanted: Wanted) -> QuerySet[Revision]:
    """Newest first. Whatever the filter, an index leads to the rows."""
    rows = access.revisions(seat)
    if wanted.person is not None:
        rows = rows.filter(author=wanted.person)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.first:
        rows = rows.filter(number__gte=_first_of(seat, wanted.first))
    if wanted.last:
        rows = rows.filter(number__lt=_first_of(seat, wanted.last + timedelta(days=1)))
    if wanted.after is not None:
        rows = rows.filter(number__gt=wanted.after)
    if wanted.claim is not None:
        rows = rows.filter(number__in=_touching(seat, span__in=[wanted.claim, *origins(wanted.claim)]))
    elif wanted.article is not None:
        rows = rows.filter(number__in=_touching(seat, article=wanted.article))
    return rows.order_by("-number")


def neighbours(seat: Seat, number: int) -> dict[str, int | None]:
    """The changes before and after it, of those that the person may read."""
    numbers = access.revisions(seat).values_list("number", flat=True)
    return {
        "earlier": numbers.filter(number__lt=number).order_by("-number").first(),
        "later": numbers.filter(number__gt=number).order_by("number").first(),
    }


def _first_of(seat: Seat, day: date) -> int:
    """The number of the first change of that day, in UTC, or of a later one."""
    begins = datetime.combine(day, time(), UTC)
    rows = Revision.objects.filter(collection=seat.collection, created_at__gte=begins)
    number = rows.order_by("created_at", "number").values_list("number", flat=True).first()
    return LIVE if number is None else number


def _touching(seat: Seat, **on: Any) -> QuerySet[Any, Any]:
    """Numbers of the changes that wrote or ended something said of these claims, or of the article."""
    parts = list(_walks(seat, **on))
    return parts[0].union(*parts[1:])


def _walks(seat: Seat, article: int | None = None, **claims: Any) -> Iterator[QuerySet[Any, Any]]:
    of_claims = claims if article is None else {"span__article": article}
    found: list[tuple[Any, dict[str, Any]]] = [(ClaimState, of_claims)]
    for model in SAID_AT_THE_DESK:
        by_article = article is not None and any(field.name == "article" for field in model._meta.fields)
        found.append((model, {"article": article} if by_article else of_claims))
    if article is not None:
        found += [(model, {"article": article}) for model in (ArticleDetails, ArticleWork)]
    for model, filters in found:
        rows = model._base_manager.filter(collection=seat.collection, **filters).order_by()
        yield rows.values_list("created_in")
        yield rows.filter(retired_in__lt=LIVE).values_list("retired_in")


def article_of(seat: Seat, article_id: int) -> ArticleDetails:
    """What the article is called, or was when it was withdrawn."""
    rows = ArticleDetails.objects.filter(collection=seat.collection, article=article_id)
    details = rows.only("article_id", "title", "publisher").order_by("-created_in").first()
    if details is None:
        raise Http404("No such article in this collection.")
    return details


def claim_of(seat: Seat, span_id: int) -> Span:
    """The claim, or what was one."""
    span = Span.objects.filter(pk=span_id, article__collection=seat.collection).first()
    if span is None or not ClaimState.objects.filter(span=span).exists():
        raise Http404("No such claim in this collection.")
    return span


def people(seat: Seat) -> QuerySet[User]:
    """Whose changes the person may ask for: everybody who is or was a member; where one checks blind, oneself."""
    if seat.hides:
        return User.objects.filter(pk=seat.user.pk)
    members = Membership.objects.filter(collection=seat.collection).values("user")
    return User.objects.filter(pk__in=members).order_by("display_name", "username")
