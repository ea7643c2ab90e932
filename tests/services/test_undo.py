"""Undo takes a change back where its mark is what stands, and names what later work depends on it."""

from collections.abc import Callable

import pytest

from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    SourceDetails,
    User,
)
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, Written, mark, set_checkable, tag, unmark, withdraw
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.evidence import NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.fill import fill
from annotations.services.ledger import KeyReused
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from annotations.services.verify import verify

Find = Callable[..., Place]
WEB = NewSource("web", {"title": "Harbour register"})


@pytest.fixture
def claim(desk: Collection, ana: User, place: Find) -> Written:
    return mark(desk, author=ana, place=place("31 bridges"))


def opinion(desk: Collection, author: User, span: int, verdict: str, base: int | None = None) -> Written:
    return tag(desk, author=author, target=span, opinion=Opinion(verdict), base=base)


def state(span: int) -> tuple[str, str | None] | None:
    return ClaimState.objects.current().filter(span=span).values_list("status", "verdict").first()


def verdicts(span: int) -> list[str]:
    return sorted(Annotation.objects.current().filter(span=span).values_list("verdict", flat=True))


def refused(desk: Collection, author: User, number: int) -> list[str]:
    head = Collection.objects.get(pk=desk.pk).head
    with pytest.raises(OthersWork) as refusal:
        undo(desk, author=author, number=number)
    assert Collection.objects.get(pk=desk.pk).head == head
    return refusal.value.depends


def test_a_mark_goes(desk: Collection, ana: User, claim: Written) -> None:
    undo(desk, author=ana, number=claim.revision)

    assert state(claim.span_id) is None
    assert ClaimState.objects.at(claim.revision).filter(span=claim.span_id).exists()


def test_a_changed_opinion_comes_back(desk: Collection, ana: User, claim: Written) -> None:
    first = opinion(desk, ana, claim.span_id, "disputed")
    second = opinion(desk, ana, claim.span_id, "needs_source", base=first.version)

    undo(desk, author=ana, number=second.revision)

    assert verdicts(claim.span_id) == ["disputed"]
    assert state(claim.span_id) == ("agreed", "disputed")


def test_changes_are_undone_one_after_the_other(desk: Collection, ana: User, claim: Written) -> None:
    first = opinion(desk, ana, claim.span_id, "disputed")
    second = opinion(desk, ana, claim.span_id, "needs_source", base=first.version)

    for number in (second.revision, first.revision, claim.revision):
        undo(desk, author=ana, number=number)

    assert verdicts(claim.span_id) == []
    assert state(claim.span_id) is None


def test_an_undo_is_undone_and_done_again(desk: Collection, ana: User, claim: Written) -> None:
    done = opinion(desk, ana, claim.span_id, "disputed")

    undone = undo(desk, author=ana, number=done.revision)
    redone = undo(desk, author=ana, number=undone)
    assert verdicts(claim.span_id) == ["disputed"]
    undo(desk, author=ana, number=done.revision)

    assert verdicts(claim.span_id) == []
    assert refused(desk, ana, redone) == [f"change {redone + 1} came later and builds on it"]


def test_what_was_undone_is_not_undone_twice(desk: Collection, ana: User, claim: Written) -> None:
    done = opinion(desk, ana, claim.span_id, "disputed")
    undone = undo(desk, author=ana, number=done.revision)

    assert refused(desk, ana, done.revision) == [f"change {undone} undid it already"]


def test_a_later_change_stands_in_the_way(desk: Collection, ana: User, claim: Written) -> None:
    first = opinion(desk, ana, claim.span_id, "disputed")
    second = opinion(desk, ana, claim.span_id, "verified", base=first.version)

    assert refused(desk, ana, first.revision) == [f"change {second.revision} came later and builds on it"]


def test_a_withdrawal_that_was_repeated(desk: Collection, ana: User, claim: Written) -> None:
    """The first withdrawal was taken back; that the opinion is gone now is the second one's doing."""
    said = opinion(desk, ana, claim.span_id, "disputed")
    first = withdraw(desk, author=ana, span_id=claim.span_id, base=said.version or 0)
    undo(desk, author=ana, number=first.revision)
    live = Annotation.objects.current().get(span=claim.span_id)
    changed = opinion(desk, ana, claim.span_id, "verified", base=live.pk)
    second = withdraw(desk, author=ana, span_id=claim.span_id, base=changed.version or 0)

    assert f"change {second.revision} came later and builds on it" in refused(desk, ana, first.revision)
    undo(desk, author=ana, number=second.revision)
    assert verdicts(claim.span_id) == ["verified"]


def test_others_opinions_keep_a_claim(desk: Collection, ana: User, ben: User, place: Find) -> None:
    first = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    second = opinion(desk, ben, first.span_id, "disputed")

    assert refused(desk, ana, first.revision) == [
        f"an opinion of claim {first.span_id} (change {second.revision})"
    ]


def test_a_source_and_a_decision_keep_a_claim(
    desk: Collection, ana: User, ben: User, edith: User, claim: Written
) -> None:
    cited = add_evidence(desk, author=ben, span_id=claim.span_id, source=WEB)
    ruled = rule(
        desk, author=edith, span_id=claim.span_id, verdict="verified", rationale="Counted.", base=None
    )

    assert refused(desk, ana, claim.revision) == [
        f"a source of claim {claim.span_id} (change {cited.revision})",
        f"a decision of claim {claim.span_id} (change {ruled.revision})",
    ]


def test_saying_it_cannot_be_checked_keeps_a_claim(
    desk: Collection, ana: User, ben: User, claim: Written
) -> None:
    said = set_checkable(desk, author=ben, target=claim.span_id, not_checkable=True, reason="a forecast")

    assert refused(desk, ana, claim.revision) == [f"change {said.revision} came later and builds on it"]


def test_not_checkable_is_taken_back_and_again(desk: Collection, ana: User, claim: Written) -> None:
    said = set_checkable(desk, author=ana, target=claim.span_id, not_checkable=True, reason="a forecast")

    undone = undo(desk, author=ana, number=said.revision)
    assert state(claim.span_id) == ("to_check", None)
    undo(desk, author=ana, number=undone)

    live = ClaimState.objects.current().get(span=claim.span_id)
    assert (live.status, live.reason) == ("not_checkable", "a forecast")


def test_a_later_reason_is_not_lost(desk: Collection, ana: User, ben: User, claim: Written) -> None:
    first = set_checkable(desk, author=ana, target=claim.span_id, not_checkable=True, reason="a forecast")
    second = set_checkable(
        desk, author=ben, target=claim.span_id, not_checkable=True, reason="an opinion", base=first.revision
    )

    assert refused(desk, ana, first.revision) == [f"change {second.revision} came later and builds on it"]


def test_not_checkable_is_undone_under_a_decision(desk: Collection, edith: User, claim: Written) -> None:
    said = set_checkable(desk, author=edith, target=claim.span_id, not_checkable=True, reason="a forecast")
    ruled = rule(desk, author=edith, span_id=claim.span_id, verdict="disputed", rationale="No.", base=None)

    undo(desk, author=edith, number=said.revision)
    assert state(claim.span_id) == ("ruled", "disputed")
    undo(desk, author=edith, number=ruled.revision)

    assert state(claim.span_id) == ("to_check", None)


def test_undoing_another_thing_keeps_not_checkable(
    desk: Collection, ana: User, ben: User, claim: Written
) -> None:
    opinion_of_ana = opinion(desk, ana, claim.span_id, "verified")
    set_checkable(desk, author=ben, target=claim.span_id, not_checkable=True, reason="a forecast")

    undo(desk, author=ana, number=opinion_of_ana.revision)

    assert state(claim.span_id) == ("not_checkable", None)


def test_an_unmarking_brings_everything_back(desk: Collection, ana: User, claim: Written) -> None:
    opinion(desk, ana, claim.span_id, "verified")
    add_evidence(desk, author=ana, span_id=claim.span_id, source=WEB)
    gone = unmark(desk, author=ana, span_id=claim.span_id)
    assert state(claim.span_id) is None

    undo(desk, author=ana, number=gone.revision)

    assert state(claim.span_id) == ("agreed", "verified")
    assert Evidence.objects.current().filter(span=claim.span_id).count() == 1


def test_nothing_comes_back_to_a_claim_that_has_gone(
    desk: Collection, ana: User, ben: User, claim: Written
) -> None:
    said = opinion(desk, ana, claim.span_id, "verified")
    back = withdraw(desk, author=ana, span_id=claim.span_id, base=said.version or 0)
    unmark(desk, author=ben, span_id=claim.span_id)

    assert refused(desk, ana, back.revision) == [f"claim {claim.span_id} is no longer marked"]
    assert state(claim.span_id) is None


def test_undo_does_not_revive_a_claim_in_passing(
    desk: Collection, ana: User, ben: User, claim: Written, place: Find
) -> None:
    """A source's details were corrected for two claims; one of them has gone since."""
    other = mark(desk, author=ben, place=place("$2 billion"))
    cited = add_evidence(desk, author=ana, span_id=claim.span_id, source=WEB)
    source = Evidence.objects.get(pk=cited.version).source_id
    again = add_evidence(desk, author=ben, span_id=other.span_id, source=source)
    edited = edit_evidence(
        desk,
        author=ana,
        evidence_key=cited.key,
        base=cited.version,
        citation=_citation(cited.version),
        source_details={"title": "Register"},
    )
    remove_evidence(desk, author=ben, evidence_key=again.key, base=again.version)
    unmark(desk, author=ben, span_id=other.span_id)

    undo(desk, author=ana, number=edited.revision)

    assert state(other.span_id) is None
    assert SourceDetails.objects.current().get(source=source).title == "Harbour register"


def _citation(version: int):
    from annotations.services.evidence import Citation

    row = Evidence.objects.get(pk=version)
    return Citation(row.stance, row.locator, row.excerpt)


def test_a_claim_does_not_come_back_to_an_article_that_has_gone(
    desk: Collection, edith: User, claim: Written, article: Article
) -> None:
    brought = ArticleDetails.objects.get(article=article).created_in
    gone = unmark(desk, author=edith, span_id=claim.span_id)
    undo(desk, author=edith, number=brought)

    assert refused(desk, edith, gone.revision) == [f"article {article.pk} is no longer in the collection"]


def test_an_import_with_claims_stays(desk: Collection, edith: User, claim: Written, article: Article) -> None:
    brought = ArticleDetails.objects.get(article=article).created_in

    assert refused(desk, edith, brought) == [f"claim {claim.span_id} is marked in it"]


def test_an_import_that_is_cited_stays(desk: Collection, edith: User, claim: Written) -> None:
    other = import_article(desk, author=edith, text="Another text.", details=_details("Another text."))
    add_evidence(
        desk, author=edith, span_id=claim.span_id, source=NewSource("article", article_id=other.article_id)
    )

    assert refused(desk, edith, other.revision) == [f"claim {claim.span_id} cites it"]


def _details(text: str) -> Details:
    return Details(title="T", blocks=[{"start": 0, "end": len(text), "role": "body", "reason": ""}])


def test_a_source_does_not_come_back_without_its_details(
    desk: Collection, ana: User, ben: User, claim: Written
) -> None:
    first = add_evidence(desk, author=ana, span_id=claim.span_id, source=WEB)
    source = Evidence.objects.get(pk=first.version).source_id
    second = add_evidence(desk, author=ben, span_id=claim.span_id, source=source)
    removed = remove_evidence(desk, author=ben, evidence_key=second.key, base=second.version)
    undo(desk, author=ana, number=first.revision)

    assert refused(desk, ben, removed.revision) == [f"source {source} is no longer in the collection"]


def test_a_source_that_another_claim_cites_stays(
    desk: Collection, ana: User, ben: User, claim: Written
) -> None:
    first = add_evidence(desk, author=ana, span_id=claim.span_id, source=WEB)
    source = Evidence.objects.get(pk=first.version).source_id
    second = add_evidence(desk, author=ben, span_id=claim.span_id, source=source)

    assert refused(desk, ana, first.revision) == [
        f"claim {claim.span_id} cites the source (change {second.revision})"
    ]


def test_a_decision_is_undone(desk: Collection, edith: User, ana: User, claim: Written) -> None:
    opinion(desk, ana, claim.span_id, "disputed")
    ruled = rule(desk, author=edith, span_id=claim.span_id, verdict="verified", rationale="So.", base=None)
    withdrawn = withdraw_ruling(desk, author=edith, span_id=claim.span_id, base=ruled.version or 0)

    undo(desk, author=edith, number=withdrawn.revision)
    assert state(claim.span_id) == ("ruled", "verified")
    undo(desk, author=edith, number=ruled.revision)

    assert state(claim.span_id) == ("agreed", "disputed")
    assert not Ruling.objects.current().exists()


def test_settings_are_undone_and_claims_follow(
    desk: Collection, edith: User, ana: User, claim: Written
) -> None:
    opinion(desk, ana, claim.span_id, "disputed")
    live = CollectionSettings.objects.current().get(collection=desk)
    change_settings(desk, author=edith, base=live.pk, changes={"reviews_needed": 2})
    assert state(claim.span_id) == ("open", None)

    undo(desk, author=edith, number=Collection.objects.get(pk=desk.pk).head)

    assert state(claim.span_id) == ("agreed", "disputed")
    assert CollectionSettings.objects.current().get(collection=desk).reviews_needed == 1


def test_details_of_an_article_are_undone(desk: Collection, edith: User, article: Article) -> None:
    live = ArticleDetails.objects.current().get(article=article)
    edited = edit_details(
        desk, author=edith, article_id=article.pk, base=live.pk, changes={"title": "Bridges"}
    )

    undo(desk, author=edith, number=edited.revision)

    assert ArticleDetails.objects.current().get(article=article).title == live.title


def test_the_beginning_stays(desk: Collection, edith: User) -> None:
    with pytest.raises(Invalid):
        undo(desk, author=edith, number=1)


def test_a_number_that_is_not_there(desk: Collection, edith: User) -> None:
    with pytest.raises(NotThere):
        undo(desk, author=edith, number=99)


def test_a_retried_undo_happens_once(desk: Collection, ana: User, claim: Written) -> None:
    first = undo(desk, author=ana, number=claim.revision, key="once")
    second = undo(desk, author=ana, number=claim.revision, key="once")

    assert first == second == Collection.objects.get(pk=desk.pk).head


def test_a_key_is_for_one_undo(desk: Collection, ana: User, claim: Written) -> None:
    said = opinion(desk, ana, claim.span_id, "verified")
    undo(desk, author=ana, number=said.revision, key="once")

    with pytest.raises(KeyReused):
        undo(desk, author=ana, number=claim.revision, key="once")


def test_a_load_of_thousands_is_undone(desk: Collection, edith: User) -> None:
    fill(desk, articles=30, spans=1200)
    head = Collection.objects.get(pk=desk.pk).head
    undo(desk, author=edith, number=head)
    assert list(verify()) == []

    undo(desk, author=edith, number=head - 1)

    assert list(verify()) == []
    assert not ClaimState.objects.current().exists()
    assert not ArticleDetails.objects.current().exists()
    assert Revision.objects.last().tally == {}
