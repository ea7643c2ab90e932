"""Queries that run all day: the ORM writes their SQL once, instead of at every call."""

import re
from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet

from annotations.models.drivers import ask
from annotations.models.statements import (
    Asked,
    Awaited,
    Kind,
    Rows,
    Slot,
    Statement,
    Value,
    Values,
    as_they_are,
)


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """As `in`, for ids, whose list is one value: the statement is the same however many there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


class Prepared:
    """A `values_list` queryset, kept as SQL. `build` is called once, with stand-ins for the
    values; each call then gives the rows for its own values, in that order. See docs/adr/0004.
    `used`: so many of them, the first ones, the queryset must use; all unless said.

    >>> titles = Prepared(lambda n: ArticleDetails.objects.current().filter(article=n).values_list("title"), int)
    >>> titles(12)
    [("The gap narrows",)]
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *kinds: Kind,
        used: int | None = None,
    ) -> None:
        self._build, self._kinds = build, kinds
        self._used = len(kinds) if used is None else used

    def __call__(self, *values: Value) -> Rows:
        rows: Rows = ask(Asked(self.statement, values))[0]
        return rows

    def first(self, *values: Value) -> tuple[Any, ...] | None:
        return next(iter(self(*values)), None)

    @cached_property
    def statement(self) -> Statement:
        stand_ins = [_stand_in(kind, at) for at, kind in enumerate(self._kinds)]
        compiler = self._build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {stand_in: at for at, stand_in in enumerate(stand_ins)}
        slots = [(places.get(param), param) for param in params]
        if not {at for at, _ in slots} >= set(range(self._used)):
            raise TypeError("The queryset does not use every value as it is given.")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        converting = [(at, *converter) for at, converter in converters.items()]
        return Statement(*_written_out(sql, slots), self._kinds, converting)


class Question(NamedTuple):
    prepared: Prepared
    values: Values | Awaited
    read: Callable[[Rows], Any] = as_they_are
    """As of `Asked`."""

    def asked(self) -> Asked:
        return Asked(self.prepared.statement, self.values, self.read)

    def rows(self) -> Rows:
        (rows,) = ask(self.asked())
        return cast(Rows, rows)


def together(*questions: Question | None, one_plan: bool = False) -> list[Any]:
    """What each makes of its rows: them, unless it says otherwise. No rows of None. Asked in the order given, but those
    whose values are awaited come last."""
    numbered = [(at, each) for at, each in enumerate(questions) if each]
    numbered.sort(key=lambda question: isinstance(question[1].values, Awaited))
    answers = ask(*(each.asked() for _, each in numbered), one_plan=one_plan) if numbered else []
    found = dict(zip((at for at, _ in numbered), answers, strict=True))
    return [found.get(at, []) for at in range(len(questions))]


Found = TypeVar("Found")
Asking = Generator[Sequence[Question | None], list[Any], Found]
"""What asks in steps, each of which may hang on the answers to those before, and returns what it found."""


def answered(asking: Asking[Found], *, one_plan: bool = False) -> Found:
    rows: Any = None
    while True:
        try:
            questions = asking.send(rows)
        except StopIteration as end:
            return end.value
        rows = together(*questions, one_plan=one_plan)


def side_by_side(*askings: Asking[Any]) -> Asking[list[Any]]:
    """The steps of each are those of the others: as many as one has, and not one after the other."""
    found: dict[int, Any] = {}
    waiting: dict[int, Sequence[Question | None]] = {}

    def go_on(at: int, rows: Any = None) -> None:
        try:
            waiting[at] = askings[at].send(rows)
        except StopIteration as end:
            waiting.pop(at, None)
            found[at] = end.value

    for at in range(len(askings)):
        go_on(at)
    while waiting:
        asked = list(waiting.items())
        rows = iter((yield [question for _, questions in asked for question in questions]))
        for at, questions in asked:
            go_on(at, [next(rows) for _ in questions])
    return [found[at] for at in range(len(askings))]


def _stand_in(kind: Kind, at: int) -> int | str:
    """A value that no query holds by chance."""
    return 2_000_000_011 + at if kind is int else f"stand-in-{at}-7f3a"


def _written_out(sql: str, slots: list[Slot]) -> tuple[str, list[Slot]]:
    """A number or a word that is always the same stands in the text: only so does a database, which plans for any
    values, know that a partial index will do."""
    waiting, left = iter(slots), []

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return place[0]
        at, fixed = next(waiting)
        if at is None and isinstance(fixed, int) and not isinstance(fixed, bool):
            return str(int(fixed))
        if at is None and isinstance(fixed, str) and fixed.isascii() and fixed.isidentifier():
            return f"'{fixed!s}'"
        left.append((at, fixed))
        return place[0]

    return re.sub("%%|%s", written, sql), left
