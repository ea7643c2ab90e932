"""Which claims hold certain words, in the quote or in a reason that the person may read."""

from dataclasses import dataclass
from typing import Any

from annotations import access
from annotations.access import Seat
from annotations.domain.searching import terms
from annotations.models import LIVE
from annotations.models.words import NEWEST, quotes_with, whys_with

FOUND = 500
"""So many does a search find, the newest; who wants others adds a word."""


@dataclass(frozen=True, slots=True)
class Found:
    spans: list[int]
    more: bool


def search(seat: Seat, typed: str) -> Found:
    """Two walks: of quotes, and of reasons: of those that are hidden from the person nothing is found."""
    wanted = terms(typed)
    claims: Any = access.claims(seat).filter(quotes_with(wanted)).order_by(NEWEST)
    whys: Any = access.opinions(seat).filter(whys_with(wanted), retired_in=LIVE).order_by(NEWEST)
    found = [
        list(rows.values_list("span", flat=True)[: FOUND + 1]) if wanted else [] for rows in (claims, whys)
    ]
    spans = sorted({span for part in found for span in part}, reverse=True)
    return Found(spans[:FOUND], len(spans) > FOUND)
