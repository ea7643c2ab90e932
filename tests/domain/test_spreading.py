"""Articles shared out among people."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.spreading import Piece, spread

PEOPLE = st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True)
HELD = st.frozensets(st.integers(1, 9), max_size=4)


def pieces(held=None):
    weights = st.lists(
        st.tuples(st.integers(0, 500), st.just(frozenset()) if held is None else held), max_size=30
    )
    return weights.map(lambda rows: [Piece(at, *row) for at, row in enumerate(rows)])


def test_largest_first_to_whoever_has_least():
    plan = spread([Piece(1, 10), Piece(2, 40), Piece(3, 30)], [7, 8], 1, {})
    assert plan.tasks == [(2, 7), (3, 8), (1, 8)]
    assert (plan.loads, plan.short) == ({7: 40, 8: 40}, {})


def test_what_people_have_already_counts():
    assert spread([Piece(1, 10)], [7, 8], 1, {7: 11}).tasks == [(1, 8)]


def test_articles_without_a_claim_are_shared_out_by_number():
    plan = spread([Piece(at, 0) for at in range(4)], [7, 8], 1, {})
    assert Counter(person for _, person in plan.tasks) == {7: 2, 8: 2}


def test_who_holds_it_counts_and_does_not_get_it_again():
    plan = spread([Piece(1, 10, frozenset({7})), Piece(2, 10, frozenset({7, 9}))], [7, 8], 2, {})
    assert plan.tasks == [(1, 8)]


def test_too_few_people_is_said():
    plan = spread([Piece(1, 10, frozenset({7}))], [7, 8], 4, {})
    assert (plan.tasks, plan.short) == ([(1, 8)], {1: 2})


@given(pieces(), PEOPLE, st.integers(1, 4))
def test_loads_differ_by_at_most_the_largest_article(works, people, each):
    plan = spread(works, people, min(each, len(people)), {})
    heaviest = max((piece.weight for piece in works), default=0)
    assert max(plan.loads.values()) - min(plan.loads.values()) <= heaviest
    assert not plan.short


@given(pieces(HELD), PEOPLE, st.integers(1, 4), st.dictionaries(st.integers(1, 9), st.integers(0, 900)))
def test_nobody_gets_an_article_twice_and_each_has_as_many_as_asked_for(works, people, each, has):
    plan = spread(works, people, each, has)
    assert len(set(plan.tasks)) == len(plan.tasks)
    given_to = {piece.id: [who for at, who in plan.tasks if at == piece.id] for piece in works}
    for piece in works:
        assert not piece.held & set(given_to[piece.id])
        have = len(piece.held) + len(given_to[piece.id])
        assert have + plan.short.get(piece.id, 0) == max(each, len(piece.held))
    assert plan == spread(reversed(works), people, each, has)
    weight = {piece.id: piece.weight for piece in works}
    for person in people:
        got = sum(weight[at] for at, who in plan.tasks if who == person)
        assert plan.loads[person] == has.get(person, 0) + got
