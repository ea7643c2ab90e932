"""What the articles of a collection say of themselves, told without reading each."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count

from annotations.access import Seat
from annotations.models import LIVE, ArticleDetails


def reference_counts(collections: Iterable[int]) -> dict[int, int]:
    """How many of a collection's articles are reference texts, which are cited and not checked."""
    rows = ArticleDetails.objects.current().filter(
        collection__in=list(collections), role=ArticleDetails.Role.REFERENCE
    )
    return dict(rows.order_by().values_list("collection").annotate(Count("pk")))


def publishers(seat: Seat, most: int = 200) -> list[str]:
    """The outlets of the live articles, by name: one step along the index for each, not one for each article."""
    return _walked(_PUBLISHERS, seat, most)


def languages(seat: Seat, most: int = 500) -> list[str]:
    """Those of the live articles, as said there, empty for none. As `publishers`."""
    return _walked(_LANGUAGES, seat, most)


def _walked(steps: str, seat: Seat, most: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(steps, [seat.collection.pk, seat.collection.pk, most])
        return [said for (said,) in cursor.fetchall()]


def _steps(column: str, first: str = "") -> str:
    """Each value of the column that a live article has, from the least on."""
    least = f"SELECT min({column}) FROM {ArticleDetails._meta.db_table}"
    least += f" WHERE retired_in = {LIVE} AND collection_id = %s"
    return f"""
    WITH RECURSIVE steps(said) AS (
        SELECT ({least} {first})
        UNION ALL SELECT ({least} AND {column} > steps.said) FROM steps WHERE steps.said IS NOT NULL
    ) SELECT said FROM steps WHERE said IS NOT NULL LIMIT %s
    """


_PUBLISHERS = _steps("publisher", "AND publisher > ''")
_LANGUAGES = _steps("language")
