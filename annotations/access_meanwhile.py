"""Who changed claims, and when, while somebody looked at them: as far as that person may know."""

from collections.abc import Iterable, Sequence
from typing import Any

from annotations.access import Seat, revisions
from annotations.models import (
    LIVE,
    Annotation,
    Assignment,
    ClaimState,
    Evidence,
    LegalRead,
    Revision,
    Ruling,
)
from annotations.services.lineage import among

WEIGHED: Sequence[type[Any]] = (ClaimState, Assignment, LegalRead)
"""What a change of many claims leaves one out for."""
SAID: Sequence[type[Any]] = (*WEIGHED, Annotation, Evidence, Ruling)
"""And what an undo takes away or brings back."""


def last_changes(
    seat: Seat,
    span_ids: Iterable[int],
    *,
    after: int = 0,
    before: int | None = None,
    of: Sequence[type[Any]] = WEIGHED,
) -> dict[int, Revision]:
    """Claim → the last change of it behind `after`, and before `before`, with its author. Where the person may not read
    that change it is left out: an earlier one would name the wrong person."""
    last = _numbers(seat, set(span_ids), before or LIVE, of)
    wanted = {span: number for span, number in last.items() if number > after}
    rows = revisions(seat).filter(number__in=set(wanted.values())).select_related("author") if wanted else ()
    told = {row.number: row for row in rows}
    return {span: told[number] for span, number in wanted.items() if number in told}


def _numbers(seat: Seat, spans: set[int], before: int, models: Sequence[type[Any]]) -> dict[int, int]:
    last: dict[int, int] = {}
    for model in models:
        rows = model._base_manager.filter(collection=seat.collection, created_in__lt=before)
        for part in among(rows, "span", spans):
            for span, *touched in part.values_list("span", "created_in", "retired_in"):
                last[span] = max(last.get(span, 0), *(number for number in touched if number < before))
    return last
