"""Which other texts belong beside an article: its versions, and those most like it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz


class Other(NamedTuple):
    """`told`: its title and how it begins."""

    id: int
    told: str


def versions(article: int, replaced: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """(earlier, later) versions of the article, the nearest first. `replaced`: (article, the one it supersedes)."""
    before = dict(replaced)
    after: defaultdict[int, list[int]] = defaultdict(list)
    for newer, older in sorted(before.items()):
        after[older].append(newer)
    earlier, later, at = [], [article], article
    while at in before and before[at] not in earlier:
        at = before[at]
        earlier.append(at)
    for each in later:
        later += [newer for newer in after[each] if newer not in later]
    return earlier, later[1:]


def nearest(told: str, others: Sequence[Other], linked: frozenset[int]) -> list[int]:
    """Those linked with it first, then by how much of their words they share; newer before older."""

    def place(other: Other) -> tuple[bool, float, int]:
        alike = fuzz.token_set_ratio(told.casefold(), other.told.casefold())
        return other.id not in linked, -round(alike), -other.id

    return [other.id for other in sorted(others, key=place)]
