"""Queries that run all day: the ORM writes their SQL once, instead of at every call."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet

from annotations.models.drivers import ask
from annotations.models.statements import Rows, Slot, Statement, Value

Kind = type[int] | type[str] | type[list[Any]]


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
        return ask((self.statement, values))[0]

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
        return Statement(
            *_written_out(sql, slots), [(at, *converter) for at, converter in converters.items()]
        )


class Question(NamedTuple):
    prepared: Prepared
    values: tuple[Value, ...]


def together(*questions: Question | None) -> list[Rows]:
    """The rows of each, none of None."""
    found = iter(ask(*((each.prepared.statement, each.values) for each in questions if each)))
    return [next(found) if each else [] for each in questions]


def _stand_in(kind: Kind, at: int) -> int | str:
    """A value that no query holds by chance."""
    return 2_000_000_011 + at if kind is int else f"stand-in-{at}-7f3a"


def _written_out(sql: str, slots: list[Slot]) -> tuple[str, list[Slot]]:
    """A number that is always the same stands in the text: only so does PostgreSQL, which plans for any values, know
    that a partial index will do."""
    waiting, left = iter(slots), []

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return place[0]
        at, fixed = next(waiting)
        if at is None and isinstance(fixed, int) and not isinstance(fixed, bool):
            return str(int(fixed))
        left.append((at, fixed))
        return place[0]

    return re.sub("%%|%s", written, sql), left
