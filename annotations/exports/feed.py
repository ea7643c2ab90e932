"""What has changed between two revisions: whole claims and articles, each once, in the order of revisions.

An entry is a thing that lives at the end of the walk and was last written after its start, or one that was retired
meanwhile without a successor. A person is told only what they may see.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from annotations.access import VIEWERS_SEE, Seat, spoke
from annotations.models import LIVE, ArticleDetails, ClaimState, Evidence
from annotations.models.claims import state_before
from annotations.models.versions import exactly


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
    stop: Change | None = None
    """The last entry that the page has room for, as far as is known: nothing behind it need be looked at."""

    @property
    def first(self) -> int:
        """The first revision that matters: an edge lets the database's walk begin where the last page ended."""
        return max(self.after + 1, self.edge[0]) if self.edge else self.after + 1

    @property
    def last(self) -> int:
        return self.stop.seq if self.stop else self.head


def changes(seat: Seat, walk: Walk, limit: int) -> list[Change]:
    """The next `limit` entries of the walk. What fills the page bounds the database's walks for what follows."""
    found: list[Change] = []
    for kind, op, source in (*_SOURCES, *(_OWN_SOURCES if seat.hides else ())):
        entries = _entries(source(seat, walk), walk, kind, op, limit)
        found = list(islice(merge(found, entries), limit))
        if len(found) == limit:
            walk = replace(walk, stop=found[-1])
    return found


def _entries(rows: Any, walk: Walk, kind: str, op: str, limit: int) -> Iterable[Change]:
    """`rows`: values (thing, seq)."""
    if walk.edge is not None:
        seq, other, thing = walk.edge
        same = Q(seq=seq, thing__gt=thing) if kind == other else Q(seq=seq if kind > other else -1)
        rows = rows.filter(Q(seq__gt=seq) | same)
    if walk.stop is not None:
        seq, other, thing, _ = walk.stop
        same = Q(seq=seq, thing__lte=thing) if kind == other else Q(seq=seq if kind < other else -1)
        rows = rows.filter(Q(seq__lt=seq) | same)
    return [Change(seq, kind, thing, op) for thing, seq in rows.order_by("seq", "thing")[:limit]]


def _articles_written(seat: Seat, walk: Walk) -> Any:
    rows = ArticleDetails.objects.filter(collection=seat.collection, retired_in__gt=walk.head)
    return _told(_written(rows, walk), "article_id", "created_in")


def _articles_gone(seat: Seat, walk: Walk) -> Any:
    """The last state of what is not there at the end."""
    rows = ArticleDetails.objects.filter(collection=seat.collection)
    later = rows.filter(article=OuterRef("article"), **_up_to(walk, created_in__gte=OuterRef("retired_in")))
    return _told(_retired(rows, walk).filter(~Exists(later)), "article_id", "retired_in")


def _claims_written(seat: Seat, walk: Walk) -> Any:
    rows = _written(ClaimState.objects.filter(collection=seat.collection), walk)
    stands = Q(retired_in__gt=walk.head)
    if seat.hides:
        # Of one on which I have said nothing, only that it was marked.
        rows = rows.filter(
            stands & Q(spoke(seat)) | Q(~Exists(state_before()), _untold(seat, walk, "created_in"))
        )
    elif seat.is_viewer:
        rows = rows.filter(stands, status__in=VIEWERS_SEE)
    else:
        rows = rows.filter(stands)
    return _told(rows, "span_id", "created_in")


def _claims_gone(seat: Seat, walk: Walk) -> Any:
    rows = ClaimState.objects.filter(collection=seat.collection)
    if seat.is_viewer:
        # For a viewer a claim goes, too, when it is no longer agreed or decided.
        rows = rows.filter(status__in=VIEWERS_SEE)
        later = _same_span(rows).filter(**_up_to(walk, retired_in__gt=OuterRef("retired_in")))
    else:
        later = _same_span(rows).filter(**_up_to(walk, created_in__gte=OuterRef("retired_in")))
    return _told(_retired(rows, walk).filter(~Exists(later)), "span_id", "retired_in")


def _cited(seat: Seat, walk: Walk) -> Any:
    """Blind, of claims on which I have said nothing: what I did to my own sources."""
    at = OuterRef("created_in")
    rows = _written(_mine(seat), walk).filter(
        _untold(seat, walk, "created_in"),
        ~Exists(_same_span(_mine(seat)).filter(created_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_marking(walk, created_in=at)),
    )
    return _told(rows, "span_id", "created_in")


def _removed(seat: Seat, walk: Walk) -> Any:
    at = OuterRef("retired_in")
    rows = _retired(_mine(seat), walk).filter(
        _untold(seat, walk, "retired_in"),
        ~Exists(_same_span(_mine(seat)).filter(retired_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_same_span(_mine(seat)).filter(created_in=at)),
        ~Exists(_marking(walk, created_in=at)),
    )
    return _told(rows, "span_id", "retired_in")


def _named_anew(seat: Seat, walk: Walk) -> Any:
    """What I cite, whose source was said to be something else since: by way of anybody's citation of it."""
    at = OuterRef("named_in")
    mine = _same_span(_mine(seat))
    rows = (
        _mine(seat)
        .at(walk.head)
        .filter(
            source__versions__collection=seat.collection,
            source__versions__created_in__gte=walk.first,
            source__versions__created_in__lte=walk.last,
        )
        .annotate(named_in=F("source__versions__created_in"))
        .filter(
            _untold(seat, walk, "named_in"),
            ~Exists(mine.at(walk.head).filter(source__versions__created_in=at, pk__lt=OuterRef("pk"))),
            ~Exists(mine.filter(Q(created_in=at) | Q(retired_in=at))),
            ~Exists(_marking(walk, created_in=at)),
        )
    )
    return _told(rows, "span_id", "named_in")


Source = Callable[[Seat, Walk], Any]
_SOURCES: tuple[tuple[str, str, Source], ...] = (
    ("article", "upsert", _articles_written),
    ("article", "delete", _articles_gone),
    ("claim", "upsert", _claims_written),
    ("claim", "delete", _claims_gone),
)
_OWN_SOURCES: tuple[tuple[str, str, Source], ...] = (
    ("claim", "upsert", _cited),
    ("claim", "upsert", _removed),
    ("claim", "upsert", _named_anew),
)


def _untold(seat: Seat, walk: Walk, seq: str) -> Q:
    """Of a row: its claim lives, is hidden from me, and what I may know of it was last changed in that revision."""
    later, mine = OuterRef(seq), _same_span(_mine(seat))
    return Q(
        ~spoke(seat),
        ~Exists(_marking(walk, created_in__gt=later)),
        ~Exists(mine.filter(**_up_to(walk, created_in__gt=later))),
        ~Exists(mine.filter(retired_in__gt=later, retired_in__lte=walk.head)),
        ~Exists(
            mine.at(walk.head).filter(
                source__versions__created_in__gt=later, source__versions__created_in__lte=walk.head
            )
        ),
        Exists(ClaimState.objects.at(walk.head).filter(collection=seat.collection, **exactly(span="span"))),
    )


def _marking(walk: Walk, **when: Any) -> Any:
    return _same_span(ClaimState.objects.filter(~Exists(state_before()), **_up_to(walk, **when)))


def _mine(seat: Seat) -> Any:
    return Evidence.objects.filter(collection=seat.collection, added_by=seat.user)


def _same_span(rows: Any) -> Any:
    return rows.filter(span=OuterRef("span"))


def _written(rows: Any, walk: Walk) -> Any:
    return rows.filter(created_in__gte=walk.first, created_in__lte=walk.last)


def _retired(rows: Any, walk: Walk) -> Any:
    """`LIVE` is named for the index of retired rows alone."""
    return rows.filter(retired_in__gte=walk.first, retired_in__lte=walk.last, retired_in__lt=LIVE)


def _up_to(walk: Walk, **when: Any) -> dict[str, Any]:
    return {"created_in__lte": walk.head, **when}


def _told(rows: Any, thing: str, seq: str) -> Any:
    return rows.annotate(thing=F(thing), seq=F(seq)).values_list("thing", "seq")
