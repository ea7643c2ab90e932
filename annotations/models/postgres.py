"""What one connection to PostgreSQL has prepared, and how it is asked: by libpq, as psycopg gives it (psycopg.pq)."""

import threading
from itertools import count
from typing import Any

from psycopg import Connection, DataError, OperationalError
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.generators import execute, fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from annotations.models.statements import Asked, Kind, Rows, Statement, Value, Values, in_braces

INT8, UNSPECIFIED = 20, 0
"""PostgreSQL's numbers of types: an index of smaller numbers serves the first, too."""
Sent = tuple[bytes, list[Buffer]]
"""The name of a prepared statement, and its values."""
_ANSWERS = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_ONE_PLAN = Asked(Statement("SET plan_cache_mode = force_generic_plan"), ())
_AS_BEFORE = Asked(Statement("RESET plan_cache_mode"), ())

_numbers = count(1)
_thread = threading.local()


class Driver:
    def __init__(self, connection: Connection[Any]) -> None:
        self.connection, self._pgconn = connection, connection.pgconn
        self._prepared: dict[Statement, tuple[bytes, list[Buffer | int]]] = {}
        """Its name, and for each of its places what always stands there, or which of the values."""
        self._adapter = Transformer(connection)

    def __call__(self, asked: tuple[Asked, ...], one_plan: bool) -> list[Any]:
        if one_plan:  # one transaction, of which a failure takes the setting back
            return self._again((_ONE_PLAN, *asked, _AS_BEFORE))[1:-1]
        return self._again(asked)

    def _again(self, asked: tuple[Asked, ...]) -> list[Any]:
        try:
            return self._answers(asked)
        except (InvalidSqlStatementName, FeatureNotSupported):
            # After a rollback psycopg has PostgreSQL forget every statement; a migration can change what one finds.
            self._prepared.clear()
            return self._answers(asked)

    def _answers(self, asked: tuple[Asked, ...]) -> list[Any]:
        for each in asked:
            each.begin()
            if each.statement not in self._prepared:
                self._prepare(each.statement)
        if len(asked) > 1:
            return self._together(asked, [self._with_values(each) for each in asked])
        self._pgconn.send_query_prepared(*self._sent(asked[0], asked[0].known()))
        return [asked[0].answer(self._rows(self._checked(self._result())))]

    def _together(self, asked: tuple[Asked, ...], sent: list[Sent | None]) -> list[Any]:
        """The rows of each are read while PostgreSQL looks for those of the next. Those of which the values come of
        others are last: PostgreSQL still has something to do when they are known."""
        found, ready = [], 0
        try:
            self._pgconn.enter_pipeline_mode()
            for each in asked:
                if ready < len(asked):
                    ready = self._send_known(asked, sent, ready)
                each.known()  # else nothing was asked
                (result,) = self.connection.wait(fetch_many(self._pgconn))
                if result.status not in _ANSWERS:
                    break
                found.append(each.answer(self._rows(result)))
            self._end_pipeline(is_whole=ready == len(asked))
        except BaseException:
            self.connection.close()  # nobody knows what is still to come
            raise
        self._checked(result)
        return found

    def _send_known(self, asked: tuple[Asked, ...], sent: list[Sent | None], ready: int) -> int:
        """From `ready` on, as many as have values; how many then are sent."""
        first = ready
        while ready < len(asked) and (this := sent[ready] or self._with_values(asked[ready])):
            self._pgconn.send_query_prepared(*this)
            ready += 1
        if ready == len(asked):
            self._pgconn.pipeline_sync()
        elif ready > first:
            self._pgconn.send_flush_request()
        self.connection.wait(send(self._pgconn))
        return ready

    def _end_pipeline(self, *, is_whole: bool) -> None:
        """What was sent behind one that failed is read, and passed over."""
        if not is_whole:
            self._pgconn.pipeline_sync()
        status = None
        while status != ExecStatus.PIPELINE_SYNC:
            (result,) = self.connection.wait(execute(self._pgconn))
            status = result.status
        self._pgconn.exit_pipeline_mode()

    def _result(self) -> PGresult:
        """Of what was sent first. Waits as psycopg does, so that Ctrl-C ends it."""
        (result,) = self.connection.wait(execute(self._pgconn))
        return result

    def _with_values(self, asked: Asked) -> Sent | None:
        """None as long as they are awaited."""
        values = asked.known_yet()
        return None if values is None else self._sent(asked, values)

    def _sent(self, asked: Asked, values: Values) -> Sent:
        name, places = self._prepared[asked.statement]
        return name, [_bytes(values[each]) if isinstance(each, int) else each for each in places]

    def _prepare(self, statement: Statement) -> None:
        places: list[Buffer | int] = []
        types: list[int] = []
        for at, fixed in statement.slots:
            kept, kind = self._fixed(fixed) if at is None else (at, _type(statement.kinds[at]))
            places.append(kept)
            types.append(kind)
        name = f"aigap_{next(_numbers)}".encode()
        self._pgconn.send_prepare(name, statement.plain.encode(), types)
        self._checked(self._result())
        self._prepared[statement] = name, places

    def _fixed(self, value: Any) -> tuple[Buffer, int]:
        dumper = self._adapter.get_dumper(value, PyFormat.TEXT)
        text = dumper.dump(value)
        if text is None:
            raise TypeError("A statement that is kept says IS NULL, and compares with nothing that is.")
        return text, dumper.oid

    def _rows(self, result: PGresult) -> Rows:
        self._adapter.set_pgresult(result)
        rows = self._adapter.load_rows(0, result.ntuples, tuple)
        self._adapter.set_pgresult(None)  # else it is kept until somebody asks again
        return rows

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in _ANSWERS:
            return result
        if self._pgconn.status != ConnStatus.OK:  # what libpq then says has no code of PostgreSQL's
            raise OperationalError(self._pgconn.get_error_message())
        raise error_from_result(result)


def driver_of(connection: Connection[Any]) -> Driver | None:
    """None in a transaction, which a forgotten statement would end."""
    if not connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return None
    known: Driver | None = getattr(_thread, "driver", None)
    if known is None or known.connection is not connection:
        known = _thread.driver = Driver(connection)
    return known


def _type(kind: Kind) -> int:
    return INT8 if kind is int else UNSPECIFIED


def _bytes(value: Value) -> bytes:
    if isinstance(value, list):
        return in_braces(value).encode()
    if not isinstance(value, (int, str)) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no number, no text and no list of numbers.")
    if isinstance(value, str) and "\0" in value:
        raise DataError("PostgreSQL keeps no text that holds the character 0.")
    return str(value).encode()
