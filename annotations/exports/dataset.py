"""What a format writes: a collection's claims as one person may see them at one revision, and what they belong to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from annotations.access import Seat
from annotations.exports.counts import count
from annotations.exports.filters import EVERY_CLAIM, Filters
from annotations.exports.rows import Row, claim_rows, rows_by_place, some_rows
from annotations.models import Article, CollectionSettings, Revision


@dataclass(frozen=True, slots=True)
class Dataset:
    """Nothing in it is changed by a later write, but for what the collection's policy allows."""

    seat: Seat
    at: int
    filters: Filters = EVERY_CLAIM

    def rows(self) -> Iterator[Row]:
        """In the order of the claims' ids."""
        return claim_rows(self.seat, self.at, self.filters)

    def some(self, first: int, most: int) -> list[Row]:
        """So many of `rows` from the one at this place on, counted from 0."""
        return some_rows(self.seat, self.at, self.filters, first, most)

    def articles(self) -> Iterator[tuple[Row, list[Row]]]:
        """Each article that has claims in it, by id, as they name it, and those claims by place."""
        rows = rows_by_place(self.seat, self.at, self.filters)
        for _, some in groupby(rows, key=lambda row: row["article"]["id"]):
            claims = list(some)
            yield claims[0]["article"], claims

    def count(self) -> int:
        return count(self.seat, self.at, self.filters)

    def settings(self) -> CollectionSettings:
        """The collection's name, language and licence as they were said then."""
        return CollectionSettings.objects.at(self.at).get(collection=self.seat.collection)

    def written_at(self) -> datetime:
        return Revision.objects.get(collection=self.seat.collection, number=self.at).created_at

    def told_at(self) -> datetime | None:
        """As `written_at`, for those who may know when others worked."""
        return None if self.seat.is_blind or self.seat.is_viewer else self.written_at()

    def texts(self, articles: Iterable[int]) -> dict[int, str]:
        """Article id → text. Nothing where the collection keeps its texts, whoever asks, as it says today."""
        if not self.seat.settings.text_exportable:
            return {}
        return dict(
            Article.objects.filter(collection=self.seat.collection, pk__in=list(articles)).values_list(
                "pk", "text"
            )
        )
