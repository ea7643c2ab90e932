"""Queries that run all day: the ORM writes their SQL once, instead of at every call."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet

Kind = type[int] | type[str] | type[list[Any]]
Value = int | str | list[int]
Rows = list[tuple[Any, ...]]


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

    def __call__(self, *values: Value) -> Rows:
        return self.sent(*values)()

    def sent(self, *values: Value) -> Callable[[], Rows]:
        """Asks; the rows are fetched by calling what this returns, once."""
        sql, params, converters = self._plans.get(connection.vendor) or self._plan()
        cursor = connection.cursor()
        cursor.execute(sql, [fixed if at is None else _given(values[at]) for at, fixed in params])

        def fetched() -> Rows:
            with cursor:
                rows: Rows = cursor.fetchall()
            return [_converted(row, converters) for row in rows] if converters else rows

        return fetched

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


class Question(NamedTuple):
    prepared: Prepared
    values: tuple[Value, ...]


def together(*questions: Question | None) -> list[Rows]:
    """The rows of each, none of None. PostgreSQL is asked all at once, and answers while the first rows are read.

    There one that fails ends its connection, and so the transaction around it: psycopg takes for prepared what failed,
    and what stood behind it.
    """
    if connection.vendor != "postgresql":
        return [each.prepared(*each.values) if each else [] for each in questions]
    connection.ensure_connection()
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            sent = [each and each.prepared.sent(*each.values) for each in questions]
            return [fetched() if fetched else [] for fetched in sent]
    except DatabaseError:
        connection.close()
        raise


@contextmanager
def planned_once() -> Iterator[None]:
    """For what is asked inside, PostgreSQL makes one plan for whoever asks, where it might find it cheaper to look at
    the values and plan anew each time: of a short walk, planning is the larger part."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        _plans_as_before()


def _plans_as_before() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET plan_cache_mode")
    except DatabaseError:
        if not connection.in_atomic_block:  # a transaction that failed takes the setting back with it
            connection.close()


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
