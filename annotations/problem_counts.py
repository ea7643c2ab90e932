"""How often each problem stands in a collection's live opinions.

Counting reads them all, so it is done once and kept; from then on the counts follow the rows that were written and
ended since. They are always those of the head.
"""

from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db.models import Count

from annotations.models import LIVE, Annotation, Collection

KEPT_FOR = 7 * 24 * 3600
FAR = 20_000
"""After more changes than this, counting anew is not dearer."""


def problem_counts(collection: Collection) -> dict[str, int]:
    key = f"problems:{collection.pk}:{collection.epoch}"
    head = collection.head
    kept = cache.get(key)
    if kept and kept[0] == head:
        counts: dict[str, int] = kept[1]
        return counts
    if kept and kept[0] < head <= kept[0] + FAR:
        counts = _moved(collection, kept[1], kept[0], head)
    else:
        counts = _counted(Annotation.objects.current().filter(collection=collection))
        if Collection.objects.values_list("head", flat=True).get(pk=collection.pk) != head:
            return counts  # somebody wrote while it was counted: of which head it is, nobody knows
    cache.set(key, (head, counts), KEPT_FOR)
    return counts


def _moved(collection: Collection, counts: dict[str, int], after: int, head: int) -> dict[str, int]:
    rows = Annotation.objects.filter(collection=collection)
    now = Counter(counts)
    now.update(_counted(rows.filter(created_in__gt=after, created_in__lte=head)))
    # Less than LIVE goes without saying, but lets SQLite use the index of retired rows.
    now.subtract(_counted(rows.filter(retired_in__gt=after, retired_in__lte=head, retired_in__lt=LIVE)))
    return {problem: count for problem, count in now.items() if count}


def _counted(rows: Any) -> dict[str, int]:
    found = rows.filter(problem__gt="").order_by().values_list("problem").annotate(Count("pk"))
    return dict(found)
