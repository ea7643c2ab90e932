"""Statements that the ORM writes once."""

import pytest
from django.db import DatabaseError, connection
from django.db.models import Value
from django.db.models.expressions import RawSQL

from annotations.models import Collection, prepared
from annotations.models.prepared import Asking, Awaited, Prepared, Question, answered, side_by_side, together

pytestmark = pytest.mark.django_db


def sql_of(prepared):
    return prepared.statement.sql


def test_ids_are_one_value_however_many_there_are():
    ids = [Collection.objects.create(slug=f"c{nth}").pk for nth in range(3)]
    among = Prepared(
        lambda ids: Collection.objects.filter(pk__among=ids).order_by("pk").values_list("pk"), list
    )
    assert among(ids[:2]) == [(ids[0],), (ids[1],)]
    assert among([ids[2]]) == [(ids[2],)]
    assert among([]) == []


def test_what_belongs_to_them_is_found_alike():
    from annotations.models import Membership, User

    collection, user = Collection.objects.create(slug="c"), User.objects.create(username="ana")
    Membership.objects.create(collection=collection, user=user, role="viewer")
    of = Prepared(lambda ids: Membership.objects.filter(collection__among=ids).values_list("user_id"), list)
    assert (of([collection.pk]), of([collection.pk + 1])) == ([(user.pk,)], [])


def test_a_number_that_is_always_the_same_stands_in_the_text():
    Collection.objects.create(slug="ten%s", head=10)
    made = Prepared(
        lambda head: Collection.objects.filter(head=head, epoch__lt=77, slug__contains="%s").values_list(
            "slug"
        ),
        int,
    )
    assert "77" in sql_of(made)
    assert (made(10), made(11)) == ([("ten%s",)], [])


def test_a_value_that_the_rows_do_not_use_is_refused_unless_said():
    def build(head, epoch):
        return Collection.objects.filter(head=head).values_list("slug")

    with pytest.raises(TypeError, match="every value"):
        sql_of(Prepared(build, int, int))
    assert Prepared(build, int, int, used=1)(0, 5) == []


def test_one_that_is_used_twice_is_given_twice():
    twice = Prepared(
        lambda head: Collection.objects.filter(head=head).annotate(same=Value(head)).values_list("same"), int
    )
    Collection.objects.create(slug="c", head=4)
    assert twice(4) == [(4,)]


HEADED = Prepared(lambda head: Collection.objects.filter(head=head).order_by("pk").values_list("slug"), int)
BROKEN = Prepared(lambda head: Collection.objects.filter(head=head).values_list(RawSQL("no_such()", [])), int)


def test_what_is_asked_together_is_answered_each_in_its_place():
    for head, slug in ((4, "a"), (5, "b"), (4, "c")):
        Collection.objects.create(slug=slug, head=head)
    asked = Question(HEADED, (4,)), None, Question(HEADED, (6,)), Question(HEADED, (5,))
    assert together(*asked) == [[("a",), ("c",)], [], [], [("b",)]]
    assert together(None) == [[]]


@pytest.mark.django_db(transaction=True)
def test_when_one_question_fails_the_next_page_is_answered_all_the_same():
    Collection.objects.create(slug="a", head=4)
    with pytest.raises(DatabaseError, match="no_such"):
        together(Question(HEADED, (4,)), Question(BROKEN, (4,)), Question(HEADED, (4,)))
    assert together(Question(HEADED, (4,))) == [[("a",)]]


MODE = Prepared(
    lambda head: (
        Collection.objects.filter(head=head)
        .annotate(mode=RawSQL("current_setting('plan_cache_mode')", []))
        .values_list("mode")
    ),
    int,
)


@pytest.mark.django_db(transaction=True)
def test_one_plan_serves_all_only_inside_and_not_for_whom_the_connection_serves_next():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite makes one plan for all values anyway")
    Collection.objects.create(slug="a", head=4)
    mode, broken = Question(MODE, (4,)), Question(BROKEN, (4,))
    assert together(mode, one_plan=True) == [[("force_generic_plan",)]]
    assert together(mode) == [[("auto",)]]
    with pytest.raises(DatabaseError, match="no_such"):
        together(mode, broken, one_plan=True)
    assert together(mode) == [[("auto",)]]


def test_each_answer_is_what_the_question_makes_of_its_rows():
    Collection.objects.create(slug="a", head=4)
    assert together(Question(HEADED, (4,), len), None, Question(HEADED, (4,))) == [1, [], [("a",)]]


def asking(*heads: int) -> Asking[list[str]]:
    """The slugs, one step for each head."""
    found = []
    for head in heads:
        (rows,) = yield [Question(HEADED, (head,))]
        found += [slug for (slug,) in rows]
    return found


def test_steps_of_several_are_taken_side_by_side(monkeypatch):
    for head, slug in ((4, "a"), (5, "b"), (6, "c")):
        Collection.objects.create(slug=slug, head=head)
    steps, ask = [], prepared.ask
    monkeypatch.setattr(prepared, "ask", lambda *asked, **how: steps.append(len(asked)) or ask(*asked, **how))
    both = side_by_side(asking(4, 5, 6), asking(), asking(6, 7))
    assert answered(both) == [["a", "b", "c"], [], ["c"]]
    assert steps == [2, 2, 1]
    assert answered(side_by_side()) == []


def test_values_may_come_of_other_answers():
    for head, slug in ((4, "a"), (1, "b"), (0, "c")):
        Collection.objects.create(slug=slug, head=head)
    many = Awaited()

    def counted(rows):
        many.values = (len(rows),)
        return rows

    asked = Question(HEADED, many), Question(HEADED, (4,), counted), Question(HEADED, (0,))
    assert together(*asked) == [[("b",)], [("a",)], [("c",)]]
