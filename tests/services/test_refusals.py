"""Each service: what it refuses, and that nothing is stored then."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError

from annotations.models import (
    Annotation,
)
from annotations.services.articles import edit_details, import_article
from annotations.services.claims import Opinion, mark, set_checkable, tag, unmark, withdraw
from annotations.services.errors import (
    DuplicateText,
    Invalid,
    NotAllowed,
    NotThere,
    OthersWork,
    QuoteMismatch,
)
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.ledger import Stale, commit
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings, create_collection
from annotations.services.undo import undo
from tests.services.ground import OTHER, OTHER_TEXT, WEB, Desk, stored

GOOD = Opinion("disputed")
Refusal = tuple[str, type[Exception], Callable[[Desk], Any]]
REFUSALS: list[Refusal] = [
    (
        "another quote",
        QuoteMismatch,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, quote="32 bridges")),
    ),
    (
        "offsets in UTF-16",
        QuoteMismatch,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, start=26, end=36)),
    ),
    ("beyond the text", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, end=9000))),
    ("before the text", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, start=-1))),
    ("nothing", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, end=25, quote=""))),
    (
        "an unknown aspect",
        Invalid,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, aspect="mood")),
    ),
    (
        "a foreign article",
        NotThere,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, article_id=d.foreign_article)),
    ),
    (
        "no article",
        NotThere,
        lambda d: tag(d.home, author=d.ana, target=replace(d.place, article_id=0), opinion=GOOD, base=None),
    ),
    (
        "a foreign claim",
        NotThere,
        lambda d: tag(d.home, author=d.ana, target=d.foreign_span, opinion=GOOD, base=None),
    ),
    ("no base", Stale, lambda d: tag(d.home, author=d.ana, target=d.span, opinion=GOOD, base=None)),
    (
        "another base",
        Stale,
        lambda d: tag(d.home, author=d.ana, target=d.span, opinion=GOOD, base=d.opinion + 1),
    ),
    (
        "a base where there is none",
        Stale,
        lambda d: tag(d.home, author=d.ben, target=d.span, opinion=GOOD, base=d.opinion),
    ),
    (
        "an unknown verdict",
        Invalid,
        lambda d: tag(d.home, author=d.ben, target=d.span, opinion=Opinion("true"), base=None),
    ),
    (
        "an unknown problem",
        Invalid,
        lambda d: tag(
            d.home, author=d.ben, target=d.span, opinion=Opinion("disputed", problem="x"), base=None
        ),
    ),
    (
        "101 per cent",
        Invalid,
        lambda d: tag(
            d.home, author=d.ben, target=d.span, opinion=Opinion("disputed", confidence=101), base=None
        ),
    ),
    (
        "who decided reviews",
        NotAllowed,
        lambda d: tag(d.home, author=d.edith, target=d.ruled, opinion=GOOD, base=None),
    ),
    (
        "to withdraw nothing",
        NotThere,
        lambda d: withdraw(d.home, author=d.ben, span_id=d.span, base=d.opinion),
    ),
    (
        "to withdraw what has changed",
        Stale,
        lambda d: withdraw(d.home, author=d.ana, span_id=d.span, base=d.opinion + 1),
    ),
    (
        "to withdraw elsewhere",
        NotThere,
        lambda d: withdraw(d.foreign, author=d.ana, span_id=d.span, base=d.opinion),
    ),
    (
        "no reason",
        Invalid,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason=" "),
    ),
    (
        "a long reason",
        Invalid,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="x" * 201),
    ),
    (
        "an old claim",
        Stale,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="so", base=1),
    ),
    (
        "a foreign claim's reason",
        NotThere,
        lambda d: set_checkable(d.home, author=d.ana, target=d.foreign_span, not_checkable=True, reason="so"),
    ),
    ("to unmark others' work", OthersWork, lambda d: unmark(d.home, author=d.ben, span_id=d.span)),
    ("to unmark a decided claim", OthersWork, lambda d: unmark(d.home, author=d.ben, span_id=d.ruled)),
    ("to unmark an old claim", Stale, lambda d: unmark(d.home, author=d.ana, span_id=d.span, base=1)),
    ("to unmark elsewhere", NotThere, lambda d: unmark(d.home, author=d.ben, span_id=d.foreign_span)),
    (
        "a source for a foreign claim",
        NotThere,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.foreign_span, source=WEB),
    ),
    (
        "a foreign source",
        NotThere,
        lambda d: add_evidence(d.foreign, author=d.ana, span_id=d.foreign_span, source=d.evidence.source_id),
    ),
    ("no such source", NotThere, lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=0)),
    (
        "an unknown stance",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=WEB, citation=Citation("proves")),
    ),
    (
        "an unknown kind",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("rumour")),
    ),
    (
        "an unknown tier",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=replace(WEB, tier="secret")),
    ),
    (
        "an unknown detail",
        Invalid,
        lambda d: add_evidence(
            d.home, author=d.ana, span_id=d.span, source=NewSource("web", {"source_id": 1})
        ),
    ),
    (
        "a source without a name",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("web")),
    ),
    (
        "a foreign article as source",
        Invalid,
        lambda d: add_evidence(
            d.home, author=d.ana, span_id=d.span, source=NewSource("article", article_id=d.foreign_article)
        ),
    ),
    (
        "no article as source",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("article")),
    ),
    (
        "an article of a web page",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=replace(WEB, article_id=1)),
    ),
    (
        "an old source",
        Stale,
        lambda d: edit_evidence(
            d.home, author=d.ana, evidence_key=d.evidence.key, base=0, citation=Citation()
        ),
    ),
    (
        "old details of a source",
        Stale,
        lambda d: edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"title": "B"},
            source_base=0,
        ),
    ),
    (
        "to rename a source's collection",
        Invalid,
        lambda d: edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"collection_id": 2},
        ),
    ),
    (
        "to remove an old source",
        Stale,
        lambda d: remove_evidence(d.home, author=d.ana, evidence_key=d.evidence.key, base=0),
    ),
    (
        "to remove a foreign source",
        NotThere,
        lambda d: remove_evidence(d.foreign, author=d.ana, evidence_key=d.evidence.key, base=d.evidence.pk),
    ),
    (
        "a decision without reasons",
        Invalid,
        lambda d: rule(d.home, author=d.edith, span_id=d.span, verdict="disputed", rationale=" ", base=None),
    ),
    (
        "a decision of no verdict",
        Invalid,
        lambda d: rule(d.home, author=d.edith, span_id=d.span, verdict="false", rationale="So.", base=None),
    ),
    (
        "who reviewed decides",
        NotAllowed,
        lambda d: rule(d.home, author=d.ana, span_id=d.span, verdict="disputed", rationale="So.", base=None),
    ),
    (
        "a decision over another",
        Stale,
        lambda d: rule(
            d.home, author=d.edith, span_id=d.ruled, verdict="disputed", rationale="So.", base=None
        ),
    ),
    (
        "a decision on an old claim",
        Stale,
        lambda d: rule(
            d.home,
            author=d.edith,
            span_id=d.span,
            verdict="disputed",
            rationale="So.",
            base=None,
            claim_revision=1,
        ),
    ),
    (
        "a decision on a foreign claim",
        NotThere,
        lambda d: rule(
            d.home, author=d.edith, span_id=d.foreign_span, verdict="disputed", rationale="So.", base=None
        ),
    ),
    (
        "to withdraw no decision",
        NotThere,
        lambda d: withdraw_ruling(d.home, author=d.edith, span_id=d.span, base=d.ruling),
    ),
    (
        "to withdraw an old decision",
        Stale,
        lambda d: withdraw_ruling(d.home, author=d.edith, span_id=d.ruled, base=d.ruling + 1),
    ),
    (
        "the same text",
        DuplicateText,
        lambda d: import_article(d.foreign, author=None, text=OTHER_TEXT, details=OTHER),
    ),
    (
        "blocks that leave text out",
        Invalid,
        lambda d: import_article(d.home, author=None, text=OTHER_TEXT + "!", details=OTHER),
    ),
    (
        "to supersede a foreign article",
        Invalid,
        lambda d: import_article(
            d.home, author=None, text=OTHER_TEXT, details=OTHER, supersedes=d.foreign_article
        ),
    ),
    (
        "a foreign article's details",
        NotThere,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.foreign_article, base=1, changes={"title": "B"}
        ),
    ),
    (
        "old details",
        Stale,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"title": "B"}
        ),
    ),
    (
        "an unknown detail of an article",
        Invalid,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"text": "B"}
        ),
    ),
    (
        "blocks of another text",
        Invalid,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"blocks": []}
        ),
    ),
    ("old settings", Stale, lambda d: change_settings(d.home, author=d.edith, base=0, changes={"name": "B"})),
    (
        "an unknown setting",
        Invalid,
        lambda d: change_settings(d.home, author=d.edith, base=0, changes={"slug": "b"}),
    ),
    (
        "no reviews",
        Invalid,
        lambda d: change_settings(d.home, author=d.edith, base=0, changes={"reviews_needed": 0}),
    ),
    ("the name of another collection", Invalid, lambda d: create_collection("foreign", author=d.edith)),
    ("to undo a foreign change", NotThere, lambda d: undo(d.foreign, author=d.edith, number=9)),
]


@pytest.mark.parametrize(
    ("error", "write"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_what_is_refused_is_not_stored(d: Desk, error: type[Exception], write: Callable[[Desk], Any]) -> None:
    before = stored()

    with pytest.raises(error) as refusal:
        write(d)

    assert type(refusal.value) is error
    assert str(refusal.value)
    assert stored() == before


def test_a_fault_in_the_middle_stores_nothing(d: Desk) -> None:
    before = stored()

    def replace_by_nonsense() -> None:
        with commit(d.home, author=d.ana, action="tag") as revision:
            revision.retire(Annotation, d.opinion)
            revision.insert(Annotation, span_id=d.span, reviewer_id=d.ana.pk, verdict="no verdict")

    with pytest.raises(IntegrityError):
        replace_by_nonsense()

    assert stored() == before
    assert Annotation.objects.get(pk=d.opinion).is_live


def test_a_row_is_not_retired_twice(d: Desk) -> None:
    def retire_twice() -> None:
        with commit(d.home, author=d.ana, action="tag") as revision:
            revision.retire(Annotation, d.opinion)
            revision.retire(Annotation, d.opinion)

    with pytest.raises(Stale):
        retire_twice()


def test_a_key_needs_an_author(d: Desk) -> None:
    with pytest.raises(TypeError), commit(d.home, author=None, action="tag", idempotency_key="k"):
        pass
