"""Where the person checks blind: the claims that they see the state of, counted by state and verdict.

These are all that they ever judged. Counting them is done once and kept, as the counts of problems are; from then on
the counts follow what changed since.
"""

from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef

from annotations import access
from annotations.access import Seat
from annotations.models import LIVE, Annotation, ClaimState, Collection
from annotations.problem_counts import FAR, KEPT_FOR


def revealed_counts(seat: Seat) -> dict[str, int]:
    """ "status" or "status:verdict" → how many, as in a tally; always those of the head that the seat knows."""
    key = f"revealed:{seat.collection.pk}:{seat.collection.epoch}:{seat.user.pk}"
    head = seat.collection.head
    kept = cache.get(key)
    if kept and kept[0] == head:
        counts: dict[str, int] = kept[1]
        return counts
    if kept and kept[0] < head <= kept[0] + FAR:
        counts = _moved(seat, kept[1], kept[0], head)
    else:
        counts = dict(_counted(access.revealed(seat)))
        if Collection.objects.values_list("head", flat=True).get(pk=seat.collection.pk) != head:
            return counts  # somebody wrote while it was counted
    cache.set(key, (head, counts), KEPT_FOR)
    return counts


def _moved(seat: Seat, counts: dict[str, int], after: int, head: int) -> dict[str, int]:
    """What changed of claims that they saw already, and all of those that they judged since."""
    own = Annotation.objects.filter(collection=seat.collection, reviewer=seat.user)
    rows: Any = ClaimState.objects.filter(collection=seat.collection)
    before = Exists(own.filter(span=OuterRef("span"), created_in__lte=after))
    said = set(
        own.filter(created_in__gt=after, created_in__lte=head).filter(~before).values_list("span", flat=True)
    )
    now = Counter(counts)
    now.update(_counted(rows.filter(span__in=said, created_in__lte=head, retired_in__gt=head)))
    now.update(_counted(rows.filter(before, created_in__gt=after, created_in__lte=head)))
    # Less than LIVE goes without saying, but lets SQLite use the index of retired rows.
    ended = rows.filter(before, retired_in__gt=after, retired_in__lte=head, retired_in__lt=LIVE)
    now.subtract(_counted(ended))
    return {state: count for state, count in now.items() if count}


def _counted(rows: Any) -> Counter[str]:
    found = rows.order_by().values_list("status", "verdict").annotate(Count("pk"))
    return Counter({f"{status}:{verdict}" if verdict else status: n for status, verdict, n in found})
