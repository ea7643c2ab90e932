"""Whose work it is that a thing stands as it does, with undone changes seen through.

A change of a thing may be undone while the thing stands as that change left it: nothing touched it since, or what did
has been undone. Undoing change x brings a thing back to where it stood before x, so the chain goes on from there. An
undo touches all that the undone changes did, also where it writes nothing: of a source that one of them added and
another took away nothing is left to write.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet

from annotations.models import LIVE, ClaimState, Collection, Revision, Undoing, VersionRow

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


def undid_through(collection: Collection, numbers: Iterable[int]) -> dict[int, set[int]]:
    """Of those of the changes that are undos: all that they undid, and what those undid in their turn."""
    undid: defaultdict[int, set[int]] = defaultdict(set)
    wanted = edge = set(numbers)
    while edge:
        rows = Undoing.objects.filter(collection=collection, number__in=edge)
        found = list(rows.values_list("number", "undid"))
        for number, target in found:
            undid[number].add(target)
        edge = {target for _, target in found} - undid.keys()

    def all_of(number: int) -> set[int]:
        return undid[number].union(*map(all_of, undid[number])) if number in undid else set()

    return {number: all_of(number) for number in wanted if number in undid}


def undone_by(collection: Collection) -> Callable[[int], list[int]]:
    """Which changes a change undid; none where it is no undo."""

    @cache
    def find(number: int) -> list[int]:
        rows = Undoing.objects.filter(collection=collection, number=number)
        return list(rows.values_list("undid", flat=True))

    return find


def standing_undos(collection: Collection, numbers: set[int]) -> dict[int, int]:
    """change → the change that undid it: an undo that has been undone itself undoes nothing."""
    undos: dict[int, list[int]] = {}
    edge = numbers
    while edge:
        rows = Undoing.objects.filter(collection=collection, undid__in=edge)
        for undid, number in rows.order_by("undid", "-number").values_list("undid", "number"):
            undos.setdefault(undid, []).append(number)
        edge = {number for each in edge for number in undos.get(each, [])} - undos.keys()

    def by(number: int) -> int | None:
        return next((undo for undo in undos.get(number, []) if by(undo) is None), None)

    return {number: undo for number in numbers if (undo := by(number)) is not None}


def deeds(collection: Collection, numbers: Iterable[int]) -> dict[int, set[str]]:
    """What each change did, or what was done by those that it undid, to the end of the chain."""
    action: dict[int, str] = {}
    undid: defaultdict[int, list[int]] = defaultdict(list)
    edge = wanted = set(numbers)
    while edge:
        rows = Revision.objects.filter(collection=collection, number__in=edge)
        action |= dict(rows.values_list("number", "action"))
        undos = Undoing.objects.filter(collection=collection, number__in=edge)
        for number, target in undos.values_list("number", "undid"):
            undid[number].append(target)
        edge = {target for number in edge for target in undid[number]} - action.keys()

    def ends(number: int) -> set[str]:
        return set[str]().union(*map(ends, undid[number])) if undid[number] else {action[number]}

    return {number: ends(number) for number in wanted if number in action}


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
        at = narrowest(model)
        for part in among(rows, names[at], {key[at] for key in keys}):
            for pk, created_in, retired_in, *key in part.values_list(
                "pk", "created_in", "retired_in", *names
            ):
                self._add(touches[tuple(key)], tuple(key), pk, created_in, retired_in)
        self.touches = _with_undos(collection, {key: touches[key] for key in keys})

    def _add(self, touches: set[int], key: Key, pk: int, created_in: int, retired_in: int) -> None:
        touches.add(created_in)
        if retired_in == LIVE:
            self.live[key] = pk
        else:
            touches.add(retired_in)


def narrowest(model: type[VersionRow]) -> int:
    """Which part of the key finds them all: the span of (span, reviewer), the key of (collection, key)."""
    return -1 if model.KEY[0] == "collection" else 0


def _with_undos(collection: Collection, touches: dict[Any, set[int]]) -> dict[Any, list[int]]:
    """And the changes that undid these, and those that undid them; ascending."""
    undos: defaultdict[int, set[int]] = defaultdict(set)
    edge = seen = set[int]().union(*touches.values())
    while edge:
        rows = Undoing.objects.filter(collection=collection)
        parts = among(rows, "undid", edge)
        found = [pair for part in parts for pair in part.values_list("undid", "number")]
        for undid, number in found:
            undos[undid].add(number)
        edge = {number for _, number in found} - seen
        seen = seen | edge
    return {thing: sorted(_closure(numbers, undos)) for thing, numbers in touches.items()}


def _closure(numbers: set[int], undos: dict[int, set[int]]) -> set[int]:
    edge = found = set(numbers)
    while edge:
        edge = {undo for number in edge if number in undos for undo in undos[number]} - found
        found = found | edge
    return found


def said_of_claims(collection: Collection, span_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each claim the changes that marked it, took it away, or said whether it can be checked; ascending."""
    touches: defaultdict[int, set[int]] = defaultdict(set)
    last: dict[int, tuple[str, int]] = {}
    for part in among(ClaimState.objects.filter(collection=collection), "span", span_ids):
        rows = part.order_by("span", "created_in")
        for span, created_in, retired_in, reason in rows.values_list(
            "span_id", "created_in", "retired_in", "reason"
        ):
            before, until = last.get(span, (None, None))
            if until is not None and until != created_in:
                touches[span].add(until)
            if until != created_in or before != reason:
                touches[span].add(created_in)
            last[span] = (reason, retired_in)
    for span, (_, until) in last.items():
        if until != LIVE:
            touches[span].add(until)
    return _with_undos(collection, touches)
