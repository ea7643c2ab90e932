"""What a claim's row is made of: the statements that find it, which are kept (ADR 4)."""

from collections.abc import Callable
from typing import Any

from annotations import access
from annotations.models import ArticleDetails, ClaimState, Revision, Source
from annotations.models.prepared import Prepared, Question, Rows

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
    """Of claims that the person sees. Sources of the public tier alone: no other leaves."""
    return with_source(access.evidence(seat, at, seen=True).filter(source__tier=Source.Tier.PUBLIC), at)


class OfClaims:
    """Rows of some claims, which the person sees: by a walk along the index where their ids are dense, of which those
    that are not of these claims are dropped by whoever reads them; else by one look for each.

    `build`: from a seat and a revision, the rows of all claims.
    """

    def __init__(self, build: Callable[[access.Seat, int], Any]) -> None:
        self._walk = access.Seated(
            lambda seat, at, first, last: build(seat, at).filter(span__gte=first, span__lte=last),
            *(int, int, int),
        )
        self._look = access.Seated(lambda seat, at, ids: build(seat, at).filter(span__among=ids), int, list)

    def question(self, seat: access.Seat, at: int, ids: list[int], read: Callable[[Rows], Any]) -> Question:
        """`ids`: ascending."""
        dense = ids[-1] - ids[0] < 2 * len(ids)
        asked = (
            self._walk.question(seat, at, ids[0], ids[-1]) if dense else self._look.question(seat, at, ids)
        )
        return asked._replace(read=read)


OPINIONS = OfClaims(
    lambda seat, at: (
        access.opinions(seat, at, seen=True)
        .order_by("span_id", "pk")
        .values_list("span_id", "reviewer_id", "created_in", *OPINION)
    )
)
CITATIONS = OfClaims(lambda seat, at: public_evidence(seat, at).values_list("span_id", *EVIDENCE))
RULINGS = OfClaims(
    lambda seat, at: access.rulings(seat, at, seen=True).values_list(
        "span_id", "created_in", "editor_id", "verdict", "rationale", *TERMS
    )
)
TIMES = Prepared(
    lambda collection, numbers: (
        Revision.objects.filter(collection=collection, number__among=numbers)
        .order_by()
        .values_list("number", "created_at")
    ),
    *(int, list),
)
HISTORY = Prepared(
    lambda collection, at, spans: (
        ClaimState.objects.filter(collection=collection, span__among=spans, created_in__lte=at)
        .order_by("span_id", "created_in")
        .values_list("span_id", "created_in", "retired_in")
    ),
    *(int, int, list),
)
ARTICLES = Prepared(
    lambda at, articles: (
        ArticleDetails.objects.at(at)
        .filter(article__among=articles)
        .values_list("article_id", "title", "publisher", "published_on", "url", "article__sha256")
    ),
    *(int, list),
)
