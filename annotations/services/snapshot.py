"""One moment of the database to read at leisure, while others go on writing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

PART = 2000


@contextmanager
def snapshot() -> Iterator[None]:
    """Every read inside sees the database as it was at the first. Keeps nobody from writing (SQLite: in WAL)."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not atomic(), whose BEGIN IMMEDIATE would keep writers out.
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")
                yield
            finally:
                cursor.execute("ROLLBACK")


def stream(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows, a part at a time in memory."""
    cursor = connection.chunked_cursor()
    try:
        cursor.execute(sql, params)
        while part := cursor.fetchmany(PART):
            yield from part
    finally:
        cursor.close()
