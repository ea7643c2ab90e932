"""How a statement that is kept reaches the database: straight by its driver. Of a short one, the cursors that Django
and psycopg put around it cost more than all the rest (ADR 34)."""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

from annotations.models.statements import Asked, Driver


def ask(*asked: Asked, one_plan: bool = False) -> list[Any]:
    """What each makes of its rows. PostgreSQL is asked all at once, except in a transaction, and looks for the next
    rows meanwhile. With `one_plan` it makes one for whatever the values are, where it might find it cheaper to look at
    them and plan anew each time: of a short walk, planning is the larger part."""
    database: Any = connections[DEFAULT_DB_ALIAS]  # itself: `connection` looks for it at each use
    try:
        found = _answered(database, asked, one_plan)
    except OperationalError:
        if not _may_have_gone_before(database):
            raise
        database.close()
        found = _answered(database, asked, one_plan)
    database.health_check_done = True
    return found


def _answered(database: Any, asked: tuple[Asked, ...], one_plan: bool) -> list[Any]:
    driver = _driver(database)
    with database.wrap_database_errors:
        return driver(asked, one_plan)


def _may_have_gone_before(database: Any) -> bool:
    """Whether the connection is lost, and may have been before the request's first question: so it is not tried by
    another one, as Django does. What was asked, which only reads, may then be asked on a new one."""
    is_untried = database.health_check_enabled and not database.health_check_done
    if database.vendor != "postgresql" or not is_untried or database.in_atomic_block:
        return False
    return database.connection is not None and bool(database.connection.closed)


def _driver(database: Any) -> Driver:
    """Of a connection that is open, and not of a transaction that has failed."""
    database.validate_thread_sharing()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    if database.queries_logged or database.execute_wrappers:
        return _by_cursors
    return _straight(database)(database.connection) or _by_cursors


def _straight(database: Any) -> Callable[[Any], Driver | None]:
    if database.vendor == "postgresql":
        from annotations.models import postgres  # not where psycopg is not used

        return postgres.driver_of
    return _sqlite_of


def _by_cursors(asked: tuple[Asked, ...], one_plan: bool = False) -> list[Any]:
    """Django's own, where somebody looks on (a log of statements, a wrapper), and in a transaction on PostgreSQL."""
    found = []
    for each in asked:
        with connection.cursor() as cursor:
            cursor.execute(each.statement.sql, each.statement.params(each.known()))
            found.append(each.answer(cursor.fetchall()))
    return found


def _sqlite_of(file: Any) -> Driver:
    return lambda asked, _: [
        each.answer(file.execute(each.statement.plain, each.statement.params(each.known())).fetchall())
        for each in asked
    ]
