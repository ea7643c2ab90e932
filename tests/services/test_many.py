"""Many claims in one change: what it writes, whom it leaves out, once, undone as one; the counts stay true."""

import pytest

from annotations.models import Assignment, ClaimState, LegalRead, Revision
from annotations.services import many_claims
from annotations.services.claims import Opinion, set_checkable, tag
from annotations.services.errors import Invalid
from annotations.services.legal import ask_legal
from annotations.services.rulings import rule
from annotations.services.undo import undo
from annotations.services.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims(desk, ana, ben, place):
    quotes = ("31 bridges", "harbour", "mayor", "May")
    said = Opinion("disputed")
    return [tag(desk, author=ana, target=place(quote), opinion=said, base=None).span_id for quote in quotes]


def statuses(claims):
    rows = ClaimState.objects.current().filter(span__in=claims).order_by("span")
    return list(rows.values_list("status", flat=True))


def test_one_change_and_one_undo(desk, edith, ben, claims):
    done = many_claims.assign_many(desk, author=edith, span_ids=claims[:3], reviewer=ben.pk, seen=desk.head)
    assert (done.touched, done.changed, done.revision) == (sorted(claims[:3]), [], desk.head)
    assert Revision.objects.get(number=done.revision).result["title"] == "3 claims"
    undo(desk, author=edith, number=done.revision)
    assert not Assignment.objects.current().exists()
    assert not list(verify())


def test_what_changed_since_is_left_out_and_named(desk, edith, ana, ben, claims):
    seen = desk.head
    tag(desk, author=ben, target=claims[0], opinion=Opinion("verified"), base=None)
    done = many_claims.set_checkable_many(
        desk, author=edith, span_ids=claims[:2], reason="Opinion", seen=seen
    )
    assert (done.touched, done.changed) == ([claims[1]], [claims[0]])
    assert statuses(claims) == ["contested", "not_checkable", "agreed", "agreed"]
    again = many_claims.set_checkable_many(desk, author=edith, span_ids=claims[:2], reason="", seen=seen)
    assert (again.revision, again.changed) == (None, claims[:2])
    assert not list(verify())


def test_what_is_asked_for_is_so_already(desk, edith, ana, ben, claims):
    many_claims.assign_many(desk, author=edith, span_ids=claims[:1], reviewer=ben.pk, seen=desk.head)
    rule(desk, author=edith, span_id=claims[3], verdict="disputed", rationale="x", base=None)
    done = many_claims.assign_many(desk, author=edith, span_ids=claims, reviewer=ben.pk, seen=desk.head)
    assert done.touched == claims[1:]
    own = many_claims.assign_many(desk, author=edith, span_ids=claims[3:], reviewer=edith.pk, seen=desk.head)
    assert (own.revision, own.touched, own.changed) == (None, [], [])
    off = many_claims.unassign_many(desk, author=edith, span_ids=claims[:2], reviewer=ben.pk, seen=desk.head)
    assert off.touched == claims[:2]
    assert Assignment.objects.current().count() == 2


def test_a_decision_stands_over_what_cannot_be_checked(desk, edith, claims):
    rule(desk, author=edith, span_id=claims[0], verdict="disputed", rationale="x", base=None)
    set_checkable(desk, author=edith, target=claims[1], not_checkable=True, reason="Mine")
    many_claims.set_checkable_many(desk, author=edith, span_ids=claims[:3], reason="Opinion", seen=desk.head)
    assert statuses(claims) == ["ruled", "not_checkable", "not_checkable", "agreed"]
    assert ClaimState.objects.current().get(span=claims[1]).reason == "Mine"
    assert not list(verify())
    many_claims.set_checkable_many(desk, author=edith, span_ids=claims, reason="", seen=desk.head)
    assert statuses(claims) == ["ruled", "agreed", "agreed", "agreed"]
    assert not list(verify())


def test_a_legal_read_is_asked_for_where_none_is(desk, edith, ana, claims):
    ask_legal(desk, author=ana, span_id=claims[0], question="Mine", base=None)
    done = many_claims.ask_legal_many(
        desk, author=edith, span_ids=claims[:2], question=" Libel? ", seen=desk.head
    )
    assert done.touched == [claims[1]]
    assert LegalRead.objects.current().get(span=claims[1]).question == "Libel?"
    undo(desk, author=edith, number=done.revision)
    assert LegalRead.objects.current().get().question == "Mine"
    assert not list(verify())


def test_sent_twice_it_is_done_once(desk, edith, ben, claims):
    asked = {"author": edith, "span_ids": claims, "reviewer": ben.pk, "seen": desk.head, "key": "one"}
    first = many_claims.assign_many(desk, **asked)
    assert many_claims.assign_many(desk, **asked) == first
    assert Assignment.objects.current().count() == 4


def test_claims_of_elsewhere_are_not_touched(desk, edith, sam, ben, claims):
    from annotations.services.settings import create_collection, set_member

    other = create_collection("elsewhere", author=sam)
    for user in (sam, ben):
        set_member(other, user, "editor")
    done = many_claims.assign_many(other, author=sam, span_ids=claims, reviewer=ben.pk, seen=10**6)
    assert (done.revision, done.changed) == (None, claims)


@pytest.mark.parametrize("spans", [[], range(1, 502)])
def test_none_and_too_many_are_refused(desk, edith, ben, spans):
    with pytest.raises(Invalid):
        many_claims.assign_many(desk, author=edith, span_ids=spans, reviewer=ben.pk, seen=desk.head)


def test_only_who_reviews_is_asked(desk, edith, vera, claims):
    with pytest.raises(Invalid):
        many_claims.assign_many(desk, author=edith, span_ids=claims, reviewer=vera.pk, seen=desk.head)
    assert not Assignment.objects.current().exists()
