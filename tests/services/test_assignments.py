"""Asking people to judge articles and claims, and taking it back."""

import pytest

from annotations.models import Assignment, CollectionSettings
from annotations.services.assignments import assign, unassign
from annotations.services.claims import mark
from annotations.services.errors import Invalid, NotThere
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from annotations.services.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(desk, ana, place):
    yield mark(desk, author=ana, place=place("31 bridges")).span_id
    assert list(verify()) == []


def asked():
    return set(Assignment.objects.current().values_list("article", "span", "reviewer__username"))


def test_articles_and_claims_in_one_change(desk, edith, ana, ben, article, claim):
    people = [ana.pk, ben.pk]
    done = assign(desk, author=edith, reviewer_ids=people, article_ids=[article.pk], span_ids=[claim])
    both = ("ana", "ben")
    assert asked() == {(article.pk, on, who) for on in (None, claim) for who in both}
    assert (done.changed, done.left_out) == (4, 0)
    undo(desk, author=edith, number=done.revision)
    assert asked() == set()


def test_what_is_asked_already_stays_as_it_is(desk, edith, ana, ben, claim):
    assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim])
    head = desk.head
    again = assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim])
    assert (again.revision, again.changed, desk.head) == (None, 0, head)
    assert assign(desk, author=edith, reviewer_ids=[ana.pk, ben.pk], span_ids=[claim]).changed == 1


def test_whoever_decided_a_claim_is_left_out(desk, edith, ana, claim):
    rule(desk, author=edith, span_id=claim, verdict="verified", rationale="Seen.", base=None)
    done = assign(desk, author=edith, reviewer_ids=[ana.pk, edith.pk], span_ids=[claim])
    assert (done.changed, done.left_out) == (1, 1)


def test_viewers_strangers_and_editors_who_check_blind_are_not_asked(desk, edith, ana, vera, sam, claim):
    for person in (vera, sam):
        with pytest.raises(Invalid):
            assign(desk, author=edith, reviewer_ids=[ana.pk, person.pk], span_ids=[claim])
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    with pytest.raises(Invalid):
        assign(desk, author=edith, reviewer_ids=[edith.pk], span_ids=[claim])


def test_a_claim_that_is_not_there(desk, edith, ana, claim):
    with pytest.raises(NotThere):
        assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim, 999])
    with pytest.raises(NotThere):
        assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[999])
    assert asked() == set()


def test_a_retry_asks_once(desk, edith, ana, claim):
    first = assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim], key="one")
    assert assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim], key="one") == first
    taken = unassign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim], key="two")
    assert unassign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[claim], key="two") == taken


def test_taken_back_of_these_people_and_things_alone(desk, edith, ana, ben, article, claim):
    people = [ana.pk, ben.pk]
    assign(desk, author=edith, reviewer_ids=people, article_ids=[article.pk], span_ids=[claim])
    taken = unassign(desk, author=edith, reviewer_ids=[ben.pk], article_ids=[article.pk])
    assert asked() == {(article.pk, None, "ana"), (article.pk, claim, "ana"), (article.pk, claim, "ben")}
    assert unassign(desk, author=edith, reviewer_ids=[ben.pk], article_ids=[article.pk]).revision is None
    undo(desk, author=edith, number=taken.revision)
    assert len(asked()) == 4
