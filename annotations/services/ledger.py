"""The one way to write. See docs/adr/0001-ledger.md.

`with commit(collection, author=…, action=…) as revision:` locks the collection, takes the next revision number under
that lock, and writes the revision at the end: numbers are without gaps and commit in order. Inside, nothing but SQL.
"""

import fcntl
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, models, transaction
from django.utils import timezone

from annotations.models import LIVE, Collection, Revision, Undoing, User, VersionRow
from annotations.services.errors import Invalid, LedgerError


class Replayed(LedgerError):
    """This idempotency key was used before, for the same request: `result` is what it came to."""

    def __init__(self, number: int, result: dict[str, Any]) -> None:
        super().__init__(f"Already stored as revision {number}.")
        self.number, self.result = number, result


class KeyReused(LedgerError):
    """This idempotency key was used before, for another request."""


class Stale(LedgerError):
    """What the write was based on is no longer what is live. `current` is the live row, or None."""

    def __init__(self, current: VersionRow | None) -> None:
        super().__init__("It has changed since you read it. Compare, then keep one of the two.")
        self.current = current


class Commit:
    """The revision being written: services insert, retire and replace version rows through it."""

    def __init__(self, collection: Collection, number: int, tally: dict[str, int], articles: int) -> None:
        self.collection = collection
        self.number = number
        self.result: dict[str, Any] = {}
        self.tally = Counter(tally)
        self.articles = articles
        self._born = 0

    def insert(self, model: type[VersionRow], **values: Any) -> int:
        """Write a live row; returns its id."""
        return insert_row(
            model, collection_id=self.collection.pk, created_in=self.number, retired_in=LIVE, **values
        )

    def retire(self, model: type[VersionRow], pk: int) -> None:
        if not retire_row(model, pk, self.number):
            raise Stale(model._base_manager.filter(pk=pk).first())

    def insert_many(self, model: type[VersionRow], rows: Iterable[dict[str, Any]]) -> None:
        """Write live rows, without learning their ids: for thousands."""
        place = {"collection_id": self.collection.pk, "created_in": self.number, "retired_in": LIVE}
        insert_rows(model, ({**row, **place} for row in rows))

    def retire_many(self, model: type[VersionRow], pks: Sequence[int]) -> None:
        """All of them live, or Stale."""
        for at in range(0, len(pks), 1000):
            part = pks[at : at + 1000]
            retired = model._base_manager.filter(pk__in=part, retired_in=LIVE).update(retired_in=self.number)
            if retired != len(part):
                raise Stale(None)

    def undoes(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            insert_row(Undoing, collection_id=self.collection.pk, number=self.number, undid=number)

    def new_key(self) -> str:
        self._born += 1
        return f"{self.number}-{self._born}"


@contextmanager
def commit(
    collection: Collection,
    *,
    author: User | None,
    action: str,
    idempotency_key: str | None = None,
    digest: str | None = None,
) -> Iterator[Commit]:
    """Raises Replayed or KeyReused from the start of the body when this author used the key before."""
    if idempotency_key is not None and author is None:
        raise TypeError("An idempotency key belongs to an author.")
    if idempotency_key is not None:
        check_text(Revision._meta.get_field("idempotency_key"), idempotency_key)
    with _turn(), transaction.atomic(durable=True):
        revision = _begin(collection, author, idempotency_key, digest)
        yield revision
        insert_row(
            Revision,
            collection_id=collection.pk,
            number=revision.number,
            author_id=author.pk if author else None,
            created_at=timezone.now(),
            action=action,
            idempotency_key=idempotency_key,
            request_digest=digest,
            result=revision.result,
            tally={key: n for key, n in sorted(revision.tally.items()) if n},
            articles=revision.articles,
        )
    collection.head = revision.number


def digest_of(**request: Any) -> str:
    """What tells two requests under one idempotency key apart."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


def _begin(collection: Collection, author: User | None, key: str | None, digest: str | None) -> Commit:
    tally: dict[str, int] = {}
    articles = 0
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [collection.pk])
        (number,) = cursor.fetchone()
        cursor.execute(
            _BEFORE, [collection.pk, number - 1, collection.pk, author.pk if author else None, key]
        )
        for kind, *row in cursor.fetchall():
            if kind == "replay":
                _refuse_replay(row, digest)
            tally, articles = orjson.loads(row[2]), row[3]
    return Commit(collection, number, tally, articles)


def _refuse_replay(row: list[Any], digest: str | None) -> None:
    number, first_digest, result, _ = row
    if first_digest != digest:
        raise KeyReused(
            "This Idempotency-Key was used for another request. Send a new key with a new request."
        )
    raise Replayed(number, orjson.loads(result))


_NEXT_NUMBER = f"UPDATE {Collection._meta.db_table} SET head = head + 1 WHERE id = %s RETURNING head"
_BEFORE = (
    "SELECT 'tally' AS kind, number, request_digest, CAST(tally AS text) AS content, articles "
    f"FROM {Revision._meta.db_table} WHERE collection_id = %s AND number = %s "
    "UNION ALL SELECT 'replay', number, request_digest, CAST(result AS text), 0 "
    f"FROM {Revision._meta.db_table} WHERE collection_id = %s AND author_id = %s AND idempotency_key = %s"
)
"""The tally of the revision before, and what this author's key came to."""


@contextmanager
def _turn() -> Iterator[None]:
    """On SQLite writers queue for a file lock, since BEGIN IMMEDIATE alone lets them starve each other."""
    if (
        connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db()  # type: ignore[attr-defined]
    ):
        yield
        return
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        raise LedgerError("SQLite must run with transaction_mode IMMEDIATE: see aigap/settings.py.")
    name = connection.settings_dict["NAME"]
    with Path(f"{name}.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def insert_row(model: type[models.Model], **values: Any) -> int:
    """INSERT with prepared SQL text; columns not given take the field's default. Returns the id.

    The ORM's own insert spends more time than the database: this is on the path of every tag.
    """
    sql, fields = _insert_sql(model)
    params = []
    for field in fields:
        value = values.pop(field.attname) if field.attname in values else field.get_default()
        if isinstance(value, str):
            check_text(field, value)
        params.append(field.get_db_prep_save(value, connection))
    if values:
        raise TypeError(f"{model.__name__} has no {', '.join(values)}")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row_id: int = cursor.fetchone()[0]
    return row_id


def check_text(field: "models.Field[Any, Any]", value: str) -> None:
    """What one database would store and the other refuse, neither takes."""
    if field.max_length is not None and len(value) > field.max_length:
        name = str(field.verbose_name).capitalize()
        raise Invalid(f"{name}: at most {field.max_length:,} characters. Shorten it.", field.name)
    if "\x00" in value:
        raise Invalid("There is a NUL character in it. Type it anew.", field.name)
    if isinstance(field, models.URLField) and value and not value.startswith(("https://", "http://")):
        raise Invalid("An address begins with https:// or http://.", field.name)


def insert_rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """As `insert_row`, for many: each row has every column but the id."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    sql, fields = _insert_sql(model)
    sql = sql.removesuffix(" RETURNING id")
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            (  # type: ignore[arg-type]
                [f.get_db_prep_save(row[name], connection) for f, name in zip(fields, names, strict=True)]
                for row in rows
            ),
        )


def payload(row: VersionRow) -> dict[str, object]:
    """What a version row says, without its place in time: insert it again to say so again."""
    place = {"id", "collection_id", "created_in", "retired_in"}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in place
    }


def retire_row(model: type[VersionRow], pk: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_retire_sql(model), [number, pk])
        return bool(cursor.rowcount == 1)


@lru_cache
def _insert_sql(model: type[models.Model]) -> tuple[str, list["models.Field[Any, Any]"]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}) RETURNING id', fields


@lru_cache
def _retire_sql(model: type[VersionRow]) -> str:
    return f'UPDATE "{model._meta.db_table}" SET retired_in = %s WHERE id = %s AND retired_in = {LIVE}'
