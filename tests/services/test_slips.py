"""An opinion that its author took back at once does not keep them from deciding; any other one does (ADR 32)."""

from collections.abc import Callable

import pytest

from annotations.models import Annotation, ClaimState, Collection, Ruling, User
from annotations.services.claims import Opinion, Place, mark, tag, withdraw
from annotations.services.comments import add_comment
from annotations.services.errors import NotAllowed, OthersWork
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.places import merge_claims
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.sent_back import send_back
from annotations.services.unanimous import standings
from annotations.services.undo import undo, undo_many
from annotations.services.verify import verify

Find = Callable[..., Place]


@pytest.fixture
def span(desk: Collection, ana: User, ben: User, place: Find) -> int:
    """Claim on which ana and ben disagree."""
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ben, target=said.span_id, opinion=Opinion("disputed"), base=None)
    return said.span_id


def slip(desk: Collection, who: User, span: int) -> int:
    return tag(desk, author=who, target=span, opinion=Opinion("verified"), base=None).revision


def decide(desk: Collection, who: User, span: int) -> int:
    said = rule(desk, author=who, span_id=span, verdict="disputed", rationale="It is 30.", base=None)
    assert not list(verify())
    return said.revision


def test_a_stray_key_undone_at_once_does_not_count(desk: Collection, edith: User, span: int) -> None:
    undo(desk, author=edith, number=slip(desk, edith, span))
    assert Annotation.objects.filter(reviewer=edith, span=span).count() == 1
    assert not standings(desk, edith, [span])[span].reviewed
    decide(desk, edith, span)
    assert ClaimState.objects.current().get(span=span).status == "ruled"


def test_nor_the_second_time_nor_as_one_of_one(desk: Collection, edith: User, span: int) -> None:
    first = undo(desk, author=edith, number=slip(desk, edith, span))
    undo(desk, author=edith, number=undo(desk, author=edith, number=first))
    undo_many(desk, author=edith, numbers=[slip(desk, edith, span)])
    decide(desk, edith, span)


def refused(desk: Collection, who: User, span: int) -> None:
    assert standings(desk, who, [span])[span].reviewed
    with pytest.raises(NotAllowed):
        decide(desk, who, span)


def test_an_opinion_that_stands_or_was_withdrawn_counts(desk: Collection, edith: User, span: int) -> None:
    said = tag(desk, author=edith, target=span, opinion=Opinion("verified"), base=None)
    refused(desk, edith, span)
    withdraw(desk, author=edith, span_id=span, base=said.version or 0)
    refused(desk, edith, span)


def test_the_undo_of_another_verdict_leaves_the_first(desk: Collection, edith: User, span: int) -> None:
    said = tag(desk, author=edith, target=span, opinion=Opinion("verified"), base=None)
    other = tag(desk, author=edith, target=span, opinion=Opinion("disputed"), base=said.version)
    undo(desk, author=edith, number=other.revision)
    refused(desk, edith, span)
    undo(desk, author=edith, number=said.revision)
    refused(desk, edith, span)


def test_who_brings_it_back_has_reviewed(desk: Collection, edith: User, span: int) -> None:
    undone = undo(desk, author=edith, number=slip(desk, edith, span))
    undo(desk, author=edith, number=undone)
    refused(desk, edith, span)


def test_who_did_something_else_first_has_reviewed(
    desk: Collection, edith: User, place: Find, span: int
) -> None:
    said = slip(desk, edith, span)
    mark(desk, author=edith, place=place("harbour"))
    undo(desk, author=edith, number=said)
    refused(desk, edith, span)


def test_undone_by_another_it_counts(desk: Collection, edith: User, ana: User, span: int) -> None:
    undo(desk, author=ana, number=slip(desk, edith, span))
    refused(desk, edith, span)


@pytest.mark.parametrize("work", ["source", "opinion", "comment", "back"])
def test_what_others_did_in_between_makes_it_count(
    desk: Collection, edith: User, ana: User, ben: User, span: int, work: str
) -> None:
    said = slip(desk, edith, span)
    match work:
        case "source":
            add_evidence(desk, author=ana, span_id=span, source=NewSource("web", {"title": "Register"}))
        case "opinion":
            mine = Annotation.objects.current().get(reviewer=ben)
            withdraw(desk, author=ben, span_id=span, base=mine.pk)
        case "comment":
            add_comment(desk, author=ana, span_id=span, text="Edith verifies it too.")
        case "back":
            base = Annotation.objects.current().get(reviewer=edith).pk
            send_back(desk, author=ana, span_id=span, reviewer_id=edith.pk, reason="Sure?", base=base)
    undo(desk, author=edith, number=said)
    refused(desk, edith, span)


def test_what_others_did_elsewhere_does_not(
    desk: Collection, edith: User, ana: User, place: Find, span: int
) -> None:
    said = slip(desk, edith, span)
    tag(desk, author=ana, target=place("harbour"), opinion=Opinion("verified"), base=None)
    undo(desk, author=edith, number=said)
    decide(desk, edith, span)


def test_who_decided_does_not_bring_it_back(desk: Collection, edith: User, span: int) -> None:
    undone = undo(desk, author=edith, number=slip(desk, edith, span))
    ruled = decide(desk, edith, span)
    for _ in range(2):
        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=edith, number=undone)
        assert refusal.value.depends == [f"who gave the opinion has decided claim {span} since"]
        if Ruling.objects.current().exists():
            withdraw_ruling(desk, author=edith, span_id=span, base=Ruling.objects.current().get().pk)
    assert ruled
    assert not list(verify())


def test_a_claim_takes_it_along_where_it_is_merged(
    desk: Collection, edith: User, ana: User, place: Find, span: int
) -> None:
    away = mark(desk, author=ana, place=place("31 bridges in the harbour")).span_id
    undo(desk, author=edith, number=slip(desk, edith, away))
    bases = dict(ClaimState.objects.current().values_list("span", "created_in"))
    merge_claims(desk, author=ana, keep=span, away=away, keep_base=bases[span], away_base=bases[away])
    decide(desk, edith, span)
