"""The figures of agreement, each with how many claims it is of, its interval, and why it is undefined where it is.

The same counts are asked for again with every look at a page: what they come to is kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from annotations.domain.agreement import (
    FEWEST,
    Interval,
    Makings,
    alpha,
    cohen,
    fleiss,
    makings_interval,
    of_most_common_size,
    one_against_the_rest,
    table_interval,
)

Counts = tuple[tuple[tuple[int, ...], int], ...]
"""Makings as something that can be looked up: ((2, 0, 1), 40), …"""
KEPT = 2_000

NOBODY = "nobody"
"""No claim has the opinions that the figure is of."""
UNIFORM = "uniform"
"""There is only one verdict: chance alone would agree as well."""
FEW = "few"
UNSTEADY = "unsteady"
"""Drawn again, the claims often leave the figure undefined."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`same`: which share of pairs of opinions on one claim are the same verdict. `wide`: why there is no interval."""

    claims: int
    same: float | None = None
    value: float | None = None
    interval: Interval | None = None
    undefined: str = ""
    wide: str = ""


def counts_of(makings: Makings) -> Counts:
    return tuple(sorted((making, int(claims)) for making, claims in makings.items() if claims))


@lru_cache(KEPT)
def of_pair(cells: tuple[int, ...], width: int) -> Figure:
    """Cohen's kappa of two reviewers: the cells of their table, row by row."""
    table = [cells[at : at + width] for at in range(0, len(cells), width)]
    claims = sum(cells)
    same = sum(table[at][at] for at in range(width)) / claims if claims else None
    return _figure(claims, same, cohen(table), lambda: table_interval(cohen, table))


def of_pair_on(cells: tuple[int, ...], width: int, value: int) -> Figure:
    """The same where all that counts is whether they gave this value."""
    table = one_against_the_rest([cells[at : at + width] for at in range(0, len(cells), width)], value)
    return of_pair(tuple(int(cell) for row in table for cell in row), 2)


@lru_cache(KEPT)
def of_all(counts: Counts) -> Figure:
    """Krippendorff's alpha of all opinions on claims with two or more."""
    paired = {making: claims for making, claims in counts if sum(making) > 1}
    return _figure(
        sum(paired.values()), _same(paired), alpha(paired), lambda: makings_interval(alpha, paired)
    )


@lru_cache(KEPT)
def of_as_many(counts: Counts) -> Figure:
    """Fleiss' kappa, of the claims with as many opinions as most have."""
    alike = of_most_common_size(dict(counts))
    claims = int(sum(alike.values()))
    return _figure(claims, _same(alike), fleiss(alike), lambda: makings_interval(fleiss, alike))


def size_of(counts: Counts) -> int:
    """How many opinions each of these claims has."""
    return next((sum(making) for making in of_most_common_size(dict(counts))), 0)


def shared(counts: Counts, value: int) -> tuple[int, float | None]:
    """How many opinions on claims with two or more gave this value, and how often another opinion gave it too."""
    paired = [(making, claims) for making, claims in counts if sum(making) > 1]
    given = sum(making[value] * claims for making, claims in paired)
    same = sum(making[value] * (making[value] - 1) / (sum(making) - 1) * claims for making, claims in paired)
    return given, same / given if given else None


def claims_with(counts: Counts, value: int) -> int:
    """Claims with two opinions or more, one of them this value."""
    return sum(claims for making, claims in counts if sum(making) > 1 and making[value])


def _same(makings: Makings) -> float | None:
    """The mean over the claims."""
    claims = sum(makings.values())
    pairs = sum(
        n * sum(given * (given - 1) for given in making) / (sum(making) * (sum(making) - 1))
        for making, n in makings.items()
    )
    return pairs / claims if claims else None


def _figure(
    claims: int, same: float | None, value: float | None, interval: Callable[[], Interval | None]
) -> Figure:
    if value is None:
        return Figure(claims, same, undefined=UNIFORM if claims else NOBODY)
    found = interval() if claims >= FEWEST else None
    wide = "" if found else UNSTEADY if claims >= FEWEST else FEW
    return Figure(claims, same, value, found, wide=wide)


def most_first(pairs: Iterable[tuple[tuple[int, int], list[int]]]) -> list[tuple[tuple[int, int], list[int]]]:
    """By how many claims the two have in common."""
    return sorted(pairs, key=lambda pair: (-sum(pair[1]), pair[0]))
