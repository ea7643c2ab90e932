"""A statement that is kept: what it says, and what of it each driver takes and gives."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count
from typing import Any

from django.db import connection

Value = int | str | list[int]
Rows = list[tuple[Any, ...]]
Slot = tuple[int | None, Any]
"""Which of the values stands there, or None and what always does."""
Converter = tuple[int, list[Any], Any]
"""A column, and by what Django makes its values."""


class Statement:
    """`sql`: as Django's cursors take it, with `%s` for each of `slots`."""

    def __init__(self, sql: str, slots: Sequence[Slot] = (), converters: Sequence[Converter] = ()) -> None:
        self.sql, self.slots, self._converters = sql, slots, converters

    @cached_property
    def plain(self) -> str:
        """As the driver takes it."""
        numbers = count(1)
        mark = "?" if connection.vendor == "sqlite" else "${}"
        return re.sub(
            "%%|%s", lambda place: "%" if place[0] == "%%" else mark.format(next(numbers)), self.sql
        )

    @cached_property
    def _list_of(self) -> Callable[[list[int]], str]:
        return str if connection.vendor == "sqlite" else in_braces  # for json_each

    def params(self, values: tuple[Value, ...]) -> list[Any]:
        """A list is one of them: a driver would write it number by number."""
        given = [self._list_of(value) if isinstance(value, list) else value for value in values]
        return [fixed if at is None else given[at] for at, fixed in self.slots]

    def converted(self, rows: Rows) -> Rows:
        return [_converted(row, self._converters) for row in rows] if self._converters else rows


def in_braces(ids: list[int]) -> str:
    """As PostgreSQL writes an array."""
    return f"{{{str(ids)[1:-1]}}}"


Asked = tuple[Statement, tuple[Value, ...]]
Driver = Callable[[tuple[Asked, ...]], list[Rows]]


def _converted(row: tuple[Any, ...], converters: Sequence[Converter]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
