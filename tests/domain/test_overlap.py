import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.facts import facts
from annotations.domain.overlap import join_candidates, overlap_share, same_figure

TEXT = (
    "Ann Roe says the fund paid $31 billion in 1,151 deals.\nIn 2022 it had paid $5.5 billion in 377 deals."
)


def _at(words):
    start = TEXT.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ((0, 10), (0, 10), 1),
        ((0, 10), (5, 15), 0.5),
        ((2, 4), (0, 100), 1),
        ((0, 5), (5, 9), 0),
        ((3, 3), (0, 9), 0),
    ],
)
def test_share_is_of_the_shorter(a, b, share):
    assert overlap_share(a, b) == share
    assert overlap_share(b, a) == share


def test_two_spans_that_touch_one_sum_share_its_figure():
    assert same_figure(TEXT, _at("the fund paid $31"), _at("billion in 1,151 deals"))
    assert same_figure(TEXT, _at("paid $31 billion"), _at("$31 billion in 1,151"))


def test_a_date_or_a_name_is_no_figure():
    assert not same_figure(TEXT, _at("In 2022 it"), _at("2022"))
    assert not same_figure(TEXT, _at("Ann Roe"), _at("Ann Roe says"))


def test_different_figures_of_one_sentence_are_not_shared():
    assert not same_figure(TEXT, _at("paid $31 billion"), _at("in 1,151 deals"))
    assert not same_figure(TEXT, _at("$31 billion"), _at("$5.5 billion"))


def test_the_most_alike_comes_first():
    whole, clause, other = (
        _at(TEXT.split("\n")[0]),
        _at("the fund paid $31 billion"),
        _at("In 2022 it had paid"),
    )
    claims = [(7, *whole), (8, *clause), (9, *other)]
    assert join_candidates(TEXT, *_at("fund paid $31 billion"), claims) == [8, 7]


def test_less_than_half_joins_only_by_a_figure():
    claim = _at("Ann Roe says the fund paid $31")
    assert join_candidates(TEXT, *_at("$31 billion in 1,151 deals"), [(1, *claim)]) == [1]
    apart = _at("Ann Roe says the fund")
    assert join_candidates(TEXT, *_at("fund paid $31 billion in 1,151"), [(1, *apart)]) == []


def test_facts_at_hand_are_used():
    claim, selection = _at("Ann Roe says the fund paid $31"), _at("$31 billion in 1,151 deals")
    assert join_candidates(TEXT, *selection, [(1, *claim)], facts(TEXT, 0, len(TEXT))) == [1]
    assert join_candidates(TEXT, *selection, [(1, *claim)], []) == []


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(tuple)


@given(SPANS, SPANS)
def test_share_is_a_part_and_symmetric(a, b):
    assert 0 <= overlap_share(a, b) == overlap_share(b, a) <= 1


@given(st.lists(SPANS, max_size=8), SPANS)
def test_every_half_is_offered_once(spans, selection):
    claims = [(i, *span) for i, span in enumerate(spans)]
    offered = join_candidates("x" * 40, *selection, claims, [])
    assert sorted(offered) == [i for i, span in enumerate(spans) if overlap_share(selection, span) >= 0.5]
