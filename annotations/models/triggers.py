"""Triggers by which the database itself refuses to change history, on SQLite and PostgreSQL.

A version row may be retired, once, and nothing else; revisions and the identity rows that offsets, quotes and
exports hang on may not change at all. Nothing of these may be deleted.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from annotations.models import LIVE, VERSION_MODELS

FROZEN = ("Revision", "Undoing", "Article", "Span", "Source")
CHANGEABLE = {"Collection": ("head", "epoch"), "Membership": ("role", "ended", "is_lawyer")}
"""The identity rows of which something may change, and what: a head and an epoch only ever rise."""
REFUSAL = "aigap: history is never changed or deleted"


def install(connection: BaseDatabaseWrapper) -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name, table, sql in _triggers(connection.vendor):
            if table in tables:
                cursor.execute(_drop(connection.vendor, name, table))
                cursor.execute(sql)


def remove(connection: BaseDatabaseWrapper) -> None:
    """For `redact` and for the test runner's flush; whoever calls this calls `install` again."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table, _ in _triggers(connection.vendor):
            if table in tables:
                cursor.execute(_drop(connection.vendor, name, table))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, _, _ in _triggers(connection.vendor) if name not in present]


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION aigap_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def _triggers(vendor: str) -> Iterator[tuple[str, str, str]]:
    """(trigger, table, SQL that creates it)."""
    for model in VERSION_MODELS:
        table = model._meta.db_table
        yield _refusal(vendor, table, "UPDATE", when=f"NOT ({_only_retires(vendor, model)})")
        yield from _no_deletion(vendor, table)
    for name in FROZEN:
        table = apps.get_model("annotations", name)._meta.db_table
        yield _refusal(vendor, table, "UPDATE")
        yield from _no_deletion(vendor, table)
    for name, columns in CHANGEABLE.items():
        model = apps.get_model("annotations", name)
        rises = "AND NEW.head >= OLD.head AND NEW.epoch >= OLD.epoch" if "head" in columns else ""
        allowed = f"{_unchanged(vendor, model, but=columns)} {rises}"
        yield _refusal(vendor, model._meta.db_table, "UPDATE", when=f"NOT ({allowed})")
        yield from _no_deletion(vendor, model._meta.db_table)


def _no_deletion(vendor: str, table: str) -> Iterator[tuple[str, str, str]]:
    """SQLite's REPLACE deletes too: aigap/sqlite.py has it fire these triggers."""
    yield _refusal(vendor, table, "DELETE")
    if vendor == "postgresql":
        yield _refusal(vendor, table, "TRUNCATE")


def _only_retires(vendor: str, model: type[models.Model]) -> str:
    unchanged = _unchanged(vendor, model, but=("retired_in",))
    return f"OLD.retired_in = {LIVE} AND NEW.retired_in < {LIVE} AND {unchanged}"


def _unchanged(vendor: str, model: type[models.Model], *, but: tuple[str, ...]) -> str:
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    columns = [field.column for field in model._meta.concrete_fields if field.column not in but]
    return " AND ".join(f'NEW."{column}" {same} OLD."{column}"' for column in columns)


def _refusal(vendor: str, table: str, event: str, when: str = "") -> tuple[str, str, str]:
    name = f"{table}_no_{event.lower()}"
    condition = f"WHEN ({when})" if when else ""
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    head = f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH {each} {condition}'
    if vendor == "sqlite":
        return name, table, f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return name, table, f"{head} EXECUTE FUNCTION aigap_refuse()"


def _drop(vendor: str, name: str, table: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + (f' ON "{table}"' if vendor == "postgresql" else "")
