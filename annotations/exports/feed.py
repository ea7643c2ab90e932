"""What has changed between two revisions: whole claims and articles, each once, in the order of revisions.

An entry is a thing that lives at the end of the walk and was last written after its start, or one that was retired
meanwhile without a successor. A person is told only what they may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from annotations.access import VIEWERS_SEE, Seat, Seated, spoke
from annotations.models import LIVE, ArticleDetails, ClaimState, Evidence
from annotations.models.claims import state_before
from annotations.models.versions import exactly


class Change(NamedTuple):
    """In the order of the feed."""

    seq: int
    type: str
    id: int
    op: str


class Stretch(NamedTuple):
    """What one statement looks through, as of `head`: what comes after the thing `behind` in revision `first`, up to
    and with the thing `until` in revision `last`."""

    first: int
    last: int
    head: int
    behind: int
    until: int


@dataclass(frozen=True, slots=True)
class Walk:
    after: int
    head: int
    edge: tuple[int, str, int] | None = None
    """(seq, type, id) of the last entry of the page before."""
    stop: Change | None = None
    """The last entry that the page has room for, as far as is known: nothing behind it need be looked at."""

    def stretch(self, kind: str) -> Stretch:
        """For things of one kind: an edge lets the database's walk begin where the last page ended."""
        first, last, behind, until = self.after + 1, self.head, NO_THING, ANY_THING
        if self.edge and self.edge[0] >= first:
            seq, other, thing = self.edge
            first = seq + (kind < other)
            behind = thing if kind == other else NO_THING
        if self.stop:
            last = self.stop.seq - (kind > self.stop.type)
            until = self.stop.id if kind == self.stop.type else ANY_THING
        return Stretch(first, last, self.head, behind, until)


NO_THING, ANY_THING = 0, 2**63 - 1


def changes(seat: Seat, walk: Walk, limit: int) -> list[Change]:
    """The next `limit` entries of the walk. What fills the page bounds the database's walks for what follows."""
    found: list[Change] = []
    for kind, op, source in (*_SOURCES, *(_OWN_SOURCES if seat.hides else ())):
        stretch = walk.stretch(kind)
        rows = _statement(source, _room(limit))(seat, *stretch) if stretch.first <= stretch.last else []
        entries = [Change(seq, kind, thing, op) for thing, seq in rows]
        found = list(islice(merge(found, entries), limit))
        if len(found) == limit:
            walk = replace(walk, stop=found[-1])
    return found


def _room(limit: int) -> int:
    """The next power of two: so there are few statements, and each says how little of its walk is wanted."""
    return 1 << (limit - 1).bit_length()


@cache
def _statement(source: "Source", room: int) -> Seated:
    """values (thing, seq)"""

    def build(seat: Seat, *bounds: int) -> Any:
        stretch = Stretch(*bounds)
        rows = source(seat, stretch).filter(
            Q(seq__gt=stretch.first) | Q(thing__gt=stretch.behind),
            Q(seq__lt=stretch.last) | Q(thing__lte=stretch.until),
        )
        return rows.order_by("seq", "thing")[:room]

    return Seated(build, *[int] * len(Stretch._fields))


def _articles_written(seat: Seat, walk: Stretch) -> Any:
    rows = ArticleDetails.objects.filter(collection=seat.collection, retired_in__gt=walk.head)
    return _told(_written(rows, walk), "article_id", "created_in")


def _articles_gone(seat: Seat, walk: Stretch) -> Any:
    """The last state of what is not there at the end."""
    rows = ArticleDetails.objects.filter(collection=seat.collection)
    later = rows.filter(article=OuterRef("article"), **_up_to(walk, created_in__gte=OuterRef("retired_in")))
    return _told(_retired(rows, walk).filter(~Exists(later)), "article_id", "retired_in")


def _claims_written(seat: Seat, walk: Stretch) -> Any:
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


def _claims_gone(seat: Seat, walk: Stretch) -> Any:
    rows = ClaimState.objects.filter(collection=seat.collection)
    if seat.is_viewer:
        # For a viewer a claim goes, too, when it is no longer agreed or decided.
        rows = rows.filter(status__in=VIEWERS_SEE)
        later = _same_span(rows).filter(**_up_to(walk, retired_in__gt=OuterRef("retired_in")))
    else:
        later = _same_span(rows).filter(**_up_to(walk, created_in__gte=OuterRef("retired_in")))
    return _told(_retired(rows, walk).filter(~Exists(later)), "span_id", "retired_in")


def _cited(seat: Seat, walk: Stretch) -> Any:
    """Blind, of claims on which I have said nothing: what I did to my own sources."""
    at = OuterRef("created_in")
    rows = _written(_mine(seat), walk).filter(
        _untold(seat, walk, "created_in"),
        ~Exists(_same_span(_mine(seat)).filter(created_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_marking(seat, walk, created_in=at)),
    )
    return _told(rows, "span_id", "created_in")


def _removed(seat: Seat, walk: Stretch) -> Any:
    at = OuterRef("retired_in")
    rows = _retired(_mine(seat), walk).filter(
        _untold(seat, walk, "retired_in"),
        ~Exists(_same_span(_mine(seat)).filter(retired_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_same_span(_mine(seat)).filter(created_in=at)),
        ~Exists(_marking(seat, walk, created_in=at)),
    )
    return _told(rows, "span_id", "retired_in")


def _named_anew(seat: Seat, walk: Stretch) -> Any:
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
            ~Exists(_marking(seat, walk, created_in=at)),
        )
    )
    return _told(rows, "span_id", "named_in")


Source = Callable[[Seat, Stretch], Any]
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


def _untold(seat: Seat, walk: Stretch, seq: str) -> Q:
    """Of a row: its claim lives, is hidden from me, and what I may know of it was last changed in that revision."""
    later, mine = OuterRef(seq), _same_span(_mine(seat))
    return Q(
        ~spoke(seat),
        ~Exists(_marking(seat, walk, created_in__gt=later)),
        ~Exists(mine.filter(**_up_to(walk, created_in__gt=later))),
        ~Exists(mine.filter(retired_in__gt=later, retired_in__lte=walk.head)),
        ~Exists(
            mine.at(walk.head).filter(
                source__versions__created_in__gt=later, source__versions__created_in__lte=walk.head
            )
        ),
        Exists(ClaimState.objects.at(walk.head).filter(collection=seat.collection, **exactly(span="span"))),
    )


def _marking(seat: Seat, walk: Stretch, **when: Any) -> Any:
    marks = ClaimState.objects.filter(~Exists(state_before()), **_up_to(walk, **when))
    return marks.filter(collection=seat.collection, **exactly(span="span"))


def _mine(seat: Seat) -> Any:
    return Evidence.objects.filter(collection=seat.collection, added_by=seat.user)


def _same_span(rows: Any) -> Any:
    return rows.filter(span=OuterRef("span"))


def _written(rows: Any, walk: Stretch) -> Any:
    return rows.filter(created_in__gte=walk.first, created_in__lte=walk.last)


def _retired(rows: Any, walk: Stretch) -> Any:
    """`LIVE` is named for the index of retired rows alone."""
    return rows.filter(retired_in__gte=walk.first, retired_in__lte=walk.last, retired_in__lt=LIVE)


def _up_to(walk: Stretch, **when: Any) -> dict[str, Any]:
    return {"created_in__lte": walk.head, **when}


def _told(rows: Any, thing: str, seq: str) -> Any:
    return rows.annotate(thing=F(thing), seq=F(seq)).values_list("thing", "seq")
