"""What the services write, what changes nothing, and what happens when somebody is faster."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from annotations.models import (
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    SourceDetails,
    Span,
    User,
)
from annotations.services import claims, evidence, ledger
from annotations.services.articles import edit_details, import_article
from annotations.services.claims import Opinion, mark, set_checkable, tag, unmark
from annotations.services.errors import (
    Invalid,
    NotThere,
    OthersWork,
)
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from tests.services.ground import OTHER, OTHER_TEXT, Desk, Find, stored

GOOD = Opinion("disputed")

# What changes nothing


def test_the_same_again_is_no_revision(d: Desk) -> None:
    set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="so")
    live = CollectionSettings.objects.current().get(collection=d.home)
    details = ArticleDetails.objects.current().get(article=d.place.article_id)
    before = stored()

    done = [
        mark(d.home, author=d.ben, place=d.place),
        mark(d.home, author=d.ben, place=d.place, key="keyed"),
        tag(d.home, author=d.ana, target=d.span, opinion=Opinion("verified"), base=d.opinion),
        set_checkable(d.home, author=d.ben, target=d.span, not_checkable=True, reason=" so "),
        edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"title": "Register"},
        ),
        edit_details(
            d.home,
            author=d.edith,
            article_id=d.place.article_id,
            base=details.pk,
            changes={"title": details.title},
        ),
    ]
    assert change_settings(d.home, author=d.edith, base=live.pk, changes={"name": live.name}) == live.pk

    assert [result.changed for result in done] == [False] * 6
    assert stored() == before


# What only seemed to be there: somebody was faster than the lock


@pytest.fixture
def faster(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Callable[[], Any]], None]:
    """faster(module, act): `act` happens just before the module's next commit takes the lock."""

    def arrange(module: Any, act: Callable[[], Any]) -> None:
        @contextmanager
        def late(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(module, "commit", ledger.commit)
            act()
            with ledger.commit(*args, **kwargs) as revision:
                yield revision

        monkeypatch.setattr(module, "commit", late)

    return arrange


def test_no_claim_in_an_article_that_has_just_gone(
    desk: Collection, edith: User, faster, place: Find
) -> None:
    where = place("31 bridges")
    imported = ArticleDetails.objects.get(article=where.article_id).created_in
    faster(claims, lambda: undo(desk, author=edith, number=imported))

    with pytest.raises(NotThere):
        mark(desk, author=edith, place=where)

    assert not ClaimState.objects.current().exists()


def test_no_evidence_from_a_source_that_has_just_gone(d: Desk, faster) -> None:
    faster(evidence, lambda: undo(d.home, author=d.ana, number=d.evidence.created_in))

    with pytest.raises(NotThere):
        add_evidence(d.home, author=d.ben, span_id=d.ruled, source=d.evidence.source_id)


def test_no_source_that_is_an_article_that_has_just_gone(d: Desk, faster) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    faster(evidence, lambda: undo(d.home, author=d.edith, number=other.revision))

    with pytest.raises(Invalid):
        add_evidence(
            d.home, author=d.ben, span_id=d.span, source=NewSource("article", article_id=other.article_id)
        )


def test_a_source_whose_article_has_gone_is_not_cited_again(d: Desk) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    cited = add_evidence(
        d.home, author=d.ben, span_id=d.span, source=NewSource("article", article_id=other.article_id)
    )
    source = Evidence.objects.get(pk=cited.version).source_id
    remove_evidence(d.home, author=d.ben, evidence_key=cited.key, base=cited.version)
    undo(d.home, author=d.edith, number=other.revision)

    with pytest.raises(NotThere):
        add_evidence(d.home, author=d.ben, span_id=d.span, source=source)


# What belongs together


def test_not_checkable_outlasts_a_decision(d: Desk) -> None:
    set_checkable(d.home, author=d.ben, target=d.ruled, not_checkable=True, reason="a forecast")
    assert ClaimState.objects.current().get(span=d.ruled).status == "ruled"

    withdraw_ruling(d.home, author=d.edith, span_id=d.ruled, base=d.ruling)

    live = ClaimState.objects.current().get(span=d.ruled)
    assert (live.status, live.reason) == ("not_checkable", "a forecast")


def test_a_claim_that_another_called_not_checkable_is_not_unmarked(d: Desk) -> None:
    set_checkable(d.home, author=d.ben, target=d.span, not_checkable=True, reason="a forecast")

    with pytest.raises(OthersWork) as refusal:
        unmark(d.home, author=d.ana, span_id=d.span)

    assert refusal.value.depends == ["somebody else said that it cannot be checked (a forecast)"]


def test_unmarking_names_whose_work_is_in_the_way(d: Desk) -> None:
    tag(d.home, author=d.ben, target=d.span, opinion=GOOD, base=None)
    rule(d.home, author=d.edith, span_id=d.span, verdict="verified", rationale="So.", base=None)

    with pytest.raises(OthersWork) as refusal:
        unmark(d.home, author=d.ana, span_id=d.span)

    assert refusal.value.depends == ["an opinion by another reviewer (disputed)", "an editor's decision"]


def test_a_place_is_marked_again_as_the_same_claim(d: Desk) -> None:
    unmark(d.home, author=d.ana, span_id=d.span)
    again = tag(d.home, author=d.ben, target=d.place, opinion=GOOD, base=None)

    assert again.span_id == d.span
    live = ClaimState.objects.current().get(span=d.span)
    assert (live.status, live.counts) == ("agreed", {"disputed": 1})


def test_prefix_and_suffix_are_the_text_around(d: Desk) -> None:
    span = Span.objects.get(pk=d.span)

    assert (span.prefix, span.quote, span.suffix) == (
        "Bridges 🌉 counted\nThere are "[-32:],
        "31 bridges",
        " in the harbour, the mayor said.",
    )


def test_correcting_a_source_renews_every_claim_that_cites_it(d: Desk) -> None:
    add_evidence(d.home, author=d.ben, span_id=d.ruled, source=d.evidence.source_id)
    done = edit_evidence(
        d.home,
        author=d.ana,
        evidence_key=d.evidence.key,
        base=d.evidence.pk,
        citation=Citation(),
        source_details={"title": "B"},
    )

    live = ClaimState.objects.current().filter(span__in=[d.span, d.ruled])
    assert set(live.values_list("created_in", flat=True)) == {done.revision}
    assert SourceDetails.objects.current().get(source=d.evidence.source_id).title == "B"


def test_people_and_documents_stay_at_the_desk(d: Desk) -> None:
    tiers = {}
    for kind in ("web", "document", "image", "person", "calculation", "recording"):
        cited = add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource(kind, {"title": "S"}))
        tiers[kind] = Evidence.objects.get(pk=cited.version).source.tier

    assert {kind for kind, tier in tiers.items() if tier == "desk"} == {"document", "image", "person"}


def test_settings_change_what_claims_come_to(d: Desk) -> None:
    base = CollectionSettings.objects.current().get(collection=d.home).pk
    untouched = ClaimState.objects.current().get(span=d.ruled).pk
    change_settings(d.home, author=d.edith, base=base, changes={"reviews_needed": 2})

    live = ClaimState.objects.current().get(span=d.span)
    assert (live.status, live.verdict, live.counts) == ("open", None, {"sources": 1, "verified": 1})
    assert ClaimState.objects.current().get(span=d.ruled).pk == untouched
    assert Revision.objects.filter(collection=d.home).last().tally == {"open": 1, "ruled:disputed": 1}


def test_settings_of_another_collection_change_nothing_here(d: Desk) -> None:
    base = CollectionSettings.objects.current().get(collection=d.foreign).pk
    before = list(ClaimState.objects.current().filter(collection=d.home).values_list("pk", flat=True))
    change_settings(d.foreign, author=d.edith, base=base, changes={"reviews_needed": 3})

    assert list(ClaimState.objects.current().filter(collection=d.home).values_list("pk", flat=True)) == before


@pytest.mark.parametrize("setting", ["blind", "text_exportable", "show_names"])
def test_what_changes_sight_raises_the_epoch(d: Desk, setting: str) -> None:
    live = CollectionSettings.objects.current().get(collection=d.home)
    before = Collection.objects.get(pk=d.home.pk).epoch
    change_settings(d.home, author=d.edith, base=live.pk, changes={setting: not getattr(live, setting)})

    assert Collection.objects.get(pk=d.home.pk).epoch == before + 1


def test_a_decision_is_replaced(d: Desk) -> None:
    done = rule(
        d.home, author=d.edith, span_id=d.ruled, verdict="verified", rationale=" Yes. ", base=d.ruling
    )

    live = Ruling.objects.current().get(span=d.ruled)
    assert (live.pk, live.verdict, live.rationale) == (done.version, "verified", "Yes.")


def test_an_import_that_was_undone_is_brought_in_again(d: Desk) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    undo(d.home, author=d.edith, number=other.revision)

    again = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=replace(OTHER, title="B"))

    assert again.article_id == other.article_id
    assert ArticleDetails.objects.current().get(article=other.article_id).title == "B"
