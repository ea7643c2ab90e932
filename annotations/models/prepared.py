"""Queries that run with every tag: the ORM writes their SQL once, instead of at every call."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet

Kind = type[int] | type[str] | type[list[Any]]
Value = int | str | list[int]


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
    """A `values_list` queryset, kept as SQL. `build` is called once for each database, with stand-ins for the
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
        self._plans: dict[
            str, tuple[str, list[tuple[int | None, Any]], list[tuple[int, list[Any], Any]]]
        ] = {}

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        sql, params, converters = self._plans.get(connection.vendor) or self._plan()
        with connection.cursor() as cursor:
            cursor.execute(sql, [fixed if at is None else _given(values[at]) for at, fixed in params])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def first(self, *values: Value) -> tuple[Any, ...] | None:
        return next(iter(self(*values)), None)

    def _plan(self) -> Any:
        stand_ins = [_stand_in(kind, at) for at, kind in enumerate(self._kinds)]
        compiler = self._build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {stand_in: at for at, stand_in in enumerate(stand_ins)}
        slots = [(places.get(param), param) for param in params]
        if not {at for at, _ in slots} >= set(range(self._used)):
            raise TypeError("The queryset does not use every value as it is given.")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        plan = *_written_out(sql, slots), [(at, *converter) for at, converter in converters.items()]
        self._plans[connection.vendor] = plan
        return plan


def _given(value: Value) -> Value:
    """A list as SQLite's JSON, and as PostgreSQL writes it, which psycopg would do number by number."""
    if not isinstance(value, list):
        return value
    return str(value) if connection.vendor == "sqlite" else f"{{{str(value)[1:-1]}}}"


def _stand_in(kind: Kind, at: int) -> int | str:
    """A value that no query holds by chance."""
    return 2_000_000_011 + at if kind is int else f"stand-in-{at}-7f3a"


def _written_out(sql: str, slots: list[tuple[int | None, Any]]) -> tuple[str, list[tuple[int | None, Any]]]:
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


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
