"""T35: the database itself refuses to change history, whoever asks."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from annotations.models import (
    LIVE,
    VERSION_MODELS,
    Annotation,
    ArticleWork,
    ClaimLink,
    CollectionSettings,
    Revision,
    User,
    triggers,
)
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import commit
from annotations.services.rulings import rule
from annotations.services.undo import undo
from tests.services.ground import say_at_the_desk

Find = Callable[..., Place]
ROWS = [*VERSION_MODELS, *(apps.get_model("annotations", name) for name in triggers.FROZEN)]
KEPT = [*ROWS, *(apps.get_model("annotations", name) for name in triggers.CHANGEABLE)]


def name(model) -> str:
    return model._meta.model_name


@pytest.fixture
def history(desk, ana: User, edith: User, place: Find) -> None:
    """A row in every table that the triggers guard."""
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ana, target=said.span_id, opinion=Opinion("disputed"), base=said.version)
    add_evidence(desk, author=ana, span_id=said.span_id, source=NewSource("web", {"title": "Register"}))
    rule(desk, author=edith, span_id=said.span_id, verdict="disputed", rationale="No.", base=None)
    part = mark(desk, author=ana, place=place("31"))
    with commit(desk, author=ana, action="link") as revision:
        revision.insert(ClaimLink, span_id=said.span_id, other_id=part.span_id, kind="part")
        revision.insert(ArticleWork, article_id=place("31").article_id)
        say_at_the_desk(revision, said.span_id, reviewer=ana, editor=edith)
    undo(desk, author=ana, number=mark(desk, author=ana, place=place("harbour")).revision)


def refused(sql: str, *params: object) -> None:
    with pytest.raises(DatabaseError, match="history is never changed"), transaction.atomic():
        run(sql, *params)


def run(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@pytest.mark.parametrize("model", ROWS, ids=name)
def test_no_column_of_history_changes(history: None, model) -> None:
    pk = model.objects.values_list("pk", flat=True).first()
    for field in model._meta.concrete_fields:
        if field.column not in ("id", "retired_in"):
            other = "NULL" if field.null else _other(field)
            before = model.objects.filter(pk=pk).values_list(field.attname, flat=True)[0]
            if field.null and before is None:
                other = _other(field)
            refused(f'UPDATE {model._meta.db_table} SET "{field.column}" = {other} WHERE id = %s', pk)


def _other(field) -> str:
    """An SQL value of the field's type, other than any in these tests."""
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return f'NOT "{field.column}"'
    if kind == "JSONField":
        return "'[7]'"
    if kind == "DateTimeField":
        return "'2001-01-01 00:00:00'"
    return {"DateField": "'2001-01-01'"}.get(kind, "'77'")


@pytest.mark.parametrize("model", KEPT, ids=name)
def test_nothing_is_deleted(history: None, model) -> None:
    pk = model.objects.values_list("pk", flat=True).first()
    assert pk

    refused(f"DELETE FROM {model._meta.db_table} WHERE id = %s", pk)


@pytest.mark.parametrize("model", KEPT, ids=name)
def test_nothing_is_replaced_or_truncated(history: None, model) -> None:
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        refused(f"REPLACE INTO {table} SELECT * FROM {table}")
    else:
        run("SET CONSTRAINTS ALL IMMEDIATE")
        refused(f"TRUNCATE {table} CASCADE")


def test_a_row_is_retired_once(history: None) -> None:
    live = Annotation.objects.current().get()
    head = Revision.objects.count()
    assert run("UPDATE annotations_annotation SET retired_in = %s WHERE id = %s", head, live.pk) == 1

    refused("UPDATE annotations_annotation SET retired_in = %s WHERE id = %s", head + 1, live.pk)
    refused("UPDATE annotations_annotation SET retired_in = %s WHERE id = %s", LIVE, live.pk)


def test_retiring_changes_nothing_else(history: None) -> None:
    live = Annotation.objects.current().get()

    refused("UPDATE annotations_annotation SET retired_in = 9, why = 'so' WHERE id = %s", live.pk)


def test_a_row_is_not_retired_before_it_was_created(history: None) -> None:
    live = Annotation.objects.current().get()

    with pytest.raises(DatabaseError), transaction.atomic():
        run("UPDATE annotations_annotation SET retired_in = created_in WHERE id = %s", live.pk)


def test_the_orm_is_refused_too(history: None) -> None:
    settings = CollectionSettings.objects.get()
    settings.name = "Another name"

    with pytest.raises(DatabaseError, match="history is never changed"), transaction.atomic():
        settings.save()


def test_migrate_puts_them_back(db: None) -> None:
    triggers.remove(connection)
    assert triggers.missing(connection)

    call_command("migrate", verbosity=0)

    assert triggers.missing(connection) == []


@pytest.mark.parametrize(
    "change",
    [
        "annotations_collection SET slug = 'other'",
        "annotations_collection SET head = head - 1",
        "annotations_collection SET epoch = epoch - 1",
        "annotations_membership SET pseudonym = 'reviewer-0'",
        "annotations_membership SET user_id = user_id + 1",
    ],
)
def test_of_what_points_at_history_only_what_may_change_changes(history: None, change: str) -> None:
    with pytest.raises(DatabaseError, match=triggers.REFUSAL), transaction.atomic():
        connection.cursor().execute(f"UPDATE {change}")


def test_roles_change_and_heads_rise(history: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE annotations_membership SET role = 'viewer'")
        cursor.execute("UPDATE annotations_collection SET head = head + 1, epoch = epoch + 1")
        assert cursor.rowcount >= 1
