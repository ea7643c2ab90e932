"""A backup's file: a zip with a table of JSON lines for each table, the uploads, and a manifest with a hash of each.

The bytes are the same from either database, so that the hashes are too.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import orjson
from django.apps import apps
from django.db import connection, models

from annotations.services.snapshot import stream

FORMAT = 1
CHUNK = 1 << 20
SKIPPED = frozenset({"sessions", "axes"})
"""Apps whose rows are of no use elsewhere: who is signed in, and failed attempts to."""

Model = type[models.Model]


class BadArchive(Exception):
    """Not a backup, or not as it was written."""


UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, RuntimeError)
"""How a damaged zip fails; the last where its flags say that it is encrypted, or packed in a way nobody knows."""
NOT_SAID = (KeyError, TypeError, ValueError)
"""How a manifest fails that does not say what it should."""


def tables() -> list[Model]:
    """Every table that is backed up, each after those that it points at."""
    every = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in SKIPPED
    ]
    ordered: list[Model] = []

    def place(model: Model) -> None:
        if model in ordered or model not in every:
            return
        for field in model._meta.concrete_fields:
            if isinstance(field.related_model, type) and field.related_model is not model:
                place(field.related_model)
        ordered.append(model)

    for model in sorted(every, key=lambda model: model._meta.db_table):
        place(model)
    return ordered


def columns(model: Model) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def lines(model: Model) -> Iterator[bytes]:
    """The rows as they are now, by primary key."""
    # Qualified, since SQLite reads a quoted name that it does not know as a string.
    names = ", ".join(f't."{name}"' for name in columns(model))
    key = f't."{model._meta.pk.column}"'
    if connection.vendor == "postgresql" and isinstance(model._meta.pk, models.CharField):
        key += ' COLLATE "C"'
    wraps = [_wrapper(field) for field in model._meta.concrete_fields]
    for row in stream(f'SELECT {names} FROM "{model._meta.db_table}" t ORDER BY {key}'):
        plain = [value if value is None else wrap(value) for wrap, value in zip(wraps, row, strict=True)]
        yield orjson.dumps(plain, option=orjson.OPT_SORT_KEYS) + b"\n"


def values(model: Model, line: bytes) -> list[Any]:
    """The other way: what `bulk.write` takes."""
    row = orjson.loads(line)
    fields = model._meta.concrete_fields
    return [
        value if value is None else _unwrap(field, value) for field, value in zip(fields, row, strict=True)
    ]


def digest_of_table(model: Model) -> tuple[str, int]:
    """sha256 and number of the rows that are in the database now."""
    return _digest(lines(model))


def _digest(parts: Iterable[bytes]) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        count += 1
    return digest.hexdigest(), count


def _wrapper(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    match field.get_internal_type():
        case "BooleanField":
            return bool
        case "DateTimeField":
            return _moment
        case "DateField":
            return str
        case "JSONField":
            return lambda value: orjson.loads(value) if isinstance(value, str) else value
    return lambda value: value


def _moment(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return str(aware.astimezone(UTC).isoformat(timespec="microseconds"))


def _unwrap(field: "models.Field[Any, Any]", value: Any) -> Any:
    match field.get_internal_type():
        case "DateTimeField":
            return datetime.fromisoformat(value)
        case "DateField":
            return date.fromisoformat(value)
        case "JSONField":
            return orjson.dumps(value).decode()
    return value


class Writer:
    """Fills an archive; `close` adds the manifest."""

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.manifest = {"format": FORMAT} | about | {"tables": {}, "media": {}}

    def add_table(self, model: Model) -> None:
        table = model._meta.db_table
        with self.zip.open(f"tables/{table}.jsonl", "w", force_zip64=True) as entry:
            digest, rows = _digest(_written(entry, lines(model)))
        self.manifest["tables"][table] = {"columns": columns(model), "rows": rows, "sha256": digest}

    def add_file(self, root: Path, path: Path) -> None:
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file, self.zip.open(f"media/{name}", "w", force_zip64=True) as entry:
            digest, _ = _digest(_written(entry, _chunks(file)))
        self.manifest["media"][name] = {"sha256": digest}

    def close(self) -> dict[str, Any]:
        self.zip.writestr("manifest.json", orjson.dumps(self.manifest, option=orjson.OPT_INDENT_2))
        self.zip.close()
        return self.manifest


def _written(entry: Any, parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        entry.write(part)
        yield part


def _chunks(file: BinaryIO | Any) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


class Reader:
    """An archive, every byte of it checked against its manifest before anything is done with it."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = orjson.loads(self.zip.read("manifest.json"))
            if self.manifest["format"] != FORMAT:
                raise BadArchive(f"Its format is {self.manifest['format']}, this version reads {FORMAT}.")
            self._check()
        except (*UNREADABLE, *NOT_SAID) as error:
            raise BadArchive(f"It is damaged, or no backup: {error}") from error

    def _check(self) -> None:
        for table, said in self.manifest["tables"].items():
            with self.zip.open(f"tables/{table}.jsonl") as entry:
                if _digest(entry) != (said["sha256"], said["rows"]):
                    raise BadArchive(f"It is damaged: {table} is not what was written.")
        for name, said in self.manifest["media"].items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
                raise BadArchive(f"It would write outside the uploads: {name}")
            with self.zip.open(f"media/{name}") as entry:
                if _digest(_chunks(entry))[0] != said["sha256"]:
                    raise BadArchive(f"It is damaged: {name} is not what was written.")

    def rows(self, model: Model) -> Iterator[list[Any]]:
        with self.zip.open(f"tables/{model._meta.db_table}.jsonl") as entry:
            for line in entry:
                yield values(model, line)

    def unpack_media(self, root: Path) -> None:
        for name in self.manifest["media"]:
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with self.zip.open(f"media/{name}") as entry, target.open("wb") as file:
                for chunk in _chunks(entry):
                    file.write(chunk)
            target.chmod(0o600)

    def close(self) -> None:
        self.zip.close()
