"""A statement that is kept: what it says, and what of it each driver takes and gives."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

from django.db import connection

Value = int | str | list[int]
Kind = type[int] | type[str] | type[list[Any]]
Values = tuple[Value, ...]
Rows = list[tuple[Any, ...]]
Slot = tuple[int | None, Any]
"""Which of the values stands there, or None and what always does."""
Converter = tuple[int, list[Any], Any]
"""A column, and by what Django makes its values."""


class Statement:
    """`sql`: as Django's cursors take it, with `%s` for each of `slots`. `kinds`: of the values."""

    def __init__(
        self,
        sql: str,
        slots: Sequence[Slot] = (),
        kinds: Sequence[Kind] = (),
        converters: Sequence[Converter] = (),
    ) -> None:
        self.sql, self.slots, self.kinds, self._converters = sql, slots, kinds, converters

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

    def params(self, values: Values) -> list[Any]:
        """A list is one of them: a driver would write it number by number."""
        given = [self._list_of(value) if isinstance(value, list) else value for value in values]
        return [fixed if at is None else given[at] for at, fixed in self.slots]

    def converted(self, rows: Rows) -> Rows:
        return [_converted(row, self._converters) for row in rows] if self._converters else rows


def as_they_are(rows: Rows) -> Rows:
    return rows


@dataclass(slots=True)
class Awaited:
    """Values that come of answers to what is asked together with them: whoever reads those puts them here."""

    values: Values | None = None


class Asked(NamedTuple):
    statement: Statement
    values: Values | Awaited
    read: Callable[[Rows], Any] = as_they_are
    """Makes something of the rows as soon as they are there, in the order in which they were asked for. It asks nothing
    itself; where all is asked anew, since the connection or a statement was gone, it is called again; what it raises
    ends the connection to PostgreSQL."""

    def begin(self) -> None:
        """Before it is asked, also again: no answer is there."""
        if isinstance(self.values, Awaited):
            self.values.values = None

    def known_yet(self) -> Values | None:
        return self.values.values if isinstance(self.values, Awaited) else self.values

    def known(self) -> Values:
        """At its turn."""
        values = self.known_yet()
        assert values is not None
        return values

    def answer(self, rows: Rows) -> Any:
        return self.read(self.statement.converted(rows))


def in_braces(ids: list[int]) -> str:
    """As PostgreSQL writes an array."""
    return f"{{{str(ids)[1:-1]}}}"


Driver = Callable[[tuple[Asked, ...], bool], list[Any]]
"""Gives what each made of its rows. Also takes whether one plan is to serve whatever the values are."""


def _converted(row: tuple[Any, ...], converters: Sequence[Converter]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
