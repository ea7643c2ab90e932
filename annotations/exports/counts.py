"""How many rows a dataset has, before anybody downloads it."""

from collections import Counter

from django.db.models import Count

from annotations import access
from annotations.exports.filters import Filters
from annotations.exports.rows import states
from annotations.models import ClaimState, Revision, Status

COUNTED = {"status", "verdict"}


def count(seat: access.Seat, at: int, filters: Filters) -> int:
    """By status and verdict from what the revision itself carries (ADR 2), at no cost; else the database counts."""
    if filters.given().keys() - COUNTED:
        return int(states(seat, at, filters).count())
    return sum(
        claims
        for (status, verdict), claims in _tally(seat, at).items()
        if (not filters.status or status in filters.status)
        and (not filters.verdict or verdict in filters.verdict)
    )


def _tally(seat: access.Seat, at: int) -> Counter[tuple[str, str]]:
    """Claims by status and verdict as the person sees them; no verdict is empty."""
    written = Revision.objects.get(collection=seat.collection, number=at).tally
    every = Counter({_parted(key): claims for key, claims in written.items()})
    if seat.is_viewer:
        return Counter({key: claims for key, claims in every.items() if key[0] in access.VIEWERS_SEE})
    if not seat.hides:
        return every
    spoken = access.spoken(seat).filter(collection=seat.collection).values("span")
    rows = ClaimState.objects.at(at).filter(collection=seat.collection, span__in=spoken).order_by()
    counted = rows.values_list("status", "verdict").annotate(Count("pk"))
    seen = Counter({(status, verdict or ""): claims for status, verdict, claims in counted})
    seen[Status.TO_CHECK, ""] += every.total() - seen.total()
    return seen


def _parted(key: str) -> tuple[str, str]:
    """ "ruled:disputed" as ("ruled", "disputed")."""
    status, _, verdict = key.partition(":")
    return status, verdict
