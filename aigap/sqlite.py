"""How the embedded database is opened, and what it refuses to do on an old SQLite."""

import sqlite3
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Info, register
from django.db import connection

# SQLite 3.7.0 to 3.51.2 can corrupt a database when it resets its write-ahead log.
FIRST_SAFE_WAL = (3, 51, 3)


def journal_mode(version: tuple[int, ...]) -> str:
    return "WAL" if version >= FIRST_SAFE_WAL else "TRUNCATE"


def options(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> dict[str, Any]:
    # recursive_triggers: else REPLACE deletes history past the triggers that refuse it.
    journal = f"journal_mode={journal_mode(version)}"
    pragmas = (journal, "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
    }


def database(path: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": options(),
        "CONN_MAX_AGE": None,
    }


@register("database")
def old_sqlite(**_: Any) -> list[CheckMessage]:
    if connection.vendor != "sqlite" or journal_mode(sqlite3.sqlite_version_info) == "WAL":
        return []
    needed = ".".join(map(str, FIRST_SAFE_WAL))
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} has a bug in its write-ahead log, so it is not used: "
            "readers wait while somebody saves.",
            hint=f"Install the pysqlite3 package (SQLite {needed} or newer), or use PostgreSQL.",
            id="aigap.I001",
        )
    ]
