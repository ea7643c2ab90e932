"""Whose work it is that a thing stands as it does, with undone changes seen through.

A change of a thing may be undone while the thing stands as that change left it: nothing touched it since, or what did
has been undone. Undoing change x brings a thing back to where it stood before x, so the chain goes on from there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet

from annotations.models import LIVE, ClaimState, Collection, Undoing, VersionRow

Key = tuple[object, ...]
CHUNK = 1000


def among(rows: "QuerySet[Any]", field: str, values: Iterable[Any]) -> "Iterator[QuerySet[Any]]":
    """The rows whose field has one of these values, in parts that a statement can hold."""
    wanted = sorted(set(values))
    for at in range(0, len(wanted), CHUNK):
        yield rows.filter(**{f"{field}__in": wanted[at : at + CHUNK]})


def overtaken(
    numbers: Iterable[int], touches: Sequence[int], undone: Callable[[int], list[int]]
) -> dict[int, int]:
    """Of the changes to be undone, the latest first, those that cannot be, each with the change that stands in the way.

    `touches`: the changes that touched the thing, ascending; `undone`: which changes a change undid.
    """
    wanted = sorted(set(numbers) & set(touches), reverse=True)
    top = touches[-1]
    for nth, number in enumerate(wanted):
        if not _stands(number, top, touches, undone):
            return dict.fromkeys(wanted[nth:], top)
        top = max((n for n in touches if n < number), default=0)
    return {}


def _stands(number: int, top: int, touches: Sequence[int], undone: Callable[[int], list[int]]) -> bool:
    """Whether the thing that the change `top` touched last stands as `number` left it."""
    at = top
    while at > number:
        targets = undone(at)
        # A bulk undo took the thing back to before the first of its changes that touched it.
        first = min([n for n in targets if n in touches] or targets, default=0)
        at = max((n for n in touches if n < first), default=0)
    return at == number


def undone_by(collection: Collection) -> Callable[[int], list[int]]:
    """Which changes a change undid; none where it is no undo."""

    @cache
    def find(number: int) -> list[int]:
        rows = Undoing.objects.filter(collection=collection, number=number)
        return list(rows.values_list("undid", flat=True))

    return find


def key_of(row: VersionRow) -> Key:
    return tuple(getattr(row, name) for name in key_names(type(row)))


def key_names(model: type[VersionRow]) -> list[str]:
    return [model._meta.get_field(name).attname for name in model.KEY]  # type: ignore[union-attr]


class History:
    """What became of some things of one kind: `touches` of each, ascending, and the id of its live row."""

    def __init__(self, model: type[VersionRow], collection: Collection, keys: set[Key]) -> None:
        self.live: dict[Key, int] = {}
        touches: defaultdict[Key, set[int]] = defaultdict(set)
        names = key_names(model)
        rows = model._base_manager.filter(collection=collection)
        at = _narrow(model)
        for part in among(rows, names[at], {key[at] for key in keys}):
            for pk, created_in, retired_in, *key in part.values_list(
                "pk", "created_in", "retired_in", *names
            ):
                self._add(touches[tuple(key)], tuple(key), pk, created_in, retired_in)
        self.touches = {key: sorted(touches[key]) for key in keys}

    def _add(self, touches: set[int], key: Key, pk: int, created_in: int, retired_in: int) -> None:
        touches.add(created_in)
        if retired_in == LIVE:
            self.live[key] = pk
        else:
            touches.add(retired_in)


def _narrow(model: type[VersionRow]) -> int:
    """Which part of the key finds them all: the span of (span, reviewer), the key of (collection, key)."""
    return -1 if model.KEY[0] == "collection" else 0


def said_of_claims(collection: Collection, span_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each claim the changes that marked it, took it away, or said whether it can be checked; ascending."""
    touches: defaultdict[int, list[int]] = defaultdict(list)
    last: dict[int, tuple[str, int]] = {}
    for part in among(ClaimState.objects.filter(collection=collection), "span", span_ids):
        rows = part.order_by("span", "created_in")
        for span, created_in, retired_in, reason in rows.values_list(
            "span_id", "created_in", "retired_in", "reason"
        ):
            before, until = last.get(span, (None, None))
            if until is not None and until != created_in:
                touches[span].append(until)
            if until != created_in or before != reason:
                touches[span].append(created_in)
            last[span] = (reason, retired_in)
    for span, (_, until) in last.items():
        if until != LIVE:
            touches[span].append(until)
    return touches
