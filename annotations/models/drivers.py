"""How a statement that is kept reaches the database: straight by its driver. Of a short one, the cursors that Django
and psycopg put around it cost more than all the rest (ADR 34)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from annotations.models.statements import Asked, Driver, Rows, Statement

_ONE_PLAN = Statement("SET plan_cache_mode = force_generic_plan"), ()
_AS_BEFORE = Statement("RESET plan_cache_mode"), ()


def ask(*asked: Asked) -> list[Rows]:
    """The rows of each. PostgreSQL is asked all at once, except in a transaction, and answers while the first rows are
    read."""
    database = connections[DEFAULT_DB_ALIAS]  # itself: `connection` looks for it at each use
    driver = _driver(database)
    with database.wrap_database_errors:
        found = driver(asked)
    return [statement.converted(rows) for (statement, _), rows in zip(asked, found, strict=True)]


@contextmanager
def planned_once() -> Iterator[None]:
    """For what is asked inside, PostgreSQL makes one plan for whoever asks, where it might find it cheaper to look at
    the values and plan anew each time: of a short walk, planning is the larger part."""
    if connection.vendor != "postgresql":
        yield
        return
    ask(_ONE_PLAN)
    try:
        yield
    finally:
        _plans_as_before()


def _plans_as_before() -> None:
    try:
        ask(_AS_BEFORE)
    except DatabaseError:
        if not connection.in_atomic_block:  # a transaction that failed takes the setting back with it
            connection.close()


def _driver(database: Any) -> Driver:
    """Of a connection that is open, and not of a transaction that has failed."""
    database.validate_thread_sharing()
    straight: Callable[[Any], Driver | None] = _sqlite_of
    if database.vendor == "postgresql":
        from annotations.models import postgres  # not where psycopg is not used

        straight = postgres.driver_of
        postgres.check_health(database)
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    if database.queries_logged or database.execute_wrappers:
        return _by_cursors
    return straight(database.connection) or _by_cursors


def _by_cursors(asked: tuple[Asked, ...]) -> list[Rows]:
    """Django's own, where somebody looks on (a log of statements, a wrapper), and in a transaction on PostgreSQL."""
    found = []
    for statement, values in asked:
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params(values))
            found.append(cursor.fetchall() if cursor.description else [])
    return found


def _sqlite_of(file: Any) -> Driver:
    return lambda asked: [
        file.execute(statement.plain, statement.params(values)).fetchall() for statement, values in asked
    ]
