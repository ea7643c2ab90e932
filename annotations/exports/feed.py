"""What has changed between two revisions: whole claims and articles, each once, in the order of revisions.

An entry is a thing that lives at the end of the walk and was last written after its start, or one that was retired
meanwhile without a successor. A person is told only what they may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from annotations.access import VIEWERS_SEE, Seat, Seated, spoke
from annotations.exports.rows import OPEN_STATE
from annotations.models import LIVE, ArticleDetails, ClaimState, Evidence
from annotations.models.claims import state_before
from annotations.models.prepared import Asking, Question, Rows, side_by_side
from annotations.models.versions import Unindexed, none, some


class Change(NamedTuple):
    """In the order of the feed."""

    seq: int
    type: str
    id: int
    op: str
    state: tuple[Any, ...] = ()
    """Values of STATE, of a claim that was written where nothing is hidden; else empty."""


NO_THING, ANY_THING = 0, 2**63 - 1


class Revisions(NamedTuple):
    """What one statement looks through, as of `head`: all of these."""

    head: int
    first: int
    last: int


class Part(NamedTuple):
    """What one statement looks through, as of `head`: of one revision the things after `behind` up to `until`."""

    head: int
    seq: int
    behind: int
    until: int


Stretch = Revisions | Part


@dataclass(frozen=True, slots=True)
class Walk:
    after: int
    head: int
    edge: tuple[int, str, int] | None = None
    """(seq, type, id) of the last entry of the page before."""
    stop: Change | None = None
    """An entry that the page has no room for any more: nothing behind it need be looked at."""

    def stretches(self, kind: str) -> list[Stretch]:
        """For things of one kind, in order: the rest of the revision in which the last page ended, whole ones, and the
        beginning of that in which this page ends. So each begins and ends at a row of an index."""
        first, last, behind, until = self.after + 1, self.head, NO_THING, ANY_THING
        if self.edge and self.edge[0] >= first:
            seq, other, thing = self.edge
            first = seq + (kind < other)
            behind = thing if kind == other else NO_THING
        if self.stop:
            last = self.stop.seq - (kind > self.stop.type)
            until = self.stop.id if kind == self.stop.type else ANY_THING
        if first == last:
            return [Part(self.head, first, behind, until)]
        found: list[Stretch] = []
        if first < last and behind != NO_THING:
            found.append(Part(self.head, first, behind, ANY_THING))
            first += 1
        whole = last if until == ANY_THING else last - 1
        if first <= whole:
            found.append(Revisions(self.head, first, whole))
        if first <= last != whole:
            found.append(Part(self.head, last, NO_THING, until))
        return found


Things = dict[tuple[str, int], Any]
"""By type and id."""


class Page(NamedTuple):
    entries: list[Change]
    things: Things
    """Of its upserts, and maybe of others."""
    more: bool


def changes(
    seat: Seat, walk: Walk, limit: int, things: Callable[[list[Change]], Asking[Things]]
) -> Asking[Page]:
    """The next `limit` entries of the walk, and what `things` finds of those that are upserts.

    What fills the page bounds the database's walks for all the rest, which is asked at once, with the things of what
    was found until then.
    """
    written, rest = yield from _written(seat, walk, limit)
    if len(written) > limit:
        walk = replace(walk, stop=written[limit])
    known, others = yield from side_by_side(things(written[:limit]), _all_of(seat, walk, rest, limit + 1))
    found = sorted([*written, *others])
    page = found[:limit]
    new = [each for each in page if each.op == "upsert" and (each.type, each.id) not in known]
    return Page(page, known | (yield from things(new)), len(found) > limit)


def _written(seat: Seat, walk: Walk, limit: int) -> Asking[tuple[list[Change], list["Source"]]]:
    """Upserts until there are more than the page has room for, first of the kind at which the page before ended, which
    fills most pages; and the sources that are still to be asked."""
    found: list[Change] = []
    waiting = list(_WRITTEN if not walk.edge or walk.edge[1] == "article" else _WRITTEN[::-1])
    while waiting and len(found) <= limit:
        found = sorted([*found, *(yield from _filling(seat, walk, waiting.pop(0), limit + 1))])
    return found, [*waiting, *_GONE, *(_OWN_SOURCES if seat.hides else ())]


def _filling(seat: Seat, walk: Walk, source: "Source", limit: int) -> Asking[list[Change]]:
    """Stretch by stretch, until there are enough."""
    found: list[Change] = []
    for stretch in walk.stretches(source.kind):
        (rows,) = yield [_question(seat, source, stretch, limit)]
        found += _entries(source, rows)
        if len(found) >= limit:
            break
    return found


def _all_of(seat: Seat, walk: Walk, sources: list["Source"], limit: int) -> Asking[list[Change]]:
    asked = [(source, stretch) for source in sources for stretch in walk.stretches(source.kind)]
    found = yield [_question(seat, source, stretch, limit) for source, stretch in asked]
    return [entry for (source, _), rows in zip(asked, found, strict=True) for entry in _entries(source, rows)]


def _question(seat: Seat, source: "Source", stretch: Stretch, limit: int) -> Question:
    return _statement(source, _room(limit), isinstance(stretch, Part)).question(seat, *stretch)


def _entries(source: "Source", rows: Rows) -> list[Change]:
    return [Change(row[1], source.kind, row[0], source.op, row[2:]) for row in rows]


_ROOMS = (2, 11, 26, 51, 101, 201, 501, 1001)
"""A page as people ask for it, and the entry that tells whether there is another."""


def _room(limit: int) -> int:
    """Few sizes, so that there are few statements, and each says how little of its walk is wanted."""
    return next((room for room in _ROOMS if room >= limit), limit)


@cache
def _statement(source: "Source", room: int, is_part: bool) -> Seated:
    """values (thing, seq), and those of the source's state where nothing is hidden"""
    form: Any = Part if is_part else Revisions

    def build(seat: Seat, *values: int) -> Any:
        stretch = form(*values)
        rows = source.rows(seat, stretch.head).annotate(thing=F(source.thing), seq=F(source.seq))
        bound = _bound_as_rows if source.walked and connection.vendor == "sqlite" else _bound
        rows = bound(seat.collection.pk, rows, stretch)
        if source.seq == "retired_in":
            rows = rows.filter(retired_in__lt=LIVE)  # the index of retired rows alone
        state = () if seat.hides else source.state
        return rows.order_by("collection", "seq", "thing").values_list("thing", "seq", *state)[:room]

    return Seated(build, *[int] * len(form._fields))


def _bound(home: int, rows: Any, stretch: Stretch) -> Any:
    if isinstance(stretch, Part):
        # One bound as a row: else an index of things would do, and a walk along it passes over what other revisions
        # hold of them. The other not: PostgreSQL does not stop at a row. `+ 0` only lets it guess how few there are.
        behind = GreaterThan(RowValue("seq", "thing"), RowValue(stretch.seq, stretch.behind))
        rows = rows.alias(few=F("thing") + 0).filter(
            behind, seq=stretch.seq, thing__lte=stretch.until, few__gt=stretch.behind, few__lte=stretch.until
        )
    else:
        rows = rows.filter(seq__gte=stretch.first, seq__lte=stretch.last)
    return rows.filter(collection=home)


def _bound_as_rows(home: int, rows: Any, stretch: Stretch) -> Any:
    """By comparisons of all that the index is ordered by: SQLite, which guesses badly how much a revision holds, has no
    other index to choose."""
    if isinstance(stretch, Part):
        behind, until = (stretch.seq, stretch.behind), (stretch.seq, stretch.until)
    else:
        behind, until = (stretch.first, NO_THING), (stretch.last, ANY_THING)
    place = RowValue("collection", "seq", "thing")
    return rows.filter(
        GreaterThan(place, RowValue(home, *behind)), LessThanOrEqual(place, RowValue(home, *until))
    )


class RowValue(Func):
    template = "(%(expressions)s)"
    output_field = IntegerField()


def _articles_written(seat: Seat, head: int) -> Any:
    return ArticleDetails.objects.filter(retired_in__gt=head)


def _articles_gone(seat: Seat, head: int) -> Any:
    """The last state of what is not there at the end."""
    rows = ArticleDetails.objects.all()
    later = rows.filter(
        collection=seat.collection,
        article=OuterRef("article"),
        created_in__gte=OuterRef("retired_in"),
        created_in__lte=head,
    )
    return rows.filter(~Exists(later))


def _claims_written(seat: Seat, head: int) -> Any:
    rows, stands = ClaimState.objects.all(), Q(retired_in__gt=head)
    if seat.hides:
        # Of one on which I have said nothing, only that it was marked.
        return rows.filter(
            stands & Q(spoke(seat)) | Q(none(state_before()), _untold(seat, head, "created_in"))
        )
    return rows.filter(stands, status__in=VIEWERS_SEE) if seat.is_viewer else rows.filter(stands)


def _claims_gone(seat: Seat, head: int) -> Any:
    rows, retired = ClaimState.objects.all(), OuterRef("retired_in")
    later = _same_span(rows).filter(collection=seat.collection, created_in__lte=head)
    if not seat.is_viewer:
        return rows.filter(~Exists(later.filter(created_in__gte=retired)))
    # For a viewer a claim goes, too, when it is no longer agreed or decided.
    seen = later.filter(status__in=VIEWERS_SEE, retired_in__gt=retired)
    return rows.filter(~Exists(seen), status__in=VIEWERS_SEE)


def _cited(seat: Seat, head: int) -> Any:
    """Blind, of claims on which I have said nothing: what I did to my own sources."""
    at = OuterRef("created_in")
    return _mine(seat).filter(
        _untold(seat, head, "created_in"),
        ~Exists(_mine_here(seat).filter(created_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_marking(seat, head, created_in=at)),
    )


def _removed(seat: Seat, head: int) -> Any:
    at = OuterRef("retired_in")
    return _mine(seat).filter(
        _untold(seat, head, "retired_in"),
        ~Exists(_mine_here(seat).filter(retired_in=at, pk__lt=OuterRef("pk"))),
        ~Exists(_mine_here(seat).filter(created_in=at)),
        ~Exists(_marking(seat, head, created_in=at)),
    )


def _named_anew(seat: Seat, head: int) -> Any:
    """What I cite, whose source was said to be something else since: by way of anybody's citation of it."""
    at = OuterRef("named_in")
    mine = _mine_here(seat)
    return (
        _mine(seat)
        .at(head)
        .filter(source__versions__collection=seat.collection)
        .annotate(named_in=F("source__versions__created_in"))
        .filter(
            _untold(seat, head, "named_in"),
            ~Exists(mine.at(head).filter(source__versions__created_in=at, pk__lt=OuterRef("pk"))),
            ~Exists(mine.filter(Q(created_in=at) | Q(retired_in=at))),
            ~Exists(_marking(seat, head, created_in=at)),
        )
    )


class Source(NamedTuple):
    kind: str
    op: str
    rows: Callable[[Seat, int], Any]
    """Of the collection or of all, as of a head."""
    thing: str
    seq: str
    state: tuple[str, ...] = ()
    """What its rows tell of a claim as it is at the head, where nothing is hidden."""
    walked: bool = True
    """In the order of an index, as many as there may be."""


_WRITTEN = (
    Source("article", "upsert", _articles_written, "article_id", "created_in"),
    Source("claim", "upsert", _claims_written, "span_id", "created_in", OPEN_STATE),
)
_GONE = (
    Source("article", "delete", _articles_gone, "article_id", "retired_in"),
    Source("claim", "delete", _claims_gone, "span_id", "retired_in"),
)
_OWN_SOURCES = (
    Source("claim", "upsert", _cited, "span_id", "created_in", walked=False),
    Source("claim", "upsert", _removed, "span_id", "retired_in", walked=False),
    Source("claim", "upsert", _named_anew, "span_id", "named_in", walked=False),
)


def _untold(seat: Seat, head: int, seq: str) -> Q:
    """Of a row: its claim lives, is hidden from me, and what I may know of it was last changed in that revision."""
    later, mine = OuterRef(seq), _mine_here(seat)
    after = {"created_in__gt": later, "created_in__lte": head}
    return Q(
        ~spoke(seat),
        none(_marking(seat, head, created_in__gt=later)),
        ~Exists(mine.filter(**after)),
        ~Exists(mine.filter(retired_in__gt=later, retired_in__lte=head)),
        ~Exists(
            mine.at(head).filter(**{f"source__versions__{name}": value for name, value in after.items()})
        ),
        some(_same_span(ClaimState.objects.at(head)).filter(collection=seat.collection)),
    )


def _marking(seat: Seat, head: int, **when: Any) -> Any:
    marks = ClaimState.objects.filter(none(state_before()), created_in__lte=head, **when)
    return _same_span(marks).filter(collection=seat.collection)


def _mine(seat: Seat) -> Any:
    return Evidence.objects.filter(collection=seat.collection, added_by=seat.user)


def _mine_here(seat: Seat) -> Any:
    """On the claim of the row outside."""
    rows = Evidence.objects.alias(who=Unindexed("added_by")).filter(
        who=seat.user.pk, collection=seat.collection
    )
    return _same_span(rows)


def _same_span(rows: Any) -> Any:
    return rows.filter(span=OuterRef("span"))
