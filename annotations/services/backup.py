"""Backup and restore, from either database to either: see docs/how-to/backup.md."""

import os
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.db.models.functions import Greatest

from annotations.models import Collection, User, triggers
from annotations.services import bulk
from annotations.services.archive import BadArchive, Reader, Writer, columns, digest_of_table, tables
from annotations.services.snapshot import snapshot


class Refused(Exception):
    """Nothing was changed. The message says what to do."""


def backup(path: Path) -> dict[str, Any]:
    """Writes the file, one moment of the database and the uploads, while others write; returns its manifest.

    The file is there only when it is whole and has been read again.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with snapshot():
            writer = Writer(draft, {"made": datetime.now(UTC).isoformat(), "migrations": _migrations()})
            for model in tables():
                writer.add_table(model)
        # After the rows, so that every upload that they name is among these.
        for file in _uploads():
            writer.add_file(Path(settings.MEDIA_ROOT), file)
        manifest = writer.close()
        Reader(draft).close()
        _keep(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _uploads() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    whole = (path for path in root.rglob("*") if not path.name.startswith(".") and path.is_file())
    return sorted(whole) if root.is_dir() else []


def _keep(draft: Path, path: Path) -> None:
    """On the disk before it has its name."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def restore(path: Path, *, force: bool = False) -> dict[str, Any]:
    """Puts everything in the file into this database, or nothing, and raises the epochs.

    `force`: whatever is there now is lost. Raises Refused or BadArchive. The caller verifies.
    """
    with closing(Reader(path)) as archive:
        _refuse_other_version(archive)
        if not force and (User.objects.exists() or Collection.objects.exists()):
            raise Refused("There is something in this database. Restore into an empty one, or say --force.")
        with transaction.atomic():
            triggers.remove(connection)
            _empty()
            for model in tables():
                bulk.write(model._meta.db_table, columns(model), archive.rows(model))
            _reset_sequences()
            triggers.install(connection)
            _compare(archive)
            _raise_epochs()
        archive.unpack_media(Path(settings.MEDIA_ROOT))
        bulk.analyse()
        return archive.manifest


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _refuse_other_version(archive: Reader) -> None:
    theirs, ours = set(archive.manifest["migrations"]), set(_migrations())
    if theirs == ours:
        return
    if not ours:
        raise Refused("This database has no tables yet: run manage.py migrate first.")
    differ = ", ".join(sorted(theirs ^ ours))
    raise Refused(
        "The backup was made by another version of aigap. Install that version, restore there, back up after "
        f"migrating, and restore that. They differ in: {differ}"
    )


def _empty() -> None:
    with connection.cursor() as cursor:
        names = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            return
        for name in names:
            cursor.execute(f'DELETE FROM "{name}"')


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)


def _raise_epochs() -> None:
    """Revisions after the backup are gone, and their numbers will come again: clients have to read anew.

    Seconds since 2023-11-14 are more than the epoch was when the database was lost, whatever it was.
    """
    now = int(time.time()) - 1_700_000_000
    Collection.objects.update(epoch=Greatest(F("epoch") + 1, now))


def _compare(archive: Reader) -> None:
    for model in tables():
        said = archive.manifest["tables"].get(model._meta.db_table)
        if said is None or digest_of_table(model) != (said["sha256"], said["rows"]):
            raise BadArchive(f"{model._meta.db_table} is not what it was when the backup was made.")
