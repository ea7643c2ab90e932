"""Rows by the ten thousand, with ids known beforehand: for synthetic load and for restoring a backup."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import orjson
from django.db import connection, models

from annotations.models import LIVE, VersionRow
from annotations.services.ledger import Commit


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else will get. On SQLite only inside a write transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')::regclass"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, {int(count)})")
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')
        first = cursor.fetchone()[0] + 1
    return list(range(first, first + count))


def write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Values as the driver takes them, but lists and dicts (JSON), dates and times as Python has them."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with (
            closing(connection.connection.cursor()) as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row([_json(value) for value in row])
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',
            ([_plain(value) for value in row] for row in rows),  # type: ignore[arg-type]
        )


def insert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Columns that the rows leave out take the field's default; all rows have the columns of the first."""
    rows = iter(rows)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    default = {field.attname: field.get_default() for field in fields}
    first = next(rows, None)
    if first is None:
        return
    names = [*(["id"] if "id" in first else []), *default]
    columns = [str(model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]

    def values() -> Iterator[list[Any]]:
        for row in chain([first], rows):
            yield [row.get(name, default.get(name)) for name in names]

    write(model._meta.db_table, columns, values())


def insert_versions(revision: Commit, model: type[VersionRow], rows: Iterable[dict[str, Any]]) -> None:
    """Live rows, of this revision. Texts are not looked at: `ledger.check_text` them before."""
    place = {
        "collection_id": revision.collection.pk,
        "created_in": revision.number,
        "retired_in": LIVE,
    }
    insert(model, ({**place, **row} for row in rows))


def analyse() -> None:
    """Tell the query planner what has come in: without it, plans are made for empty tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Averages alone: with samples of values too, SQLite parses and plans every statement anew at each run,
            # since other values might deserve another plan. See docs/adr/0033.
            cursor.execute("PRAGMA analysis_limit = 2000000000")
        cursor.execute("ANALYZE")


def _json(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _plain(value: Any) -> Any:
    """What Django stores on SQLite: dates and times as text, times in UTC without saying so."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return _json(value)
