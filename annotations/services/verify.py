"""Is everything that is stored as the ledger says it must be? Read in one snapshot, in memory that does not grow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

from annotations.models import (
    LIVE,
    SAID_AT_THE_DESK,
    VERSION_MODELS,
    Annotation,
    Article,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Correction,
    Evidence,
    LegalRead,
    Revision,
    Ruling,
    Source,
    SourceDetails,
    Span,
    VersionRow,
    triggers,
)
from annotations.models import words as word_indexes
from annotations.services import documents, verify_claims, verify_texts
from annotations.services.lineage import key_names
from annotations.services.snapshot import snapshot, stream

RESTORE = "Restore it from a backup, and tell the maintainers."
MIGRATE = "Run manage.py migrate, which puts it back; then ask who took it away."


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be. `pk` None where it is not about one row."""

    table: str
    pk: int | None
    what: str
    todo: str = RESTORE

    def __str__(self) -> str:
        where = self.table if self.pk is None else f"{self.table} {self.pk}"
        return f"{where}: {self.what} {self.todo}"


Check = Callable[[], Iterator[Fault]]


def verify() -> Iterator[Fault]:
    """Every fault, as it is found."""
    yield from _readable(_sound_file)
    with snapshot():
        for check in CHECKS:
            yield from _readable(check)


def _readable(check: Check) -> Iterator[Fault]:
    try:
        yield from check()
    except DatabaseError as error:
        yield Fault("database", None, f"It cannot be read: {error}.")


def _sound_file() -> Iterator[Fault]:
    if connection.vendor != "sqlite":
        return
    for (line,) in stream("PRAGMA integrity_check"):
        if line != "ok":
            yield Fault("SQLite", None, f"The file is damaged: {line}.")
    for table, row, parent, _ in stream("PRAGMA foreign_key_check"):
        yield Fault(table, row, f"It points at a row of {parent} that is not there.")


def _triggers() -> Iterator[Fault]:
    for name in triggers.missing(connection):
        yield Fault("triggers", None, f"{name} is missing, so that history could be changed.", MIGRATE)
    for name in word_indexes.missing(connection):
        yield Fault(
            "search", None, f"{name} is missing or not whole, so that search finds too little.", MIGRATE
        )


def _numbers() -> Iterator[Fault]:
    """1, 2, 3 … head, without gaps."""
    known: dict[int, tuple[str, int]] = {
        pk: (slug, head)
        for pk, slug, head in stream(f"SELECT id, slug, head FROM {_t(Collection)} ORDER BY id")
    }
    due = dict.fromkeys(known, 1)
    order = f"SELECT id, collection_id, number FROM {_t(Revision)} ORDER BY collection_id, number"
    for pk, home, number in stream(order):
        for missing in range(due[home], min(number, due[home] + 100)):
            yield Fault(_t(Collection), home, f"Revision {missing} of {known[home][0]} is missing.")
        if number > known[home][1]:
            yield Fault(_t(Revision), pk, f"Its number {number} is larger than the head {known[home][1]}.")
        due[home] = number + 1
    for home, (slug, head) in known.items():
        for missing in range(due[home], min(head + 1, due[home] + 100)):
            yield Fault(_t(Collection), home, f"Revision {missing} of {slug} is missing; its head is {head}.")


def _tallies() -> Iterator[Fault]:
    for pk, says, counted in verify_claims.wrong_tallies():
        yield Fault(_t(Revision), pk, f"Its tally says {says}, the claims come to {counted}.")
    for pk, articles, count in verify_claims.wrong_article_counts():
        yield Fault(_t(Revision), pk, f"It counts {articles} articles, there were {count}.")


def _lives() -> Iterator[Fault]:
    """Created, then retired, by revisions that there are."""
    for model in VERSION_MODELS:
        sql = f"""
            SELECT v.id, v.created_in, v.retired_in, c.head, r.id, q.id FROM {_t(model)} v
            JOIN {_t(Collection)} c ON c.id = v.collection_id
            LEFT JOIN {_t(Revision)} r ON r.collection_id = v.collection_id AND r.number = v.created_in
            LEFT JOIN {_t(Revision)} q ON q.collection_id = v.collection_id AND q.number = v.retired_in
            WHERE v.retired_in <= v.created_in OR v.created_in < 1 OR v.created_in > c.head OR r.id IS NULL
                OR (v.retired_in < {LIVE} AND (v.retired_in > c.head OR q.id IS NULL))
        """
        for pk, created, retired, head, *revisions in stream(sql):
            yield Fault(_t(model), pk, _life(created, retired, head, *revisions))


def _life(created: int, retired: int, head: int, by: int | None, until: int | None) -> str:
    if retired <= created:
        return f"It was retired in {retired}, no later than it was created, in {created}."
    if not 1 <= created <= head or by is None:
        return f"It was created in {created}, which is no revision of its collection (head {head})."
    return f"It was retired in {retired}, which is no revision of its collection (head {head})."


def _one_at_a_time() -> Iterator[Fault]:
    """Of two versions of one thing the first is retired before, or when, the next is created."""
    for model in VERSION_MODELS:
        key = ", ".join(f'"{name}"' for name in key_names(model))
        sql = f"""
            SELECT id, created_in, before FROM (
                SELECT id, created_in,
                    lag(retired_in) OVER (PARTITION BY {key} ORDER BY created_in, retired_in, id) AS before
                FROM {_t(model)}
            ) versions WHERE before > created_in
        """
        for pk, created, before in stream(sql):
            until = "is live still" if before == LIVE else f"was live until {before}"
            yield Fault(_t(model), pk, f"It was created in {created}, while the version before it {until}.")


def _one_collection() -> Iterator[Fault]:
    """A row, its revision and all that they point at belong to one collection."""
    for model, path in HOMES:
        for pk, home, other in stream(
            path.format(table=_t(model), span=_t(Span), article=_t(Article), source=_t(Source))
        ):
            yield Fault(_t(model), pk, f"It is in collection {home}, what it is about in collection {other}.")


_OF_SPAN = """
    SELECT v.id, v.collection_id, a.collection_id FROM {table} v
    JOIN {span} s ON s.id = v.span_id JOIN {article} a ON a.id = s.article_id
    WHERE a.collection_id <> v.collection_id
"""
_OF_SOURCE = """
    SELECT v.id, v.collection_id, s.collection_id FROM {table} v
    JOIN {source} s ON s.id = v.source_id WHERE s.collection_id <> v.collection_id
"""
_OF_ARTICLE = """
    SELECT v.id, v.collection_id, a.collection_id FROM {table} v
    JOIN {article} a ON a.id = v.article_id WHERE a.collection_id <> v.collection_id
"""
_OF_SUPERSEDED = _OF_ARTICLE.replace("v.article_id", "v.supersedes_id")
HOMES: tuple[tuple[Any, str], ...] = (
    (ClaimState, _OF_SPAN),
    (ClaimLink, _OF_SPAN),
    (ClaimLink, _OF_SPAN.replace("v.span_id", "v.other_id")),
    (Annotation, _OF_SPAN),
    (Ruling, _OF_SPAN),
    (Evidence, _OF_SPAN),
    *((model, _OF_SPAN) for model in SAID_AT_THE_DESK),
    (Assignment, _OF_ARTICLE),
    (Evidence, _OF_SOURCE),
    (SourceDetails, _OF_SOURCE),
    (ArticleDetails, _OF_ARTICLE),
    (ArticleWork, _OF_ARTICLE),
    (Source, _OF_ARTICLE),
    (Article, _OF_SUPERSEDED),
)


def _undoings() -> Iterator[Fault]:
    """What a change says that it undid is what is kept beside it."""
    for pk, says, kept in verify_claims.wrong_undoings():
        yield Fault(_t(Revision), pk, f"It says that it undid {says}, beside it stands {kept}.")


def _settings() -> Iterator[Fault]:
    sql = f"""
        SELECT c.id FROM {_t(Collection)} c
        LEFT JOIN {_t(CollectionSettings)} s ON s.collection_id = c.id AND s.retired_in = {LIVE}
        WHERE c.head > 0 AND s.id IS NULL
    """
    for (pk,) in stream(sql):
        yield Fault(_t(Collection), pk, "It has no settings.")


def _dependents() -> Iterator[Fault]:
    """What is live hangs on what is live."""
    for model, column, base, words in (
        (Annotation, "span_id", ClaimState, "claim"),
        (Evidence, "span_id", ClaimState, "claim"),
        (Ruling, "span_id", ClaimState, "claim"),
        (Evidence, "source_id", SourceDetails, "source"),
        (ArticleWork, "article_id", ArticleDetails, "article"),
        (Assignment, "article_id", ArticleDetails, "article"),
        *((model, "span_id", ClaimState, "claim") for model in SAID_AT_THE_DESK),
    ):
        sql = f"""
            SELECT v.id, v.{column} FROM {_t(model)} v
            LEFT JOIN {_t(base)} b ON b.{column} = v.{column} AND b.retired_in = {LIVE}
            WHERE v.retired_in = {LIVE} AND v.{column} IS NOT NULL AND b.id IS NULL
        """
        for pk, on in stream(sql):
            yield Fault(_t(model), pk, f"It is live, but {words} {on} is not.")


def _homeless() -> Iterator[Fault]:
    sql = f"""
        SELECT c.id, s.article_id FROM {_t(ClaimState)} c JOIN {_t(Span)} s ON s.id = c.span_id
        LEFT JOIN {_t(ArticleDetails)} d ON d.article_id = s.article_id AND d.retired_in = {LIVE}
        WHERE c.retired_in = {LIVE} AND d.id IS NULL
    """
    for pk, article in stream(sql):
        yield Fault(_t(ClaimState), pk, f"It is live, but article {article} is not.")


def _links() -> Iterator[Fault]:
    """A link leads to a live claim; who has a part is live, who moved or merged away is not."""
    sql = f"""
        SELECT l.id, l.span_id, l.other_id, l.kind, a.id, b.id FROM {_t(ClaimLink)} l
        LEFT JOIN {_t(ClaimState)} a ON a.span_id = l.span_id AND a.retired_in = {LIVE}
        LEFT JOIN {_t(ClaimState)} b ON b.span_id = l.other_id AND b.retired_in = {LIVE}
        WHERE l.retired_in = {LIVE} AND (b.id IS NULL OR (l.kind = 'part') <> (a.id IS NOT NULL))
    """
    for pk, span, other, kind, begins, ends in stream(sql):
        if ends is None:
            yield Fault(_t(ClaimLink), pk, f"It leads to claim {other}, which is not live.")
        else:
            state = "live" if begins else "not live"
            yield Fault(_t(ClaimLink), pk, f"It is live, of kind {kind}, and its claim {span} is {state}.")


def _ways_on() -> Iterator[Fault]:
    """A claim goes to one other, of its article."""
    sql = f"""
        SELECT l.id, l.span_id, count(*) OVER (PARTITION BY l.span_id), a.article_id, b.article_id
        FROM {_t(ClaimLink)} l
        JOIN {_t(Span)} a ON a.id = l.span_id JOIN {_t(Span)} b ON b.id = l.other_id
        WHERE l.retired_in = {LIVE} AND l.kind <> 'part'
    """
    for pk, span, ways, here, there in stream(sql):
        if ways > 1:
            yield Fault(_t(ClaimLink), pk, f"It is one of {ways} links that say where claim {span} went.")
        if here != there:
            yield Fault(_t(ClaimLink), pk, f"It leads from article {here} to article {there}.")


def _judges() -> Iterator[Fault]:
    sql = f"""
        SELECT DISTINCT r.id, r.editor_id, r.span_id FROM {_t(Ruling)} r
        JOIN {_t(Annotation)} a ON a.span_id = r.span_id AND a.reviewer_id = r.editor_id
    """
    for pk, editor, span in stream(sql):
        yield Fault(
            _t(Ruling),
            pk,
            f"User {editor} both reviewed and decided claim {span}.",
            "Let another editor decide.",
        )


def _legal_reads() -> Iterator[Fault]:
    """What a lawyer said is of a text that was in the collection."""
    sql = f"""
        SELECT l.id, l.sha256 FROM {_t(LegalRead)} l
        LEFT JOIN {_t(Article)} a ON a.collection_id = l.collection_id AND a.sha256 = l.sha256
        WHERE l.answer <> 'asked' AND a.id IS NULL
    """
    for pk, sha256 in stream(sql):
        yield Fault(
            _t(LegalRead), pk, f"It answers for a text with sha256 {sha256[:12]}…, which is not here."
        )


def _corrections() -> Iterator[Fault]:
    """Each has a key, which readers know it by: no two that stand share one."""
    for pk in Correction.objects.filter(key="").values_list("pk", flat=True):
        yield Fault(_t(Correction), pk, "It has no key.")
    sql = f"""
        SELECT min(id), key FROM {_t(Correction)} WHERE retired_in = {LIVE} AND key <> ''
        GROUP BY collection_id, key HAVING count(*) > 1
    """
    for pk, key in stream(sql):
        yield Fault(_t(Correction), pk, f"Another correction has its key, {key}.")


def _references() -> Iterator[Fault]:
    sql = f"""
        SELECT DISTINCT d.id, d.article_id FROM {_t(ArticleDetails)} d
        JOIN {_t(Span)} s ON s.article_id = d.article_id
        JOIN {_t(ClaimState)} c ON c.span_id = s.id AND c.retired_in = {LIVE}
        WHERE d.retired_in = {LIVE} AND d.role = 'reference'
    """
    for pk, article in stream(sql):
        yield Fault(_t(ArticleDetails), pk, f"Article {article} is a reference text and has claims.")


def _claims() -> Iterator[Fault]:
    for pk, says, derived in verify_claims.wrong_states():
        yield Fault(_t(ClaimState), pk, f"It says {says}, the work on the claim comes to {derived}.")


def _texts() -> Iterator[Fault]:
    for table, pk, what in verify_texts.wrong_texts():
        yield Fault(table, pk, what)


def _documents() -> Iterator[Fault]:
    for pk, what in documents.wrong_files():
        yield Fault(_t(SourceDetails), pk, what)


def _t(model: type[VersionRow] | Any) -> str:
    table: str = model._meta.db_table
    return table


CHECKS: tuple[Check, ...] = (
    _triggers,
    _numbers,
    _undoings,
    _settings,
    _lives,
    _one_at_a_time,
    _one_collection,
    _dependents,
    _homeless,
    _links,
    _ways_on,
    _judges,
    _legal_reads,
    _corrections,
    _references,
    _claims,
    _tallies,
    _texts,
    _documents,
)
