"""The geometry of charts: scales and boxes, in the units of an SVG's viewBox. What draws them is a template."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

POINTS = 60


class Box(NamedTuple):
    """A stretch of a column or a bar. `part`: which of the column's values it stands for."""

    part: int
    x: float
    y: float
    width: float
    height: float


def ceiling(highest: int) -> int:
    """The top of a scale whose half is a whole number too: 2, 4, 10, 20, 40, 100, …"""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= highest:
                return step * size
        size *= 10


def stacked(columns: Sequence[Sequence[int]], top: int, width: float, height: float) -> list[Box]:
    """Columns side by side over the whole width, each a stack from the bottom up. What is zero has no box."""
    boxes: list[Box] = []
    for nth, values in enumerate(columns):
        left, right = (round(width * at / len(columns), 2) for at in (nth, nth + 1))
        under = 0
        for part, value in enumerate(values):
            if value:
                high, low = (round(height * (1 - at / top), 2) for at in (under + value, under))
                boxes.append(Box(part, left, high, round(right - left, 2), round(low - high, 2)))
            under += value
    return boxes


def bar(values: Sequence[int], longest: int, width: float, height: float) -> list[Box]:
    """One bar from the left; `longest` is the sum that fills the width."""
    boxes: list[Box] = []
    before = 0
    for part, value in enumerate(values):
        if value:
            start, end = (round(width * at / longest, 2) for at in (before, before + value))
            boxes.append(Box(part, start, 0.0, round(end - start, 2), height))
        before += value
    return boxes


def days(first: date, last: date, most: int = POINTS) -> list[date]:
    """Both ends and days at even distances between them, at most so many; one where they are the same."""
    span = (last - first).days
    step = max(1, -(-span // (most - 1)))
    # From the end, so that the latest days are evenly apart and the first distance is the shorter one.
    found = [last - timedelta(days=n) for n in range(0, span + 1, step)]
    return ([] if found[-1] == first else [first]) + found[::-1]


def largest(rows: Iterable[Sequence[int]]) -> int:
    """The largest sum of a row."""
    return max((sum(row) for row in rows), default=0)
