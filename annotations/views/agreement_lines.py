"""Agreement in figures and words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from annotations.domain import agreement_figures as figures
from annotations.domain.agreement import made_of
from annotations.domain.agreement_figures import Figure
from annotations.models import Verdict
from annotations.services.agreement import Counts, Pair

WIDTH = len(Verdict)
WHY = {
    figures.NOBODY: "no claim has two opinions",
    figures.UNIFORM: "all the same verdict, so chance alone would agree too",
}
WIDE = {
    figures.FEW: "fewer than 10 claims",
    figures.UNSTEADY: "too few claims with another verdict",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it is read. `why`: of what is undefined; `wide`: why it has no interval; `behind`: of the address of
    the claims that it is of, or, with `given`, of the `on` claims that got so many of this verdict."""

    label: str
    value: str
    between: str
    same: str
    claims: int
    why: str
    wide: str
    verdict: str = ""
    given: int = 0
    on: int = 0
    behind: str = ""
    url: str = ""
    chosen: bool = False


def line(label: str, found: Figure, **more: object) -> Line:
    between = f"{_number(found.interval.low)} to {_number(found.interval.high)}" if found.interval else ""
    value = "undefined" if found.value is None else _number(found.value)
    said = {"claims": found.claims, "why": WHY.get(found.undefined, ""), "wide": WIDE.get(found.wide, "")}
    return Line(label, value, between, _percent(found.same), **said, **more)  # type: ignore[arg-type]


def _number(value: float) -> str:
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)} %"


@dataclass(frozen=True, slots=True)
class Overall:
    alpha: Line
    kappa: Line
    of: str
    """what claims Fleiss' kappa is of"""
    verdicts: list[Line]


def overall(counts: Counts, way: str) -> Overall:
    makings = figures.counts_of(counts.makings)
    return Overall(
        line("Krippendorff’s α", figures.of_all(makings)),
        line("Fleiss’ κ", figures.of_as_many(makings)),
        f"with {figures.size_of(makings)} opinions each",
        [_verdict(counts, makings, way, at, verdict) for at, verdict in enumerate(Verdict)],
    )


def _verdict(counts: Counts, makings: figures.Counts, way: str, at: int, verdict: Verdict) -> Line:
    given, same = figures.shared(makings, at)
    found = figures.of_all(figures.counts_of(made_of(counts.makings, at)))
    told = Figure(found.claims, same, found.value, found.interval, found.undefined, found.wide)
    more = {"given": given, "on": figures.claims_with(makings, at), "behind": _query(way, None, verdict)}
    return line(str(verdict.label), told, verdict=verdict.value, **more)


def pair_lines(
    pairs: Iterable[tuple[Pair, list[int]]], names: Mapping[int, str], way: str, chosen: Pair | None
) -> list[Line]:
    """Each with the address of its table."""
    return [
        line(
            f"{names[a]} and {names[b]}",
            figures.of_pair(tuple(cells), WIDTH),
            url=_query(way, (a, b)),
            behind=_query(way, (a, b)),
            chosen=chosen in ((a, b), (b, a)),
        )
        for (a, b), cells in pairs
    ]


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    same: bool
    other: str
    """the second one's verdict, in words"""
    query: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """What two people said of the same claims: the first one's verdicts in rows."""

    a: str
    b: str
    rows: list[tuple[Verdict, list[Cell], Cell]]
    totals: list[Cell]
    total: Cell
    lines: list[Line]
    """Cohen's kappa of all verdicts, then of each"""


def matrix(counts: Counts, names: Mapping[int, str], way: str, pair: Pair) -> Matrix:
    a, b = pair
    cells = counts.pairs.get((min(pair), max(pair)), [0] * WIDTH**2)
    if a > b:
        cells = [cells[column * WIDTH + row] for row in range(WIDTH) for column in range(WIDTH)]
    table = [cells[at : at + WIDTH] for at in range(0, len(cells), WIDTH)]
    rows = [
        (
            one,
            [_cell(way, pair, one, two, n) for two, n in zip(Verdict, row, strict=True)],
            _cell(way, pair, one, None, sum(row)),
        )
        for one, row in zip(Verdict, table, strict=True)
    ]
    every = _query(way, pair)
    lines = [line("All verdicts", figures.of_pair(tuple(cells), WIDTH), behind=every)]
    lines += [
        line(
            str(verdict.label),
            figures.of_pair_on(tuple(cells), WIDTH, at),
            verdict=verdict.value,
            behind=every,
        )
        for at, verdict in enumerate(Verdict)
    ]
    columns = zip(Verdict, zip(*table, strict=True), strict=True)
    totals = [_cell(way, pair, None, two, sum(column)) for two, column in columns]
    return Matrix(names[a], names[b], rows, totals, _cell(way, pair, None, None, sum(cells)), lines)


def _cell(way: str, pair: Pair, one: Verdict | None, two: Verdict | None, count: int) -> Cell:
    return Cell(count, one == two, str(two.label) if two else "", _query(way, pair, one, two))


def _query(way: str, pair: Pair | None, one: Verdict | None = None, two: Verdict | None = None) -> str:
    """Of the address of the claims behind a number, as CellForm reads it."""
    whose = {"a": pair[0], "b": pair[1]} if pair else {}
    verdicts = {name: each.value for name, each in (("va", one), ("vb", two)) if each}
    return urlencode({"way": way, **whose, **verdicts})
