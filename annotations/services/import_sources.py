"""Sources of a file that are in the collection already: a file that is brought again, corrected, brings none twice.

One is the same if it says the same in every field. What no row tells (a note, who read it when) is empty in what an
import writes, so it is in the same one too: two people may both be called “a spokesman”.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from annotations.imports.claim_rows import SourceRow
from annotations.models import Collection, Source, SourceDetails

TOLD = ("title", "publisher", "url", "archived_url", "published_on", "is_primary")
UNTOLD: dict[str, Any] = {
    **dict.fromkeys(("captured_at", "accessed_on", "reached_on", "on_record")),
    **dict.fromkeys(("file", "person_role", "reached_how", "note"), ""),
}
"""Fields that no row tells, as they are where nothing is said."""
AT_ONCE = 1000
Said = tuple[Any, ...]
"""kind, the article that it is, and TOLD"""


def said_of(source: SourceRow, article: int | None) -> Said:
    return (source.kind, article, *(getattr(source, name) for name in TOLD))


class SourcesHere:
    """Looked through once, before the first batch that asks; under the lock each is looked at again by its id. What
    comes in from elsewhere meanwhile is not seen."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._ids: dict[int, list[int]] | None = None

    def load(self) -> None:
        if self._ids is None:
            found = defaultdict(list)
            for number, *said in self._rows().iterator(10_000):
                found[hash(tuple(said))].append(number)
            self._ids = dict(found)

    def same(self, wanted: dict[str, Said], taken: set[int]) -> dict[str, int]:
        """key → id of the source that says the same: for each its own, and none of those that are taken."""
        likely = dict(self._likely(wanted, set(taken)))
        now = {number: tuple(said) for number, *said in self._standing(sorted(likely.values()))}
        return {key: number for key, number in likely.items() if now.get(number) == wanted[key]}

    def _likely(self, wanted: dict[str, Said], taken: set[int]) -> Iterator[tuple[str, int]]:
        self.load()
        assert self._ids is not None
        for key, said in wanted.items():
            free = (number for number in self._ids.get(hash(said), ()) if number not in taken)
            if (number := next(free, None)) is not None:
                taken.add(number)
                yield key, number

    def _standing(self, ids: Sequence[int]) -> Iterator[Any]:
        for first in range(0, len(ids), AT_ONCE):
            yield from self._rows(source__in=ids[first : first + AT_ONCE])

    def _rows(self, **which: Any) -> Any:
        live = SourceDetails.objects.current().filter(collection=self.collection, **UNTOLD, **which)
        public = live.filter(source__tier=Source.Tier.PUBLIC).order_by("source_id")
        return public.values_list("source_id", "source__kind", "source__article_id", *TOLD)


def without_gone(collection: Collection, sources: dict[str, int]) -> dict[str, int]:
    """Those of which something is said still: what brought one may have been undone."""
    ids = sorted(set(sources.values()))
    there: set[int] = set()
    live = SourceDetails.objects.current().filter(collection=collection)
    for first in range(0, len(ids), AT_ONCE):
        some = live.filter(source__in=ids[first : first + AT_ONCE])
        there.update(some.values_list("source_id", flat=True))
    return {key: number for key, number in sources.items() if number in there}
