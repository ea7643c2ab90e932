"""What one connection to PostgreSQL has prepared, and how it is asked: by libpq, as psycopg gives it (psycopg.pq)."""

import threading
from contextlib import suppress
from itertools import count
from typing import Any

import psycopg
from psycopg import Connection, DataError, OperationalError
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.generators import execute, fetch_many
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from annotations.models.statements import Asked, Rows, Statement, Value, in_braces

INT8, UNSPECIFIED = 20, 0
"""PostgreSQL's numbers of types: an index of smaller numbers serves the first, too."""
Sent = tuple[bytes, list[Buffer]]
"""The name of a prepared statement, and its values."""

_numbers = count(1)
_thread = threading.local()


class Driver:
    def __init__(self, connection: Connection[Any]) -> None:
        self.connection, self._pgconn = connection, connection.pgconn
        self._prepared: dict[Statement, tuple[bytes, list[Buffer | int]]] = {}
        """Its name, and for each of its places what always stands there, or which of the values."""
        self._adapter = Transformer(connection)

    def __call__(self, asked: tuple[Asked, ...]) -> list[Rows]:
        try:
            return self._answers(asked)
        except (InvalidSqlStatementName, FeatureNotSupported):
            # After a rollback psycopg has PostgreSQL forget every statement; a migration can change what one finds.
            self._prepared.clear()
            return self._answers(asked)

    def _answers(self, asked: tuple[Asked, ...]) -> list[Rows]:
        sent = [self._with_values(statement, values) for statement, values in asked]
        if len(sent) > 1:
            return self._together(sent)
        self._pgconn.send_query_prepared(*sent[0])
        return [self._rows(self._checked(self._result()))]

    def _together(self, sent: list[Sent]) -> list[Rows]:
        """The rows of each are read while PostgreSQL finds those of the next."""
        try:
            self._pgconn.enter_pipeline_mode()
            for name, values in sent:
                self._pgconn.send_query_prepared(name, values)
            self._pgconn.pipeline_sync()
            results = [self._result()]
            found = [self._rows(results[0])]
            for _ in sent[1:]:
                results += self.connection.wait(fetch_many(self._pgconn))
                found.append(self._rows(results[-1]))
            self.connection.wait(fetch_many(self._pgconn))  # what ends them
            self._pgconn.exit_pipeline_mode()
        except BaseException:
            self.connection.close()  # nobody knows what is still to come
            raise
        for result in results:
            self._checked(result)
        return found

    def _result(self) -> PGresult:
        """Of what was sent first. Waits as psycopg does, so that Ctrl-C ends it."""
        (result,) = self.connection.wait(execute(self._pgconn))
        return result

    def _with_values(self, statement: Statement, values: tuple[Value, ...]) -> Sent:
        name, places = self._prepared.get(statement) or self._prepare(statement, values)
        return name, [_bytes(values[each]) if isinstance(each, int) else each for each in places]

    def _prepare(self, statement: Statement, values: tuple[Value, ...]) -> tuple[bytes, list[Buffer | int]]:
        places: list[Buffer | int] = []
        types: list[int] = []
        for at, fixed in statement.slots:
            kept, kind = self._fixed(fixed) if at is None else (at, _type(values[at]))
            places.append(kept)
            types.append(kind)
        name = f"aigap_{next(_numbers)}".encode()
        self._pgconn.send_prepare(name, statement.plain.encode(), types)
        self._checked(self._result())
        self._prepared[statement] = name, places
        return name, places

    def _fixed(self, value: Any) -> tuple[Buffer, int]:
        dumper = self._adapter.get_dumper(value, PyFormat.TEXT)
        text = dumper.dump(value)
        if text is None:
            raise TypeError("A statement that is kept says IS NULL, and compares with nothing that is.")
        return text, dumper.oid

    def _rows(self, result: PGresult) -> Rows:
        """None of one that failed."""
        self._adapter.set_pgresult(result)
        rows = self._adapter.load_rows(0, result.ntuples, tuple)
        self._adapter.set_pgresult(None)  # else it is kept until somebody asks again
        return rows

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        if self._pgconn.status != ConnStatus.OK:  # what libpq then says has no code of PostgreSQL's
            raise OperationalError(self._pgconn.get_error_message())
        raise error_from_result(result)


def check_health(database: Any) -> None:
    """What Django does before a request's first question, at a quarter of its cost. What fails here is left to it."""
    if not database.connection or not database.health_check_enabled or database.health_check_done:
        return
    with suppress(psycopg.Error):
        pgconn = database.connection.pgconn
        pgconn.send_query(b"")
        results = database.connection.wait(execute(pgconn))
        database.health_check_done = [each.status for each in results] == [ExecStatus.EMPTY_QUERY]


def driver_of(connection: Connection[Any]) -> Driver | None:
    """None in a transaction, which a forgotten statement would end."""
    if not connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return None
    known: Driver | None = getattr(_thread, "driver", None)
    if known is None or known.connection is not connection:
        known = _thread.driver = Driver(connection)
    return known


def _type(value: Value) -> int:
    return INT8 if isinstance(value, int) else UNSPECIFIED


def _bytes(value: Value) -> bytes:
    if isinstance(value, list):
        return in_braces(value).encode()
    if not isinstance(value, (int, str)) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no number, no text and no list of numbers.")
    if isinstance(value, str) and "\0" in value:
        raise DataError("PostgreSQL keeps no text that holds the character 0.")
    return str(value).encode()
