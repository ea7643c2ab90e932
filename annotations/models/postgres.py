"""What one connection to PostgreSQL has prepared, and how it is asked, by libpq (psycopg.pq)."""

import threading
from itertools import count
from typing import Any

from psycopg import Connection, DataError, OperationalError
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.generators import execute, fetch_many
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from annotations.models.drivers import Asked, Rows, Statement, Value, in_braces

INT8, FIND_OUT = 20, 0
"""PostgreSQL's numbers of types: an index of smaller numbers serves the first, too."""
Params = list[Buffer | int]
"""What always stands there, or which of the values."""
Sent = tuple[bytes, list[Buffer]]
"""A name and its values."""

_here = threading.local()


class Session:
    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self._prepared: dict[Statement, tuple[bytes, Params]] = {}
        self._numbers = count(1)
        self._adapter = Transformer(connection)

    def __call__(self, asked: tuple[Asked, ...]) -> list[Rows]:
        try:
            return self._answers(asked)
        except (InvalidSqlStatementName, FeatureNotSupported):
            # After a rollback psycopg has PostgreSQL forget every statement; a migration can change what one finds.
            self._prepared.clear()
            return self._answers(asked)

    def _answers(self, asked: tuple[Asked, ...]) -> list[Rows]:
        sent = [self._ready(statement, values) for statement, values in asked]
        pgconn = self.connection.pgconn
        if len(sent) > 1:
            return self._together(pgconn, sent)
        result = pgconn.exec_prepared(*sent[0])
        self._check(result)
        return [self._rows(result)]

    def _together(self, pgconn: PGconn, sent: list[Sent]) -> list[Rows]:
        """The rows of each are read while PostgreSQL finds those of the next."""
        pgconn.enter_pipeline_mode()
        try:
            for name, params in sent:
                pgconn.send_query_prepared(name, params)
            pgconn.pipeline_sync()
            results, found = [], []
            for fetch in (execute, *[fetch_many] * (len(sent) - 1)):
                (result,) = self.connection.wait(fetch(pgconn))
                results.append(result)
                found.append(self._rows(result))
            self.connection.wait(fetch_many(pgconn))  # what ends them
        except BaseException:
            self.connection.close()  # nobody knows what is still to come
            raise
        pgconn.exit_pipeline_mode()
        for result in results:
            self._check(result)
        return found

    def _ready(self, statement: Statement, values: tuple[Value, ...]) -> Sent:
        name, params = self._prepared.get(statement) or self._prepare(statement, values)
        return name, [_bytes(values[each]) if isinstance(each, int) else each for each in params]

    def _prepare(self, statement: Statement, values: tuple[Value, ...]) -> tuple[bytes, Params]:
        params: Params = []
        types: list[int] = []
        for at, fixed in statement.slots:
            kept, kind = self._fixed(fixed) if at is None else (at, _type(values[at]))
            params.append(kept)
            types.append(kind)
        name = f"aigap_{next(self._numbers)}".encode()
        result = self.connection.pgconn.prepare(name, statement.plain.encode(), types)
        self._check(result)
        self._prepared[statement] = name, params
        return name, params

    def _fixed(self, value: Any) -> tuple[Buffer, int]:
        dumper = self._adapter.get_dumper(value, PyFormat.TEXT)
        text = dumper.dump(value)
        if text is None:
            raise TypeError("A statement that is kept says IS NULL, and compares with nothing that is.")
        return text, dumper.oid

    def _rows(self, result: PGresult) -> Rows:
        """None of one that failed."""
        self._adapter.set_pgresult(result)
        return self._adapter.load_rows(0, result.ntuples, tuple)

    def _check(self, result: PGresult) -> None:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return
        if self.connection.pgconn.status != ConnStatus.OK:
            raise OperationalError(self.connection.pgconn.get_error_message())
        raise error_from_result(result)


def straight(connection: Connection[Any]) -> Session | None:
    """None in a transaction, which a forgotten statement would end, and where nothing may be prepared, for a pooler."""
    idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
    if not idle or not connection.autocommit or connection.prepare_threshold is None:
        return None
    known: Session | None = getattr(_here, "session", None)
    if known is None or known.connection is not connection:
        known = _here.session = Session(connection)
    return known


def _type(value: Value) -> int:
    return INT8 if isinstance(value, int) else FIND_OUT


def _bytes(value: Value) -> bytes:
    if isinstance(value, list):
        value = in_braces(value)
    elif isinstance(value, str) and "\0" in value:
        raise DataError("PostgreSQL keeps no text that holds the character 0.")
    return str(value).encode()
