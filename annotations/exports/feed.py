"""What has changed between two revisions: whole claims and articles, each once, in the order of revisions.

An entry is a thing that lives at the end of the walk and was last written after its start, or one that was retired
meanwhile without a successor. A person is told only what they may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from annotations.access import VIEWERS_SEE, Seat
from annotations.models import LIVE, Annotation, ArticleDetails, ClaimState, Evidence


class Change(NamedTuple):
    """In the order of the feed."""

    seq: int
    type: str
    id: int
    op: str


@dataclass(frozen=True, slots=True)
class Walk:
    after: int
    head: int
    edge: tuple[int, str, int] | None = None
    """(seq, type, id) of the last entry of the page before."""


def changes(seat: Seat, walk: Walk, limit: int) -> list[Change]:
    """The next `limit` entries of the walk."""
    sources = [
        _entries(_articles_written(seat, walk), walk, "article", "upsert", limit),
        _entries(_articles_gone(seat, walk), walk, "article", "delete", limit),
        _entries(_claims_written(seat, walk), walk, "claim", "upsert", limit),
        _entries(_claims_gone(seat, walk), walk, "claim", "delete", limit),
    ]
    if seat.hides:
        sources += [_entries(rows, walk, "claim", "upsert", limit) for rows in _unseen(seat, walk)]
    return list(islice(merge(*sources), limit))


def _entries(rows: Any, walk: Walk, kind: str, op: str, limit: int) -> Iterable[Change]:
    """`rows`: values (thing, seq)."""
    if walk.edge is not None:
        seq, edge_kind, edge_id = walk.edge
        same = Q(seq=seq, thing__gt=edge_id) if kind == edge_kind else Q(seq=seq if kind > edge_kind else -1)
        rows = rows.filter(Q(seq__gt=seq) | same)
    return [Change(seq, kind, thing, op) for thing, seq in rows.order_by("seq", "thing")[:limit]]


def _since(walk: Walk) -> int:
    """The first revision that matters: an edge lets the database's walk begin where the last page ended."""
    return max(walk.after + 1, walk.edge[0]) if walk.edge else walk.after + 1


def _articles_written(seat: Seat, walk: Walk) -> Any:
    rows = _written(ArticleDetails.objects.filter(collection=seat.collection), walk)
    return rows.annotate(thing=F("article_id"), seq=F("created_in")).values_list("thing", "seq")


def _articles_gone(seat: Seat, walk: Walk) -> Any:
    rows = _gone(ArticleDetails.objects.filter(collection=seat.collection), "article", walk)
    return rows.annotate(thing=F("article_id"), seq=F("retired_in")).values_list("thing", "seq")


def _claims_written(seat: Seat, walk: Walk) -> Any:
    rows = _written(ClaimState.objects.filter(collection=seat.collection), walk)
    if seat.is_viewer:
        rows = rows.filter(status__in=VIEWERS_SEE)
    elif seat.hides:
        rows = rows.filter(_spoke(seat))
    return rows.annotate(thing=F("span_id"), seq=F("created_in")).values_list("thing", "seq")


def _claims_gone(seat: Seat, walk: Walk) -> Any:
    rows = ClaimState.objects.filter(collection=seat.collection)
    if not seat.is_viewer:
        rows = _gone(rows, "span", walk)
        return rows.annotate(thing=F("span_id"), seq=F("retired_in")).values_list("thing", "seq")
    # For a viewer a claim goes, too, when it is no longer agreed or decided.
    seen_at_end = ClaimState.objects.at(walk.head).filter(span=OuterRef("span"), status__in=VIEWERS_SEE)
    rows = rows.filter(status__in=VIEWERS_SEE, retired_in__gt=walk.after, retired_in__lte=walk.head)
    rows = rows.filter(~Exists(seen_at_end))
    return (
        rows.values("span_id").annotate(thing=F("span_id"), seq=Max("retired_in")).values_list("thing", "seq")
    )


def _unseen(seat: Seat, walk: Walk) -> list[Any]:
    """Blind: of a claim on which I have said nothing, only that it was marked, and what I did to my own sources."""
    window = {"created_in__gte": _since(walk), "created_in__lte": walk.head}
    marked = ClaimState.objects.filter(~Exists(_before()), collection=seat.collection, **window)
    mine = Evidence.objects.filter(collection=seat.collection, added_by=seat.user)
    cited = mine.filter(~Exists(_marking(walk, created_in__gte=OuterRef("created_in"))), **window)
    removed = mine.filter(
        ~Exists(_marking(walk, created_in__gte=OuterRef("retired_in"))),
        ~Exists(_same_span(mine).filter(created_in=OuterRef("retired_in"))),
        retired_in__gte=_since(walk),
        retired_in__lte=walk.head,
    )
    again = ~Exists(_marking(walk, created_in__gt=OuterRef("created_in")))
    return [_last(seat, walk, rows, "created_in") for rows in (marked.filter(again), cited)] + [
        _last(seat, walk, removed, "retired_in")
    ]


def _last(seat: Seat, walk: Walk, rows: Any, seq: str) -> Any:
    """Those of the rows that are of a living, hidden claim and the last that I may know of it."""
    mine = _same_span(Evidence.objects.filter(added_by=seat.user))
    cited_later = mine.filter(created_in__gt=OuterRef(seq), created_in__lte=walk.head)
    removed_later = mine.filter(retired_in__gt=OuterRef(seq), retired_in__lte=walk.head)
    living = _same_span(ClaimState.objects.at(walk.head))
    rows = rows.filter(~_spoke(seat), Exists(living), ~Exists(cited_later), ~Exists(removed_later))
    return rows.annotate(thing=F("span_id"), seq=F(seq)).values_list("thing", "seq").distinct()


def _marking(walk: Walk, **when: Any) -> Any:
    return ClaimState.objects.filter(
        ~Exists(_before()), span=OuterRef("span"), created_in__lte=walk.head, **when
    )


def _same_span(rows: Any) -> Any:
    return rows.filter(span=OuterRef("span"))


def _before() -> QuerySet[ClaimState]:
    """The state that this one replaced: a state without one marks the claim."""
    return ClaimState.objects.filter(span=OuterRef("span"), retired_in=OuterRef("created_in"))


def _spoke(seat: Seat) -> Exists:
    return Exists(Annotation.objects.filter(reviewer=seat.user, span=OuterRef("span")))


def _written(rows: Any, walk: Walk) -> Any:
    return rows.filter(created_in__gte=_since(walk), created_in__lte=walk.head, retired_in__gt=walk.head)


def _gone(rows: Any, thing: str, walk: Walk) -> Any:
    """The last state of what is not there at the end."""
    retired = rows.filter(retired_in__gte=_since(walk), retired_in__lte=walk.head, retired_in__lt=LIVE)
    later = rows.model._base_manager.filter(
        **{thing: OuterRef(thing)}, created_in__gte=OuterRef("retired_in"), created_in__lte=walk.head
    )
    return retired.filter(~Exists(later))
