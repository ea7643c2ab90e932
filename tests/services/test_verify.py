"""T36: a planted fault of each kind is named, with its table and id."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    ArticleWork,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    Source,
    Span,
    User,
    triggers,
)
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark, withdraw
from annotations.services.evidence import NewSource, add_evidence, remove_evidence
from annotations.services.fill import fill
from annotations.services.rulings import rule
from annotations.services.settings import create_collection
from annotations.services.undo import undo
from annotations.services.verify import verify
from annotations.services.work import Standing, set_work

Find = Callable[..., Place]


def decided_in(span: int) -> int:
    return Span.objects.values_list("article", flat=True).get(pk=span)


@pytest.fixture
def work(desk: Collection, ana: User, ben: User, edith: User, place: Find) -> None:
    """Claims with a history: an opinion changed, one withdrawn, a source, a decision, a claim taken away."""
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ana, target=said.span_id, opinion=Opinion("disputed"), base=said.version)
    add_evidence(desk, author=ana, span_id=said.span_id, source=NewSource("web", {"title": "Register"}))
    theirs = tag(desk, author=ben, target=said.span_id, opinion=Opinion("verified"), base=None)
    withdraw(desk, author=ben, span_id=said.span_id, base=theirs.version or 0)
    decided = mark(desk, author=ben, place=place("$2 billion"))
    rule(desk, author=edith, span_id=decided.span_id, verdict="disputed", rationale="No.", base=None)
    set_checkable(desk, author=edith, target=decided.span_id, not_checkable=True, reason="a forecast")
    set_work(
        desk,
        author=ana,
        article_id=decided_in(decided.span_id),
        base=None,
        wanted=Standing("checking", ana.pk),
    )
    gone = mark(desk, author=ana, place=place("May"))
    unmark(desk, author=ana, span_id=gone.span_id)
    other = create_collection("other", author=None)
    text = "Another text."
    blocks = [{"start": 0, "end": len(text), "role": "body", "reason": "test"}]
    article = import_article(other, author=None, text=text, details=Details(title="T", blocks=blocks))
    mark(other, author=edith, place=Place(article.article_id, 0, 7, "Another"))


@pytest.fixture
def lifted(work: None) -> Iterator[None]:
    """Without triggers and constraints, as someone with the database's password could have it."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in (Annotation, ClaimState):
                _drop_checks(cursor, model._meta.db_table)
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _drop_checks(cursor, table: str) -> None:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount


def first(model, **where: object) -> int:
    return model.objects.filter(**where).order_by("pk").values_list("pk", flat=True)[0]


def found() -> set[tuple[str, int | None]]:
    return {
        (fault.table.removeprefix("annotations_"), fault.pk)
        for fault in verify()
        if fault.table != "triggers"
    }


def test_no_fault_where_there_is_none(work: None) -> None:
    assert list(verify()) == []


def test_every_trigger_is_missed(work: None) -> None:
    triggers.remove(connection)

    assert {fault.table for fault in verify()} == {"triggers"}
    assert sum(1 for _ in verify()) == len(triggers.missing(connection)) > 20


Plant = Callable[[], set[tuple[str, int | None]]]
PLANTS: list[Plant] = []


def plant(make: Plant) -> Plant:
    PLANTS.append(make)
    return make


@plant
def a_quote_is_not_the_text():
    pk = first(Span)
    sql("UPDATE annotations_span SET quote = 'else' WHERE id = %s", pk)
    return {("span", pk)}


@plant
def the_words_around_are_not_the_text():
    pk = first(Span)
    sql("UPDATE annotations_span SET suffix = 'else' WHERE id = %s", pk)
    return {("span", pk)}


@plant
def a_place_lies_beyond_the_text():
    pk = first(Span)
    sql('UPDATE annotations_span SET start = 9000, "end" = 9009 WHERE id = %s', pk)
    return {("span", pk)}


@plant
def a_text_is_not_the_one_imported():
    pk = first(Article)
    sql("UPDATE annotations_article SET text = text || '!' WHERE id = %s", pk)
    spans = Span.objects.filter(article=pk, suffix__endswith="billion.").values_list("pk", flat=True)
    details = Article.objects.get(pk=pk).versions.values_list("pk", flat=True)
    around = {("span", span) for span in spans} | {("span", first(Span, quote="$2 billion"))}
    return {("article", pk), *around, *(("articledetails", row) for row in details)}


@plant
def blocks_leave_text_out():
    pk = first(Article.objects.first().versions.model)
    sql("UPDATE annotations_articledetails SET blocks = '[]' WHERE id = %s", pk)
    return {("articledetails", pk)}


@plant
def a_status_is_not_what_the_work_comes_to():
    pk = first(ClaimState, retired_in=2147483647, status="agreed")
    sql("UPDATE annotations_claimstate SET verdict = 'verified' WHERE id = %s", pk)
    return {("claimstate", pk), *_tallies_since(pk)}


def _tallies_since(state: int) -> set[tuple[str, int | None]]:
    row = ClaimState.objects.get(pk=state)
    rows = Revision.objects.filter(collection=row.collection_id, number__gte=row.created_in)
    return {("revision", pk) for pk in rows.values_list("pk", flat=True)}


@plant
def counts_are_not_what_there_is():
    pk = first(ClaimState, retired_in=2147483647, status="agreed")
    sql("""UPDATE annotations_claimstate SET counts = '{"disputed": 2, "sources": 1}' WHERE id = %s""", pk)
    return {("claimstate", pk)}


@plant
def a_tally_is_wrong():
    pk = first(Revision, number=5)
    sql("""UPDATE annotations_revision SET tally = '{"open": 7}' WHERE id = %s""", pk)
    return {("revision", pk)}


@plant
def a_count_of_articles_is_wrong():
    pk = first(Revision, number=5)
    sql("UPDATE annotations_revision SET articles = articles + 1 WHERE id = %s", pk)
    return {("revision", pk)}


@plant
def a_revision_is_missing():
    row = Revision.objects.filter(action="withdraw").get()
    sql("DELETE FROM annotations_revision WHERE id = %s", row.pk)
    rows = {
        (model._meta.model_name, pk)
        for model in (Annotation, ClaimState)
        for column in ("created_in", "retired_in")
        for pk in model.objects.filter(collection=row.collection_id, **{column: row.number}).values_list(
            "pk", flat=True
        )
    }
    return {("collection", row.collection_id), *rows}


@plant
def a_head_runs_ahead():
    pk = first(Collection)
    sql("UPDATE annotations_collection SET head = head + 1 WHERE id = %s", pk)
    return {("collection", pk)}


@plant
def a_head_lags_behind():
    row = Revision.objects.filter(collection__slug="desk").last()
    sql("UPDATE annotations_collection SET head = head - 1 WHERE id = %s", row.collection_id)
    late = ClaimState.objects.get(collection=row.collection_id, retired_in=row.number)
    return {("revision", row.pk), ("claimstate", late.pk)}


@plant
def retired_before_it_was_created():
    pk = first(Annotation, retired_in__lt=2147483647)
    sql("UPDATE annotations_annotation SET retired_in = created_in - 1 WHERE id = %s", pk)
    return {("annotation", pk)}


@plant
def created_by_no_revision():
    pk = first(Annotation, retired_in=2147483647)
    sql("UPDATE annotations_annotation SET created_in = 500 WHERE id = %s", pk)
    return {("annotation", pk)}


@plant
def retired_by_no_revision():
    pk = first(Annotation, verdict="verified", reviewer__username="ben")
    sql("UPDATE annotations_annotation SET retired_in = 500 WHERE id = %s", pk)
    return {("annotation", pk)}


@plant
def two_live_versions_of_one_opinion():
    sql("DROP INDEX annotation_one_live")
    pk = first(Annotation, retired_in__lt=2147483647, reviewer__username="ana")
    sql("UPDATE annotations_annotation SET retired_in = 2147483647 WHERE id = %s", pk)
    later = first(Annotation, verdict="disputed")
    state = first(ClaimState, retired_in=2147483647, status="agreed")
    return {("annotation", later), ("claimstate", state)}


@plant
def a_row_is_in_another_collection_than_its_claim():
    pk, other = first(Annotation, reviewer__username="ben"), first(Collection, slug="other")
    sql(
        "UPDATE annotations_annotation SET collection_id = %s, created_in = 1, retired_in = 2 WHERE id = %s",
        other,
        pk,
    )
    return {("annotation", pk)}


@plant
def evidence_cites_a_source_of_another_collection():
    pk, other = first(Evidence), first(Collection, slug="other")
    sql("UPDATE annotations_source SET collection_id = %s", other)
    details = Evidence.objects.get(pk=pk).source.versions.get().pk
    return {("evidence", pk), ("sourcedetails", details)}


@plant
def an_article_supersedes_one_of_another_collection():
    pk = first(Article, collection__slug="other")
    sql("UPDATE annotations_article SET supersedes_id = %s WHERE id = %s", first(Article), pk)
    return {("article", pk)}


@plant
def an_article_cited_belongs_to_another_collection():
    pk = first(Source)
    sql(
        "UPDATE annotations_source SET kind = 'article', article_id = %s WHERE id = %s",
        first(Article, collection__slug="other"),
        pk,
    )
    return {("source", pk)}


@plant
def a_live_opinion_on_a_claim_that_is_gone():
    live = first(ClaimState, retired_in=2147483647, status="agreed")
    row = ClaimState.objects.get(pk=live)
    head = Collection.objects.get(pk=row.collection_id).head
    sql("UPDATE annotations_claimstate SET retired_in = %s WHERE id = %s", head, live)
    last = first(Revision, collection=row.collection_id, number=head)
    opinion = first(Annotation, span=row.span_id, retired_in=2147483647)
    return {("annotation", opinion), ("evidence", first(Evidence)), ("revision", last)}


@plant
def live_evidence_without_its_source():
    sql("UPDATE annotations_sourcedetails SET retired_in = created_in + 1")
    return {("evidence", first(Evidence))}


@plant
def a_live_claim_in_an_article_that_is_gone():
    state = ClaimState.objects.get(collection__slug="other")
    sql("UPDATE annotations_articledetails SET retired_in = 3 WHERE collection_id = %s", state.collection_id)
    counts = Revision.objects.filter(collection=state.collection_id, number__gte=3)
    return {("claimstate", state.pk), *(("revision", pk) for pk in counts.values_list("pk", flat=True))}


def _link(start: str, end: str, kind: str, home: str = "desk") -> set[tuple[str, int | None]]:
    ends = [first(Span, quote=quote) for quote in (start, end)]
    row = ClaimLink.objects.create(
        collection=Collection.objects.get(slug=home),
        created_in=2,
        span_id=ends[0],
        other_id=ends[1],
        kind=kind,
    )
    return {("claimlink", row.pk)}


@plant
def the_work_on_an_article_of_another_collection():
    pk = first(ArticleWork)
    other = first(Collection, slug="other")
    sql("UPDATE annotations_articlework SET collection_id = %s, created_in = 1 WHERE id = %s", other, pk)
    return {("articlework", pk)}


@plant
def a_stage_of_an_article_that_is_gone():
    pk = first(ArticleWork)
    blocks = [{"start": 0, "end": 5, "role": "body", "reason": "test"}]
    free = import_article(
        Collection.objects.get(slug="desk"), author=None, text="Gone.", details=Details(blocks=blocks)
    )
    sql("UPDATE annotations_articlework SET article_id = %s WHERE id = %s", free.article_id, pk)
    undo(Collection.objects.get(slug="desk"), author=User.objects.get(username="edith"), number=free.revision)
    sql("UPDATE annotations_articlework SET retired_in = 2147483647 WHERE id = %s", pk)
    return {("articlework", pk)}


@plant
def a_reference_text_with_claims():
    article = ClaimState.objects.current().values_list("span__article", flat=True).first()
    pk = ArticleDetails.objects.current().get(article=article).pk
    sql("UPDATE annotations_articledetails SET role = 'reference' WHERE id = %s", pk)
    return {("articledetails", pk)}


@plant
def a_link_to_a_claim_that_is_gone():
    return _link("31 bridges", "May", "part")


@plant
def a_part_of_a_claim_that_is_gone():
    return _link("May", "31 bridges", "part")


@plant
def a_claim_that_moved_away_and_is_here():
    return _link("31 bridges", "$2 billion", "moved")


@plant
def a_link_to_another_collection():
    return _link("31 bridges", "Another", "part")


@plant
def a_link_of_another_collection():
    return _link("31 bridges", "$2 billion", "part", home="other")


@plant
def a_collection_without_settings():
    other = first(Collection, slug="other")
    settings = first(CollectionSettings, collection=other)
    sql("UPDATE annotations_collectionsettings SET retired_in = 3 WHERE id = %s", settings)
    return {("collection", other)}


@plant
def a_reviewer_who_decided():
    pk = first(Ruling)
    ana = first(User, username="ana")
    span = Annotation.objects.filter(reviewer=ana).values_list("span", flat=True)[0]
    sql(
        "UPDATE annotations_ruling SET editor_id = %s, span_id = %s, created_in = 3, retired_in = 4",
        ana,
        span,
    )
    states = ClaimState.objects.filter(status="ruled", retired_in=2147483647).values_list("pk", flat=True)
    return {("ruling", pk), *(("claimstate", state) for state in states)}


@pytest.mark.parametrize("make", PLANTS, ids=lambda make: make.__name__)
def test_a_planted_fault_is_named(lifted: None, make: Plant) -> None:
    expected = make()

    assert found() == expected


def test_the_command_tells_each_fault_and_fails(lifted: None, capsys: pytest.CaptureFixture[str]) -> None:
    ((_, pk),) = a_tally_is_wrong()
    triggers.install(connection)

    with pytest.raises(CommandError, match=r"^1 fault\.$"):
        call_command("verify")

    assert f"annotations_revision {pk}: Its tally says" in capsys.readouterr().out


def test_what_undo_leaves_is_sound(work: None, desk: Collection, edith: User) -> None:
    head = Collection.objects.get(pk=desk.pk).head
    for number in (head, head - 1, head - 2):
        undo(desk, author=edith, number=number)

    assert list(verify()) == []


def test_a_source_may_go_and_its_details_stay(work: None, desk: Collection, ana: User) -> None:
    row = Evidence.objects.get()
    remove_evidence(desk, author=ana, evidence_key=row.key, base=row.pk)

    assert list(verify()) == []


def test_a_synthetic_load_is_sound(desk: Collection, edith: User) -> None:
    fill(desk, articles=7, spans=120)

    assert list(verify()) == []
    assert ClaimState.objects.current().filter(collection=desk).count() == 120
    assert set(Collection.objects.get(pk=desk.pk).revisions.last().tally) > {"to_check", "contested"}


def test_a_synthetic_load_is_the_same_for_the_same_seed(db: None) -> None:
    def texts(slug: str, seed: int) -> list[tuple[str, int]]:
        call_command("fill", collection=slug, articles=5, spans=31, seed=seed, stdout=StringIO())
        rows = Article.objects.filter(collection__slug=slug).order_by("pk")
        return [(row.sha256, row.spans.count()) for row in rows]

    assert texts("one", 1) == texts("again", 1)
    assert texts("other", 2) != texts("one-more", 1)
    assert [count for _, count in texts("last", 1)] == [6, 6, 6, 6, 7]
    assert list(verify()) == []


def test_a_collection_is_filled_twice(desk: Collection) -> None:
    fill(desk, articles=3, spans=20)
    fill(desk, articles=3, spans=20)

    assert ClaimState.objects.current().count() == 40
    assert list(verify()) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    environment = os.environ | {"AIGAP_DATA_DIR": str(tmp_path), "DATABASE_URL": ""}

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )

    assert manage("migrate", "-v0").returncode == 0
    assert manage("fill", "--collection", "c", "--articles", "20", "--spans", "500").returncode == 0
    _damage(tmp_path / "aigap.sqlite3")

    verified = manage("verify")

    assert verified.returncode == 1
    assert "SQLite: The file is damaged" in verified.stdout or "cannot be read" in verified.stdout
    assert "Traceback" not in verified.stderr


def _damage(path: Path) -> None:
    """Zeroes where the table of claims begins."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database.execute("PRAGMA page_size").fetchone()[0]
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'annotations_span'"
        ).fetchone()
    database.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
