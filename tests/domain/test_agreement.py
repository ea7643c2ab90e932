"""Agreement beyond chance: published examples to their last printed digit, other libraries on random data, edges."""

import random
import time
import warnings
from collections import Counter

import pytest

from annotations.domain.agreement import (
    Interval,
    alpha,
    cohen,
    fleiss,
    interval,
    made_of,
    makings_interval,
    of_most_common_size,
    one_against_the_rest,
    table_interval,
)

NONE = "."


def makings(units, values=None):
    """From the values that each unit got, missing ones left out."""
    values = values or sorted({value for unit in units for value in unit if value != NONE})
    return Counter(tuple(list(unit).count(value) for value in values) for unit in units)


def columns(*rows):
    return list(zip(*(row.split() for row in rows), strict=True))


KRIPPENDORFF_A = columns("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
KRIPPENDORFF_B = columns("a a b b d c c c e d d a", "b a b b b c c c e d d d")
KRIPPENDORFF_C = columns(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
WIKIPEDIA_ALPHA = columns(
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)
WIKIPEDIA_FLEISS = [
    *((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1)),
    *((7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)),
]


@pytest.mark.parametrize(
    ("units", "printed"),
    [(KRIPPENDORFF_A, 0.095), (KRIPPENDORFF_B, 0.692), (KRIPPENDORFF_C, 0.743), (WIKIPEDIA_ALPHA, 0.691)],
    ids=["Krippendorff A", "Krippendorff B", "Krippendorff C", "Wikipedia"],
)
def test_alpha_as_published(units, printed):
    assert round(alpha(makings(units)), 3) == printed


def test_fleiss_as_published():
    assert f"{fleiss(Counter(WIKIPEDIA_FLEISS)):.4f}" == "0.2099"


def test_cohen_as_published():
    assert cohen([[20, 5], [10, 15]]) == pytest.approx(0.4)


@pytest.mark.parametrize("seed", range(12))
def test_cohen_as_scikit_learn_has_it(seed):
    from sklearn.metrics import cohen_kappa_score

    chance = random.Random(seed)
    one = chance.choices("vdn", weights=[5, 3, 1], k=chance.randrange(5, 200))
    two = [value if chance.random() < 0.6 else chance.choice("vdn") for value in one]
    table = [[sum(pair == (a, b) for pair in zip(one, two, strict=True)) for b in "vdn"] for a in "vdn"]
    assert cohen(table) == pytest.approx(cohen_kappa_score(one, two))
    for at, value in enumerate("vdn"):
        alone = cohen_kappa_score([x == value for x in one], [x == value for x in two])
        assert cohen(one_against_the_rest(table, at)) == pytest.approx(alone)


@pytest.mark.parametrize("seed", range(12))
def test_alpha_and_fleiss_as_nltk_has_them(seed):
    """nltk has no Fleiss' kappa of its own; where nothing is missing it differs from alpha by a known term."""
    from nltk.metrics.agreement import AnnotationTask

    chance = random.Random(seed)
    claims, reviewers = chance.randrange(6, 120), chance.randrange(2, 6)
    said = [
        (f"r{who}", claim, chance.choices("vdn", weights=[4, 3, 2])[0])
        for claim in range(claims)
        for who in range(reviewers)
        if chance.random() < 0.7
    ]
    units = [[value for _, at, value in said if at == claim] for claim in range(claims)]
    paired = {claim for claim, unit in enumerate(units) if len(unit) > 1}
    task = AnnotationTask(data=[row for row in said if row[1] in paired])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = task.alpha()
    assert alpha(makings(units, "vdn")) == pytest.approx(theirs)
    whole = [chance.choices("vdn", k=reviewers) for _ in range(claims)]
    values = claims * reviewers
    expected = 1 - (1 - alpha(makings(whole, "vdn"))) * values / (values - 1)
    assert fleiss(makings(whole, "vdn")) == pytest.approx(expected)


@pytest.mark.parametrize(
    "found",
    [
        cohen([[0, 0], [0, 0]]),
        cohen([[7, 0], [0, 0]]),
        alpha({}),
        alpha({(1, 0): 9}),
        alpha({(2, 0): 9}),
        alpha({(0, 0): 3}),
        fleiss({}),
        fleiss({(2, 0): 5}),
        fleiss({(1, 0): 5}),
        fleiss({(2, 0): 5, (2, 1): 1}),
    ],
)
def test_undefined_is_none_and_not_one(found):
    assert found is None


def test_one_who_always_says_the_same_agrees_as_chance_would():
    assert cohen([[6, 3], [0, 0]]) == pytest.approx(0)


def test_what_nobody_can_be_paired_with_counts_for_nothing():
    assert alpha({(2, 0): 4, (1, 1): 2, (0, 2): 3}) == alpha({(2, 0): 4, (1, 1): 2, (0, 2): 3, (1, 0): 50})


def test_one_against_the_rest():
    assert made_of({(2, 0, 1): 4, (0, 2, 1): 3}, 2) == {(1, 2): 7}
    assert one_against_the_rest([[5, 1, 0], [2, 3, 1], [0, 0, 4]], 1) == [[3, 3], [1, 9]]


def test_fleiss_takes_the_claims_with_as_many_values_as_most_have():
    many = {(2, 0): 5, (1, 1): 5, (3, 0): 9, (1, 0): 40}
    assert of_most_common_size(many) == {(2, 0): 5, (1, 1): 5}
    assert of_most_common_size({(1, 0): 3}) == {}


def test_the_same_claims_give_the_same_interval_that_holds_the_figure():
    table = [[20, 5], [10, 15]]
    found = table_interval(cohen, table)
    assert found == table_interval(cohen, table)
    assert found.low < cohen(table) < found.high
    assert found.resamples == 1000


def test_counts_drawn_again_are_as_claims_drawn_again():
    """Against the plain bootstrap, claim by claim."""
    table = [[40, 12, 2], [9, 30, 4], [1, 6, 16]]
    claims = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    chance = random.Random(5)
    plain = []
    for _ in range(2000):
        drawn = Counter(chance.choices(claims, k=len(claims)))
        plain.append(cohen([[drawn[a, b] for b in range(3)] for a in range(3)]))
    plain.sort()
    found = table_interval(cohen, table)
    assert (found.low, found.high) == pytest.approx((plain[50], plain[1950]), abs=0.02)


def test_no_interval_from_few_claims_nor_where_the_figure_is_often_undefined():
    assert table_interval(cohen, [[4, 1], [1, 3]]) is None
    assert makings_interval(alpha, {(2, 0): 60, (1, 1): 1}) is None
    assert interval(lambda drawn: 0.5, [10]) == Interval(0.5, 0.5, 1000)


def test_a_million_claims_cost_no_more_than_a_hundred():
    began = time.process_time()
    table_interval(cohen, [[300_000, 40_000, 9], [50_000, 300_000, 10_000], [3, 20_000, 279_988]])
    assert time.process_time() - began < 1
