"""Each service: one key, one effect."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from annotations.models import (
    ArticleDetails,
)
from annotations.services.articles import edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark, withdraw
from annotations.services.evidence import Citation, add_evidence, edit_evidence, remove_evidence
from annotations.services.ledger import KeyReused
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.undo import undo
from tests.services.ground import OTHER, OTHER_TEXT, WEB, Desk, stored

GOOD = Opinion("disputed")

# Retries: (what, the request, other requests under its key)

Request = tuple[Callable[..., Any], dict[str, Any]]
RETRIES: dict[str, Callable[[Desk], tuple[Request, list[dict[str, Any]]]]] = {
    "mark": lambda d: (
        (mark, {"author": d.ben, "place": replace(d.place, aspect="said")}),
        [{"place": replace(d.place, aspect="wording")}, {"place": d.place}],
    ),
    "tag": lambda d: (
        (tag, {"author": d.ben, "target": d.span, "opinion": GOOD, "base": None}),
        [{"opinion": Opinion("verified")}, {"target": d.place}, {"base": 7}],
    ),
    "withdraw": lambda d: (
        (withdraw, {"author": d.ana, "span_id": d.span, "base": d.opinion}),
        [{"span_id": d.ruled}, {"base": 7}],
    ),
    "set_checkable": lambda d: (
        (set_checkable, {"author": d.ana, "target": d.span, "not_checkable": True, "reason": "so"}),
        [{"reason": "other"}, {"not_checkable": False}, {"base": 3}, {"target": d.ruled}],
    ),
    "unmark": lambda d: ((unmark, {"author": d.ana, "span_id": d.span}), [{"base": 3}, {"span_id": d.ruled}]),
    "add_evidence": lambda d: (
        (add_evidence, {"author": d.ana, "span_id": d.span, "source": WEB}),
        [{"source": d.evidence.source_id}, {"citation": Citation("background")}, {"span_id": d.ruled}],
    ),
    "edit_evidence": lambda d: (
        (
            edit_evidence,
            {
                "author": d.ana,
                "evidence_key": d.evidence.key,
                "base": d.evidence.pk,
                "citation": Citation("background"),
            },
        ),
        [{"citation": Citation()}, {"base": 3}, {"source_details": {"title": "B"}}, {"source_base": 3}],
    ),
    "remove_evidence": lambda d: (
        (remove_evidence, {"author": d.ana, "evidence_key": d.evidence.key, "base": d.evidence.pk}),
        [{"base": 3}, {"evidence_key": "1-1"}],
    ),
    "rule": lambda d: (
        (
            rule,
            {"author": d.edith, "span_id": d.span, "verdict": "disputed", "rationale": "So.", "base": None},
        ),
        [{"verdict": "verified"}, {"rationale": "No."}, {"base": 3}, {"claim_revision": 3}],
    ),
    "withdraw_ruling": lambda d: (
        (withdraw_ruling, {"author": d.edith, "span_id": d.ruled, "base": d.ruling}),
        [{"base": 3}, {"span_id": d.span}],
    ),
    "import_article": lambda d: (
        (import_article, {"author": d.edith, "text": OTHER_TEXT, "details": OTHER}),
        [{"details": replace(OTHER, title="B")}, {"supersedes": d.place.article_id}],
    ),
    "edit_details": lambda d: (
        (
            edit_details,
            {
                "author": d.edith,
                "article_id": d.place.article_id,
                "base": ArticleDetails.objects.get(article=d.place.article_id).pk,
                "changes": {"title": "B"},
            },
        ),
        [{"base": 3}, {"changes": {"title": "C"}}],
    ),
}


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_retry_has_one_effect_and_the_first_answer(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), _ = case(d)
    first = service(d.home, **request, key="once")
    after = stored()

    again = service(d.home, **request, key="once")

    assert first.changed
    assert again == replace(first, changed=False)
    assert stored() == after


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_retry_is_one_even_after_an_undo(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), _ = case(d)
    first = service(d.home, **request, key="once")
    undo(d.home, author=d.edith, number=first.revision)
    after = stored()

    assert service(d.home, **request, key="once") == replace(first, changed=False)
    assert stored() == after


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_key_used_for_another_request_is_refused(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), others = case(d)
    service(d.home, **request, key="once")
    after = stored()

    for other in others:
        with pytest.raises(KeyReused):
            service(d.home, **request | other, key="once")

    assert stored() == after


def test_a_key_is_its_authors_and_its_collections(d: Desk) -> None:
    first = mark(d.home, author=d.ana, place=replace(d.place, aspect="said"), key="same")
    theirs = mark(d.home, author=d.ben, place=replace(d.place, aspect="wording"), key="same")
    elsewhere = Place(d.foreign_article, 8, 12, "text")
    abroad = mark(d.foreign, author=d.ana, place=elsewhere, key="same")

    assert all(done.changed for done in (first, theirs, abroad))
