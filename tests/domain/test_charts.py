"""Scales and boxes of the charts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.charts import POINTS, Box, bar, ceiling, days, largest, stacked


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (5, 10), (11, 20), (41, 100), (999_999, 1_000_000)]
)
def test_a_scale_ends_at_a_round_number(highest, top):
    assert ceiling(highest) == top


def test_a_column_stacks_from_the_bottom_up():
    assert stacked([[1, 0, 3], [0, 0, 0]], top=4, width=10, height=100) == [
        Box(0, 0, 75, 5, 25),
        Box(2, 0, 0, 5, 75),
    ]


def test_one_point_is_one_column_over_the_whole_width():
    assert stacked([[2]], top=4, width=500, height=200) == [Box(0, 0, 100, 500, 100)]


def test_nothing_has_no_box():
    assert stacked([], top=2, width=10, height=10) == []
    assert stacked([[0, 0]], top=2, width=10, height=10) == []
    assert bar([0, 0], longest=0, width=100, height=4) == []
    assert largest([]) == 0


def test_a_bar_is_as_long_as_its_share():
    assert bar([1, 0, 2], longest=4, width=100, height=4) == [Box(0, 0, 0, 25, 4), Box(2, 25, 0, 50, 4)]


def test_days_are_all_of_a_short_time():
    assert days(date(2026, 5, 1), date(2026, 5, 1)) == [date(2026, 5, 1)]
    assert [day.day for day in days(date(2026, 5, 1), date(2026, 5, 4))] == [1, 2, 3, 4]


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_days_of_a_long_time_are_few_with_both_ends(first, span):
    last = first + timedelta(days=span)
    found = days(first, last)
    assert (found[0], found[-1], sorted(set(found))) == (first, last, found)
    assert len(found) <= POINTS + 1
    assert len({b - a for a, b in zip(found[1:], found[2:], strict=False)}) <= 1


@given(
    st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=1, max_size=60),
)
def test_boxes_stay_within_the_picture(columns):
    top = ceiling(largest(columns))
    for box in stacked(columns, top, 500, 200):
        assert box.x >= 0
        assert box.y >= -0.01
        assert box.x + box.width <= 500.02
        assert box.y + box.height <= 200.02
