"""Whose verdict counts as given unseen: told as changes of one claim, by number."""

import pytest

from annotations.domain.unseen import NEVER, heard

ANA, BEN, EDITH = 1, 2, 3
LIVE = 2**31 - 1


def always(number):
    return number


def never(number):
    return NEVER


def from_20(number):
    return max(number, 20)


OPEN = {
    "alone": ([(ANA, "v", 5, LIVE)], {ANA: "v"}, 0, 0),
    "who speaks second has seen the first": ([(ANA, "v", 5, LIVE), (BEN, "d", 7, LIVE)], {ANA: "v"}, 1, 0),
    "both in one change": ([(ANA, "v", 5, LIVE), (BEN, "d", 5, LIVE)], {ANA: "v", BEN: "d"}, 0, 0),
    "a second thought before the other spoke": (
        [(ANA, "v", 5, 6), (ANA, "d", 6, LIVE), (BEN, "d", 7, LIVE)],
        {ANA: "d"},
        1,
        0,
    ),
    "a second thought afterwards": (
        [(ANA, "v", 5, 9), (ANA, "d", 9, LIVE), (BEN, "d", 7, LIVE)],
        {ANA: "v"},
        1,
        0,
    ),
    "taken back before": ([(ANA, "v", 5, 6), (BEN, "d", 7, LIVE)], {}, 1, 1),
    "taken back afterwards": ([(ANA, "v", 5, 9), (BEN, "d", 7, LIVE)], {ANA: "v"}, 1, 0),
    "the other's was undone, but it was there": (
        [(ANA, "v", 5, LIVE), (BEN, "d", 3, 4)],
        {},
        1,
        1,
    ),
    "undone and done again": (
        [(ANA, "v", 5, 8), (ANA, "v", 9, LIVE), (BEN, "d", 7, LIVE)],
        {ANA: "v"},
        1,
        0,
    ),
}


@pytest.mark.parametrize("story", OPEN)
def test_in_an_open_collection(story):
    said, unseen, after, taken_back = OPEN[story]
    found = heard(said, [], always, at=10)
    assert (found.unseen, found.after, found.taken_back) == (unseen, after, taken_back)


BLIND = {
    "both speak": ([(ANA, "v", 5, LIVE), (BEN, "d", 7, LIVE)], {ANA: "v", BEN: "d"}),
    "the second changes their mind at once": (
        [(ANA, "v", 5, LIVE), (BEN, "d", 7, 8), (BEN, "v", 8, LIVE)],
        {ANA: "v", BEN: "d"},
    ),
    "the first changes their mind while alone, and again later": (
        [(ANA, "v", 5, 6), (ANA, "n", 6, 9), (ANA, "d", 9, LIVE), (BEN, "d", 7, LIVE)],
        {ANA: "n", BEN: "d"},
    ),
    "undone once seen": ([(ANA, "v", 5, LIVE), (BEN, "d", 7, 8)], {ANA: "v", BEN: "d"}),
}


@pytest.mark.parametrize("story", BLIND)
def test_in_a_blind_collection(story):
    said, unseen = BLIND[story]
    found = heard(said, [], never, at=10)
    assert (found.unseen, found.after) == (unseen, 0)


def test_who_speaks_after_the_collection_was_opened_has_seen_the_others():
    said = [(ANA, "v", 5, LIVE), (BEN, "d", 25, LIVE)]
    found = heard(said, [], from_20, at=30)
    assert (found.unseen, found.after) == ({ANA: "v"}, 1)


def test_who_spoke_before_it_was_opened_had_not():
    said = [(ANA, "v", 5, LIVE), (BEN, "d", 15, 26), (BEN, "v", 26, LIVE)]
    assert heard(said, [], from_20, at=30).unseen == {ANA: "v", BEN: "d"}


def test_an_editors_decision_is_a_word_too():
    said = [(ANA, "v", 5, LIVE), (BEN, "d", 7, LIVE)]
    found = heard(said, [(EDITH, 4)], always, at=10)
    assert (found.unseen, found.after) == ({}, 2)


def test_what_stands_is_counted_beside():
    said = [(ANA, "v", 5, 9), (ANA, "d", 9, LIVE), (BEN, "d", 7, LIVE)]
    assert heard(said, [], always, at=10).standing == {ANA: "d", BEN: "d"}
    assert heard([said[0], said[2]], [], always, at=8).standing == {ANA: "v", BEN: "d"}
