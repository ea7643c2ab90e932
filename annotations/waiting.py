"""How much waits for a person, collection by collection: from the counts that revisions carry, less the person's own
work, so that it costs what their own work costs and not what the collections hold."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from annotations import access
from annotations.models import (
    Annotation,
    ClaimState,
    CollectionSettings,
    Membership,
    Revision,
    Ruling,
    Status,
    User,
)
from annotations.tally import Tally

ASKING = (Status.TO_CHECK, Status.OPEN)


@dataclass(frozen=True, slots=True)
class Place:
    """One of the person's collections. `to_check` and `to_decide` count what access.waiting and .undecided list."""

    collection_id: int
    slug: str
    name: str
    role: str
    articles: int
    to_check: int
    to_decide: int


def places(user: User) -> list[Place]:
    touched = _touched(user)
    return [_place(row, touched) for row in _with_counts(access.collections(user))]


def _with_counts(rows: QuerySet[CollectionSettings]) -> Any:
    head = Revision.objects.filter(collection=OuterRef("collection"), number=OuterRef("collection__head"))
    return rows.annotate(
        slug=F("collection__slug"),
        tally=Subquery(head.values("tally")[:1]),
        articles=Subquery(head.values("articles")[:1]),
    )


def _place(row: Any, touched: Counter[tuple[int, str, str]]) -> Place:
    tally, at = Tally(row.tally or {}), row.collection_id
    editor, blind = row.role == Membership.Role.EDITOR, row.blind
    asking = list(Status) if blind else ASKING
    to_check = sum(tally.status(status) - touched[at, status, "answered"] for status in asking)
    contested = tally.status(Status.CONTESTED) - touched[at, Status.CONTESTED, "spoke"]
    return Place(
        collection_id=at,
        slug=row.slug,
        name=row.name,
        role=row.role,
        articles=row.articles or 0,
        to_check=0 if row.role == Membership.Role.VIEWER or (blind and editor) else to_check,
        to_decide=contested if editor else 0,
    )


def _touched(user: User) -> Counter[tuple[int, str, str]]:
    """(collection, status, "answered" | "spoke") → live claims: answered means that they wait for this person no more,
    spoke that the person gave an opinion at some time."""
    opinions = Annotation.objects.filter(reviewer=user)
    rulings = Ruling.objects.filter(editor=user)
    here = OuterRef("span")
    rows = (
        ClaimState.objects.current()
        .filter(span__in=opinions.values("span").union(rulings.values("span")))
        .annotate(
            live=Exists(opinions.current().filter(span=here)),
            spoke=Exists(opinions.filter(span=here)),
            ruled=Exists(rulings.filter(span=here)),
        )
        .order_by()
        .values_list("collection", "status", "live", "spoke", "ruled")
        .annotate(Count("pk"))
    )
    counts: Counter[tuple[int, str, str]] = Counter()
    for collection, status, live, spoke, ruled, count in rows:
        counts[collection, status, "answered"] += count if live or ruled else 0
        counts[collection, status, "spoke"] += count if spoke else 0
    return counts
