"""What was said at the desk goes where its claim goes."""

import pytest

from annotations.models import SAID_AT_THE_DESK, Assignment, ClaimState, Comment, SentBack
from annotations.services.claims import Opinion, mark, tag, unmark, withdraw
from annotations.services.errors import OthersWork
from annotations.services.ledger import commit
from annotations.services.places import merge_claims, move_claim
from annotations.services.undo import undo
from annotations.services.verify import verify
from annotations.services.withdrawal import withdraw_article
from tests.services.ground import say_at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(db):
    yield
    assert list(verify()) == []


@pytest.fixture
def claim(desk, ana, edith, place, sound) -> int:
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    with commit(desk, author=edith, action="say") as revision:
        say_at_the_desk(revision, said.span_id, reviewer=ana, editor=edith)
    return said.span_id


def base(span: int) -> int:
    return ClaimState.objects.current().get(span=span).created_in


def spans_of() -> list[set[int]]:
    return [set(model.objects.current().values_list("span", flat=True)) for model in SAID_AT_THE_DESK]


def test_it_moves_along_and_back(desk, edith, claim, place):
    moved = move_claim(desk, author=edith, span_id=claim, place=place("31"), base=base(claim))
    assert spans_of() == [{moved.span_id}] * 6
    undo(desk, author=edith, number=moved.revision)
    assert spans_of() == [{claim}] * 6


def test_of_two_that_merge_the_one_kept_keeps_its_own(desk, ana, edith, claim, place):
    keep = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    with commit(desk, author=edith, action="say") as revision:
        say_at_the_desk(revision, keep, reviewer=ana, editor=edith)
    bases = {"keep_base": base(keep), "away_base": base(claim)}
    merged = merge_claims(desk, author=edith, keep=keep, away=claim, **bases)
    assert spans_of() == [{keep}] * 6
    assert Comment.objects.current().count() == 2
    assert SentBack.objects.current().count() == 1
    undo(desk, author=edith, number=merged.revision)
    assert spans_of() == [{keep, claim}] * 6


def test_it_keeps_a_claim_from_going(desk, ana, claim):
    with pytest.raises(OthersWork) as refused:
        unmark(desk, author=ana, span_id=claim)
    assert "a comment by somebody else" in refused.value.depends
    with pytest.raises(OthersWork) as refused:
        undo(desk, author=ana, number=ClaimState.objects.get(span=claim).created_in)
    assert any(line.startswith(f"a comment of claim {claim}") for line in refused.value.depends)


def test_whose_it_is_to_judge_keeps_nothing(desk, ana, edith, place, sound):
    marked = mark(desk, author=ana, place=place("harbour"))
    with commit(desk, author=edith, action="assign") as revision:
        on = {"article_id": place("harbour").article_id, "span_id": marked.span_id}
        revision.insert(Assignment, **on, reviewer_id=ana.pk, assigned_by_id=edith.pk)
    undone = undo(desk, author=ana, number=marked.revision)
    assert not Assignment.objects.current().exists()
    undo(desk, author=ana, number=undone)
    assert Assignment.objects.current().get().span_id == marked.span_id
    unmark(desk, author=ana, span_id=marked.span_id)
    assert not Assignment.objects.current().exists()


def test_an_article_goes_with_whose_it_was_to_judge(desk, edith, ana, article, sound):
    with commit(desk, author=edith, action="assign") as revision:
        revision.insert(Assignment, article_id=article.pk, reviewer_id=ana.pk, assigned_by_id=edith.pk)
    live = article.versions.get()
    gone = withdraw_article(desk, author=edith, article_id=article.pk, base=live.pk)
    assert not Assignment.objects.current().exists()
    undo(desk, author=edith, number=gone.revision)
    assert Assignment.objects.current().get().article == article


@pytest.mark.parametrize("opinion", [Opinion("verified"), None], ids=["another", "withdrawn"])
def test_a_review_sent_back_is_done_when_it_says_something_else(desk, ana, edith, claim, opinion):
    mine = ana.annotations.current().get()
    if opinion:
        written = tag(desk, author=ana, target=claim, opinion=opinion, base=mine.pk)
    else:
        written = withdraw(desk, author=ana, span_id=claim, base=mine.pk)
    assert not SentBack.objects.current().exists()
    undo(desk, author=ana, number=written.revision)
    assert SentBack.objects.current().get().span_id == claim
