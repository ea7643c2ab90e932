"""Agreement as csv: the table of pairs, and the verdicts that it is counted from."""

from collections.abc import Iterable, Mapping

from annotations.domain.agreement_figures import most_first, of_pair
from annotations.domain.consensus import VERDICTS
from annotations.exports.csv import line
from annotations.services.agreement import Given, Kept

PAIRS = 300
"""Those with the most claims in common: each has an interval to be drawn."""
PAIR_COLUMNS = (
    *("way", "change", "reviewer_a", "reviewer_b", "claims", "same", "kappa", "low", "high", "undefined"),
    *(f"{one}/{two}" for one in VERDICTS for two in VERDICTS),
)
VERDICT_COLUMNS = ("claim", "url", "reviewer", "unseen", "standing")


def pairs(kept: Kept, way: str, names: Mapping[int, str]) -> str:
    return _sheet(PAIR_COLUMNS, _pairs(kept, way, names))


def _pairs(kept: Kept, way: str, names: Mapping[int, str]) -> Iterable[Iterable[object]]:
    for (a, b), cells in most_first(kept.ways[way].pairs.items())[:PAIRS]:
        found = of_pair(tuple(cells), len(VERDICTS))
        low, high = (found.interval.low, found.interval.high) if found.interval else (None, None)
        figures = (found.same, found.value, low, high)
        yield (way, kept.at, names[a], names[b], found.claims, *map(_short, figures), found.undefined, *cells)


def verdicts(given: Iterable[Given], names: Mapping[int, str], url: str) -> str:
    """`url`: what the address of a claim begins with."""
    rows = ((each.span, f"{url}{each.span}/", names[each.who], each.unseen, each.standing) for each in given)
    return _sheet(VERDICT_COLUMNS, rows)


def _sheet(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return line(columns) + "".join(map(line, rows))


def _short(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)
