"""Queries that run with every tag: the ORM writes their SQL once, instead of at every call."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """A `values_list` queryset, kept as SQL. `build` is called once for each database, with stand-ins for the
    values; each call then gives the rows for its own values, in that order. See docs/adr/0004.

    >>> titles = Prepared(lambda n: ArticleDetails.objects.current().filter(article=n).values_list("title"), int)
    >>> titles(12)
    [("The gap narrows",)]
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type[int] | type[str]) -> None:
        self._build, self._kinds = build, kinds
        self._plans: dict[
            str, tuple[str, list[tuple[int | None, Any]], list[tuple[int, list[Any], Any]]]
        ] = {}

    def __call__(self, *values: int | str) -> list[tuple[Any, ...]]:
        sql, params, converters = self._plans.get(connection.vendor) or self._plan()
        with connection.cursor() as cursor:
            cursor.execute(sql, [fixed if at is None else values[at] for at, fixed in params])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def first(self, *values: int | str) -> tuple[Any, ...] | None:
        return next(iter(self(*values)), None)

    def _plan(self) -> Any:
        stand_ins = [_stand_in(kind, at) for at, kind in enumerate(self._kinds)]
        compiler = self._build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {stand_in: at for at, stand_in in enumerate(stand_ins)}
        slots = [(places.get(param), param) for param in params]
        if {at for at, _ in slots if at is not None} != set(range(len(stand_ins))):
            raise TypeError("The queryset does not use every value as it is given.")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        plan = sql, slots, [(at, *converter) for at, converter in converters.items()]
        self._plans[connection.vendor] = plan
        return plan


def _stand_in(kind: type[int] | type[str], at: int) -> int | str:
    """A value that no query holds by chance."""
    return 2_000_000_011 + at if kind is int else f"stand-in-{at}-7f3a"


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
