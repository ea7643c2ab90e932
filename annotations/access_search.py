"""Which claims hold certain words, in the quote or in a reason that the person may read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from annotations import access
from annotations.access import Seat
from annotations.domain.searching import terms
from annotations.models import LIVE
from annotations.models.words import NEWEST, OLDEST, quotes_with, whys_with

FOUND = 500
"""So many does a search find at a time, the newest; what is behind them is found from there on."""


@dataclass(frozen=True, slots=True)
class Found:
    """In their order. `more`: there may be others behind the last."""

    spans: list[int]
    more: bool


def search(
    seat: Seat,
    typed: str,
    *,
    behind: int | None = None,
    oldest: bool = False,
    among: Collection[int] | None = None,
) -> Found:
    """Two walks: of quotes, and of reasons: of those that are hidden from the person nothing is found. `behind`: a
    claim, from which on one looks; `among`: few claims, of which all that hold the words are found."""
    wanted = terms(typed)
    if not wanted:
        return Found([], False)
    claims: Any = access.claims(seat).filter(quotes_with(wanted, behind=behind, oldest=oldest))
    whys: Any = access.opinions(seat).filter(whys_with(wanted), retired_in=LIVE)
    if among is not None:
        parts = [list(rows.filter(span__in=among).values_list("span", flat=True)) for rows in (claims, whys)]
        return Found(sorted({*parts[0], *parts[1]}, reverse=not oldest), False)
    return _first([_from(rows, behind, oldest) for rows in (claims, whys)], oldest)


def _from(rows: Any, behind: int | None, oldest: bool) -> list[int]:
    if behind is not None:  # said as the order is, for the same reason
        rows = rows.alias(at=F("span") + 0).filter(**{"at__gt" if oldest else "at__lt": behind})
    found = rows.order_by(OLDEST if oldest else NEWEST).values_list("span", flat=True)
    return list(found[: FOUND + 1])


def _first(parts: list[list[int]], oldest: bool) -> Found:
    """Of walks those as far as each of them came: of reasons several may be of one claim."""
    ends = [part[-1] for part in parts if len(part) > FOUND]
    found = sorted({span for part in parts for span in part}, reverse=not oldest)
    if ends:
        end = min(ends) if oldest else max(ends)
        found = [span for span in found if (span <= end if oldest else span >= end)]
    return Found(found[:FOUND], bool(ends) or len(found) > FOUND)
