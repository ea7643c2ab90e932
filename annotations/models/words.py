"""Words of quotes and reasons, indexed by the database itself (docs/adr/0021).

SQLite: two FTS5 tables that hold no text, kept by triggers, put back after every migrate as those of `triggers` are.
PostgreSQL: GIN indexes over `aigap_words(text)`, made by a migration.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.expressions import RawSQL

from annotations.domain.searching import Term
from annotations.models.claims import Annotation, Span

LOOKED = 20_000
"""On SQLite so many rows with the words, the newest, are looked through for those of a collection."""

NEWEST = (F("span") + 0).desc()
"""The order of what is found. PostgreSQL takes two rows of a hundred to hold any word: by the bare column it would
walk the claims from the newest on and, where a word is rare, through all of them (10 s of a million, not 10 ms)."""

OLDEST = (F("span") + 0).asc()

Index = tuple[str, str, str, str]
"""name, table, column, and when a row of it counts: {0} is NEW or OLD"""
INDEXES: tuple[Index, ...] = (
    ("annotations_quote_words", Span._meta.db_table, "quote", "1"),
    ("annotations_why_words", Annotation._meta.db_table, "why", "{0}.why <> ''"),
)
"""Of reasons those too that stand no more: an export of an earlier revision is narrowed by them."""


def quotes_with(
    terms: list[Term],
    span: str = "span",
    *,
    every: bool = False,
    behind: int | None = None,
    oldest: bool = False,
) -> Q:
    """Of rows with a `span`: those in whose quote all the terms are; unless `every`, the newest of them alone, or the
    `oldest`. `behind`: a claim, from which on one looks."""
    rows = _Rows(every, behind, oldest)
    return _matching(INDEXES[0], terms, f"{span}__quote", f"{span}__in", rows)


def whys_with(terms: list[Term], *, every: bool = False) -> Q:
    """Of annotations: those in whose reason all the terms are."""
    return _matching(INDEXES[1], terms, "why", "pk__in", _Rows(every))


class _Rows(NamedTuple):
    """Which rows of an index are looked at on SQLite."""

    every: bool = False
    behind: int | None = None
    oldest: bool = False

    @property
    def sql(self) -> tuple[str, list[int]]:
        after = f" AND rowid {'>' if self.oldest else '<'} %s" if self.behind is not None else ""
        end = "" if self.every else f" ORDER BY rowid {'ASC' if self.oldest else 'DESC'} LIMIT {LOOKED}"
        return after + end, [] if self.behind is None else [self.behind]


def _matching(index: Index, terms: list[Term], field: str, among: str, rows: _Rows) -> Q:
    if not terms:
        return Q(pk__in=[])
    if default.vendor == "postgresql":
        return Q(_Holds(F(field), Value(_tsquery(terms))))
    name = index[0]
    which, behind = rows.sql
    sql = f"SELECT rowid FROM {name} WHERE {name} MATCH %s{which}"
    return Q(**{among: RawSQL(sql, [_fts_query(terms), *behind])})  # noqa: S611 (constants; the words go in beside them)


class _Holds(Func):
    template = "(aigap_words(%(expressions)s))"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


def _fts_query(terms: list[Term]) -> str:
    """FTS5's syntax; words are letters and digits alone."""
    return " AND ".join(f'"{" ".join(term.words)}"' + (" *" if term.begins else "") for term in terms)


def _tsquery(terms: list[Term]) -> str:
    return " & ".join(f"({_one_after_the_other(term)})" for term in terms)


def _one_after_the_other(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    if term.begins:
        words[-1] += ":*"
    return " <-> ".join(words)


def install(connection: BaseDatabaseWrapper) -> None:
    """Tables, triggers, and what stands in neither yet. Nothing to do on PostgreSQL."""
    tables = set(connection.introspection.table_names())
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for index in INDEXES:
            if index[1] in tables:
                cursor.execute(_table(index))
                for name, sql in _triggers(index):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(sql)
                if not _is_whole(connection, index):
                    cursor.execute(f"DROP TABLE {index[0]}")
                    cursor.execute(_table(index))
                    cursor.execute(_fill(index))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What search would find nothing without, by name."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master")
        present = {row[0] for row in cursor.fetchall()}
    lacking = [
        name
        for index in INDEXES
        for name in (index[0], *(trigger for trigger, _ in _triggers(index)))
        if name not in present
    ]
    return lacking or [index[0] for index in INDEXES if not _is_whole(connection, index)]


def _is_whole(connection: BaseDatabaseWrapper, index: Index) -> bool:
    name, table, _, counts = index
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (SELECT count(*) FROM {name}_docsize) = ({_rows(table, counts)})")
        return bool(cursor.fetchone()[0])


def _rows(table: str, counts: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {counts.format(table)}"


def _table(index: Index) -> str:
    """It holds no text: the words and where they stand."""
    return (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index[0]} "
        "USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')"
    )


def _fill(index: Index) -> str:
    name, table, column, counts = index
    where = counts.format(table)
    return f"INSERT INTO {name}(rowid, words) SELECT id, {column} FROM {table} WHERE {where} ORDER BY id"


def _triggers(index: Index) -> Iterator[tuple[str, str]]:
    """What is retired stays to be found; a redaction, which changes words, exchanges them."""
    name, table, column, counts = index
    add = f"INSERT INTO {name}(rowid, words) VALUES (NEW.id, NEW.{column})"
    drop = f"INSERT INTO {name}({name}, rowid, words) VALUES ('delete', OLD.id, OLD.{column})"
    for suffix, event, row, deed in (
        ("added", "INSERT", "NEW", add),
        ("left", f"UPDATE OF {column}", "OLD", drop),
        ("changed", f"UPDATE OF {column}", "NEW", add),
        ("gone", "DELETE", "OLD", drop),
    ):
        # Of two AFTER triggers of one event the order is SQLite's own: what leaves does so before.
        when = "BEFORE" if suffix == "left" else "AFTER"
        yield (
            f"{name}_{suffix}",
            f"CREATE TRIGGER {name}_{suffix} {when} {event} ON {table} WHEN {counts.format(row)} BEGIN {deed}; END",
        )
