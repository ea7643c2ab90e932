"""How far reviewers agree beyond chance, from counts of claims. Every figure is None where it is undefined.

Two shapes come in. A *table* of two reviewers: `table[i][j]` claims got value i from the one and j from the other. And
*makings*: {(2, 0, 1): 40} says that 40 claims got the first value from two reviewers and the third from one, so that
values that are missing need no place. Both are small, however many claims there are.

Sources: Cohen 1960; Fleiss 1971; Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Table = Sequence[Sequence[float]]
Makings = Mapping[tuple[int, ...], float]

RESAMPLES = 1000
FEWEST = 10
"""With fewer claims an interval would say nothing."""
UNDEFINED_AT_MOST = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """95 of 100 resamplings of the claims gave a figure between the two."""

    low: float
    high: float
    resamples: int


def cohen(table: Table) -> float | None:
    """Cohen's kappa. Undefined without claims, and where both only ever gave one and the same value."""
    total = sum(map(sum, table))
    if not total:
        return None
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    same = sum(table[at][at] for at in range(len(table)))
    return _ratio(same * total - chance, total * total - chance)


def fleiss(makings: Makings) -> float | None:
    """Fleiss' kappa. Every claim has the same number of values, two at least."""
    sizes = {sum(making) for making, claims in makings.items() if claims}
    if len(sizes) != 1 or (size := sizes.pop()) < 2:
        return None
    claims = sum(makings.values())
    same = sum(n * _agreeing(making) for making, n in makings.items()) / (claims * size * (size - 1))
    chance = sum((total / (claims * size)) ** 2 for total in _totals(makings))
    return _ratio(same - chance, 1 - chance)


def alpha(makings: Makings) -> float | None:
    """Krippendorff's alpha for names. Claims with a single value count for nothing."""
    paired = {making: n for making, n in makings.items() if sum(making) > 1}
    totals = _totals(paired)
    values = sum(totals)
    if not values:
        return None
    same = sum(n * _agreeing(making) / (sum(making) - 1) for making, n in paired.items())
    chance = sum(total * (total - 1) for total in totals)
    return _ratio(same * (values - 1) - chance, values * (values - 1) - chance)


def one_against_the_rest(table: Table, value: int) -> list[list[float]]:
    """The table of two reviewers where all that counts is whether they gave this value."""
    both = table[value][value]
    row, column = sum(table[value]), sum(row[value] for row in table)
    total = sum(map(sum, table))
    return [[both, row - both], [column - both, total - row - column + both]]


def made_of(makings: Makings, value: int) -> Counter[tuple[int, ...]]:
    """The makings where all that counts is how many gave this value."""
    merged: Counter[tuple[int, ...]] = Counter()
    for making, claims in makings.items():
        merged[making[value], sum(making) - making[value]] += claims  # type: ignore[assignment]
    return merged


def of_most_common_size(makings: Makings) -> dict[tuple[int, ...], float]:
    """Those with as many values as most claims have that have two or more: what Fleiss' kappa can be had of."""
    sizes: Counter[int] = Counter()
    for making, claims in makings.items():
        sizes[sum(making)] += claims  # type: ignore[assignment]
    able = [(claims, -size) for size, claims in sizes.items() if size > 1 and claims]
    wanted = -max(able)[1] if able else 0
    return {making: claims for making, claims in makings.items() if sum(making) == wanted}


def table_interval(figure: Callable[[Table], float | None], table: Table) -> Interval | None:
    width = len(table[0])
    cells = [int(n) for row in table for n in row]

    def again(drawn: list[int]) -> float | None:
        return figure([drawn[at : at + width] for at in range(0, len(drawn), width)])

    return interval(again, cells)


def makings_interval(figure: Callable[[Makings], float | None], makings: Makings) -> Interval | None:
    kinds = sorted(making for making in makings if sum(making) > 1)

    def again(drawn: list[int]) -> float | None:
        return figure(dict(zip(kinds, drawn, strict=True)))

    return interval(again, [int(makings[kind]) for kind in kinds])


def interval(
    figure: Callable[[list[int]], float | None], counts: Sequence[int], resamples: int = RESAMPLES
) -> Interval | None:
    """The percentile bootstrap: as many claims drawn again, with replacement, as there are.

    What is drawn is how many claims each count gets, so that a million claims cost no more than a hundred. The same
    counts give the same interval: the draws depend on nothing else. None with few claims, or where the figure is
    undefined for more than a few draws.
    """
    claims = sum(counts)
    if claims < FEWEST:
        return None
    chance = random.Random(repr((resamples, list(counts))))  # noqa: S311
    found = [figure(_drawn_again(chance, counts, claims)) for _ in range(resamples)]
    defined = sorted(value for value in found if value is not None)
    if len(defined) < resamples * (1 - UNDEFINED_AT_MOST):
        return None
    return Interval(_percentile(defined, 0.025), _percentile(defined, 0.975), resamples)


def _ratio(over: float, under: float) -> float | None:
    return over / under if under > 1e-12 else None


def _agreeing(making: tuple[int, ...]) -> int:
    """How many ordered pairs of the claim's values are the same value twice."""
    return sum(n * (n - 1) for n in making)


def _totals(makings: Makings) -> list[float]:
    """How often each value was given, in all."""
    return [
        sum(each)
        for each in zip(*([n * claims for n in making] for making, claims in makings.items()), strict=True)
    ]


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest, in proportion."""
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _drawn_again(chance: random.Random, counts: Sequence[int], claims: int) -> list[int]:
    """One draw from the multinomial, a count at a time."""
    drawn, left, rest = [], claims, claims
    for count in counts:
        got = _binomial(chance, left, count / rest) if rest > count else left
        drawn.append(got)
        left -= got
        rest -= count
        if not rest:
            break
    return drawn + [0] * (len(counts) - len(drawn))


NORMAL_FROM = 30
"""From this variance on the normal distribution stands in for the binomial: rounding is then the larger error."""


def _binomial(chance: random.Random, tries: int, share: float) -> int:
    if share > 0.5:
        return tries - _binomial(chance, tries, 1 - share)
    if not tries or not share:
        return 0
    spread = tries * share * (1 - share)
    if spread >= NORMAL_FROM:
        return min(tries, max(0, round(chance.gauss(tries * share, math.sqrt(spread)))))
    return _inverted(chance.random(), tries, share)


def _inverted(point: float, tries: int, share: float) -> int:
    """Walks up the probabilities of 0, 1, 2 … until they reach the point."""
    odds = share / (1 - share)
    here = math.exp(tries * math.log1p(-share))
    for got in range(tries):
        if point <= here:
            return got
        point -= here
        here *= odds * (tries - got) / (got + 1)
    return tries
