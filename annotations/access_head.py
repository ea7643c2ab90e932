"""How far a collection has come, as far as the person may know (ADR 27).

Where others' work is hidden, the number of the last change would tell, asked for again and again, that somebody is
judging what the person has not judged yet. So who checks blind is told the last change of which they see anything, and
lives with that number as with any head: what was changed after it and before the true one, they see nothing of.
"""

from collections.abc import Iterable
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
from annotations.models.versions import exactly

STEP = 5_000
"""So many changes does the search go back, and as many again at most; before them the head goes by whole steps."""


def known_head(seat: Seat) -> int:
    """The number of the last change of which this person may know. With each request: by statements that are kept."""
    if not seat.is_blind:
        return seat.collection.head
    (own,) = _OWN_LAST.first(seat.user.pk, seat.collection.pk) or (0,)
    floor = max(own, _step(seat.collection.head))
    (_, *numbers) = _SHOWN(seat, floor)[0]
    return max(floor, *(number or 0 for number in numbers))


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
    found = _last_shown(seats[0], floors)
    return {pk: max(floors[pk], *(number or 0 for number in numbers)) for pk, *numbers in found}


def _last_shown(seat: Seat, floors: dict[int, int]) -> QuerySet[Any, Any]:
    """`floors`: collection → what the search begins after."""
    whens = [When(pk=pk, then=Value(floor)) for pk, floor in floors.items()]
    rows = Collection.objects.filter(pk__in=floors).annotate(
        floor=Case(*whens, default=Value(0), output_field=IntegerField())
    )
    return rows.values_list("pk", *_parts(seat))


_SHOWN = Seated(lambda seat, floor: _last_shown(seat, {seat.collection.pk: floor}), int)
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


def _parts(seat: Seat) -> list[Subquery]:
    """For each kind of what shows, the last change that wrote or ended one, after the `floor` of the row outside."""
    kinds: list[tuple[QuerySet[Any, Any], QuerySet[Any, Any]]] = [
        (CollectionSettings.objects.all(), CollectionSettings.objects.none()),
        (ArticleDetails.objects.all(), ArticleDetails.objects.all()),
        *(_seen_by_reviewers(seat) if seat.hides else _seen_by_viewers()),
    ]
    parts = []
    for written, ended in kinds:
        parts.append(_last(written, "created_in"))
        if ended.query.is_empty():
            continue
        parts.append(_last(ended.filter(retired_in__lt=LIVE), "retired_in"))
    return parts


def _last(rows: QuerySet[Any, Any], column: str) -> Subquery:
    here = rows.filter(**{"collection": OuterRef("pk"), f"{column}__gt": OuterRef("floor")})
    return Subquery(here.order_by(f"-{column}").values(column)[:1])


def _seen_by_reviewers(seat: Seat) -> list[tuple[QuerySet[Any, Any], QuerySet[Any, Any]]]:
    """Claims come and go; of those that they judged whatever changes; and what becomes of their own sources."""
    states, mine = ClaimState.objects.all(), Evidence.objects.filter(added_by=seat.user)
    same = states.filter(collection=OuterRef("collection"))
    after = Exists(same.filter(**exactly(span="span", created_in="retired_in")))
    cited = Exists(mine.filter(source=OuterRef("source")))
    return [
        (states.filter(Q(spoke(seat)) | Q(~Exists(state_before()))), states.filter(~after)),
        (mine, mine),
        (SourceDetails.objects.filter(cited), SourceDetails.objects.none()),
    ]


def _seen_by_viewers() -> list[tuple[QuerySet[Any, Any], QuerySet[Any, Any]]]:
    settled = ClaimState.objects.filter(status__in=VIEWERS_SEE)
    return [(settled, settled)]
