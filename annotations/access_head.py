"""How far a collection has come, as far as the person may know (ADR 27).

Where others' work is hidden, the number of the last change would tell, asked for again and again, that somebody is
judging what the person has not judged yet. So who checks blind is told the last change of which they see anything, and
lives with that number as with any head: what was changed after it and before the true one, they see nothing of.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from annotations.access import VIEWERS_SEE, Seat, Seated, spoke
from annotations.models import (
    LIVE,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    SourceDetails,
)
from annotations.models.claims import state_before
from annotations.models.prepared import Prepared
from annotations.models.versions import Unindexed, none

STEP = 5_000
"""So many changes does the search go back, and as many again at most; before them the head goes by whole steps."""


def known_head(seat: Seat) -> int:
    """The number of the last change of which this person may know. With each request: by statements that are kept."""
    if not seat.is_blind:
        return seat.collection.head
    (own,) = _OWN_LAST.first(seat.user.pk, seat.collection.pk) or (0,)
    floor = max(own, _step(seat.collection.head))
    for shown in (_SHOWN, _CLAIMS_SHOWN):
        (_, *numbers) = shown(seat, floor)[0]
        floor = max(floor, *(number or 0 for number in numbers))
    return floor


def known_heads(seats: Iterable[Seat]) -> dict[int, int]:
    """collection → the number of the last change of which this person may know. Of one person's seats."""
    every = list(seats)
    heads: dict[int, int] = {seat.collection.pk: seat.collection.head for seat in every}
    blind = [seat for seat in every if seat.is_blind]
    for group in ([each for each in blind if each.hides], [each for each in blind if not each.hides]):
        if group:
            heads |= _found(group, _own_last(group))
    return heads


def _own_last(seats: list[Seat]) -> dict[int, int]:
    own = Revision.objects.filter(author=seats[0].user, collection__in=[seat.collection.pk for seat in seats])
    return dict(own.order_by().values_list("collection").annotate(Max("number")))


def _found(seats: list[Seat], own: dict[int, int]) -> dict[int, int]:
    """The last change after `own` that shows, else that itself or the step that the search ended at."""
    floors = {
        seat.collection.pk: max(own.get(seat.collection.pk, 0), _step(seat.collection.head)) for seat in seats
    }
    for parts in (_parts, _claims):
        found = _last_shown(seats[0], floors, parts)
        floors = {pk: max(floors[pk], *(number or 0 for number in numbers)) for pk, *numbers in found}
    return floors


def _last_shown(seat: Seat, floors: dict[int, int], parts: "Parts") -> QuerySet[Any, Any]:
    """`floors`: collection → what the search begins after."""
    whens = [When(pk=pk, then=Value(floor)) for pk, floor in floors.items()]
    rows = Collection.objects.filter(pk__in=floors).annotate(
        floor=Case(*whens, default=Value(0), output_field=IntegerField())
    )
    return rows.values_list("pk", *parts(seat))


_SHOWN = Seated(lambda seat, floor: _last_shown(seat, {seat.collection.pk: floor}, _parts), int)
_CLAIMS_SHOWN = Seated(lambda seat, floor: _last_shown(seat, {seat.collection.pk: floor}, _claims), int)
_OWN_LAST = Prepared(
    lambda user, collection: (
        Revision.objects.filter(author=user, collection=collection)
        .order_by("-number")
        .values_list("number")[:1]
    ),
    *(int, int),
)


def _step(head: int) -> int:
    return max(0, (head // STEP - 1) * STEP)


Parts = Callable[[Seat], list[Subquery]]
"""For each kind of what shows, the last change that wrote or ended one, after the `floor` of the row outside."""


def _parts(seat: Seat) -> list[Subquery]:
    parts = [
        _written(CollectionSettings.objects.all()),
        _written(ArticleDetails.objects.all()),
        _ended(ArticleDetails.objects.all()),
    ]
    if not seat.hides:
        return parts
    # What becomes of their own sources: asked of each source only where they have any.
    mine = Evidence.objects.filter(added_by=seat.user)
    cited = Evidence.objects.alias(who=Unindexed("added_by")).filter(
        source=OuterRef("source"), who=seat.user.pk
    )
    sources = SourceDetails.objects.filter(Exists(mine), Exists(cited))
    return [*parts, _written(mine), _ended(mine), _written(sources)]


def _claims(seat: Seat) -> list[Subquery]:
    """Last, and after what the others told: a change of the settings, which is told of, may have written them all."""
    states = ClaimState.objects.all()
    if not seat.hides:
        settled = states.filter(status__in=VIEWERS_SEE)
        return [_written(settled), _ended(settled)]
    # They come and go; of those that the person judged whatever changes.
    after = states.filter(
        collection=OuterRef("collection"), span=OuterRef("span"), created_in=OuterRef("retired_in")
    )
    shown = states.filter(Q(spoke(seat)) | Q(none(state_before())))
    return [_written(shown), _ended(states.filter(none(after)))]


def _written(rows: QuerySet[Any, Any]) -> Subquery:
    return _last(rows, "created_in")


def _ended(rows: QuerySet[Any, Any]) -> Subquery:
    return _last(rows.filter(retired_in__lt=LIVE), "retired_in")


def _last(rows: QuerySet[Any, Any], column: str) -> Subquery:
    here = rows.filter(**{"collection": OuterRef("pk"), f"{column}__gt": OuterRef("floor")})
    return Subquery(here.order_by(f"-{column}").values(column)[:1])
