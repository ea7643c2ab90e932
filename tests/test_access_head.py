"""How far a collection has come, for who checks blind: as far as what they may see of it."""

import pytest

from annotations import access_head
from annotations.access import seat, seats
from annotations.access_head import known_head, known_heads
from annotations.models import CollectionSettings
from annotations.services.claims import Opinion, mark, tag, unmark
from annotations.services.comments import add_comment
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, create_collection, set_member

pytestmark = pytest.mark.django_db(transaction=True)


def say(desk, author, span, verdict="disputed", base=None):
    return tag(desk, author=author, target=span, opinion=Opinion(verdict), base=base)


@pytest.fixture
def span(desk, article, edith, ana, ben, vera, place):
    """Marked by ben; blind."""
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    return mark(desk, author=ben, place=place("31 bridges")).span_id


def head_of(user):
    return known_head(seat(user, "desk"))


def test_what_others_do_to_a_hidden_claim_does_not_move_it(desk, span, ana, ben, edith):
    marked = desk.head
    say(desk, ben, span)
    add_evidence(desk, author=ben, span_id=span, source=NewSource("web", {"title": "Register"}))
    add_comment(desk, author=ben, span_id=span, text="Who counted?")
    rule(desk, author=edith, span_id=span, verdict="disputed", rationale="No.", base=None)
    assert head_of(ana) == marked
    assert head_of(edith) == desk.head


def test_marks_do_and_one_s_own_changes(desk, span, ana, ben, place):
    say(desk, ben, span)
    other = mark(desk, author=ben, place=place("May")).span_id
    assert head_of(ana) == desk.head
    unmark(desk, author=ben, span_id=other)
    assert head_of(ana) == desk.head
    add_comment(desk, author=ana, span_id=span, text="Mine.")
    assert head_of(ana) == desk.head


def test_all_that_is_done_to_what_i_judged_does(desk, span, ana, ben):
    say(desk, ana, span)
    say(desk, ben, span)
    assert head_of(ana) == desk.head


def test_and_what_becomes_of_my_sources(desk, span, ana, edith):
    cited = add_evidence(desk, author=ana, span_id=span, source=NewSource("web", {"title": "Register"}))
    edit_evidence(
        desk, author=edith, evidence_key=cited.key, base=cited.version, citation=Citation("background")
    )
    assert head_of(ana) == desk.head


def test_a_viewer_knows_of_what_is_settled(desk, span, ana, ben, vera, edith):
    before = head_of(vera)
    add_evidence(desk, author=ben, span_id=span, source=NewSource("web", {"title": "Register"}))
    assert head_of(vera) == before
    rule(desk, author=edith, span_id=span, verdict="disputed", rationale="No.", base=None)
    assert head_of(vera) == desk.head


def test_far_behind_it_goes_by_steps(desk, span, ana, ben, monkeypatch):
    """So that nobody's request looks through a year of others' changes."""
    monkeypatch.setattr(access_head, "STEP", 4)
    version = None
    for nth in range(12):
        version = say(desk, ben, span, ("verified", "disputed")[nth % 2], version).version
    assert head_of(ana) == (desk.head // 4 - 1) * 4


def test_many_collections_are_as_many_questions_as_one(desk, span, ana, django_assert_num_queries):
    for slug in ("one", "two"):
        set_member(create_collection(slug, author=None, blind=True), ana, "reviewer")
    set_member(create_collection("three", author=None, blind=True), ana, "viewer")
    mine = seats(ana)
    with django_assert_num_queries(6):  # as a reviewer, as a viewer: their own, others', claims
        heads = known_heads(mine)
    assert {each.collection.slug: heads[each.collection.pk] for each in mine} == {
        "desk": desk.head,
        "one": 1,
        "two": 1,
        "three": 1,
    }
