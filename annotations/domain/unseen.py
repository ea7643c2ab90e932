"""Which verdicts of a claim were given unseen: before their givers could see what anybody else made of it.

A person's *sight* of a claim begins with the first change after which they could see another's word on it: an opinion
or an editor's decision, even one taken back since. In a collection that is open then, that is the change that brought
the other's word. In a blind one it is their own first verdict, if that came later; or the change that opened the
collection, if that came between. Of each person counts the verdict that stood right after that change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Said = tuple[int, str, int, int]
"""(who, verdict, since which change, until which change)"""
Decided = tuple[int, int]
"""(who, in which change)"""
NEVER = 2**31


@dataclass(slots=True)
class Heard:
    """Verdicts by who gave them: `unseen`, and `standing`, those that stand now, seen or not."""

    unseen: dict[int, str] = field(default_factory=dict)
    standing: dict[int, str] = field(default_factory=dict)
    after: int = 0
    """how many people spoke first when they could see another's word"""
    taken_back: int = 0
    """how many had none any more when they came to see another's"""


def heard(said: Sequence[Said], decided: Sequence[Decided], opened: Callable[[int], int], at: int) -> Heard:
    """What one claim's opinions come to, as of the change `at`, after which none of them began.

    `opened`: the first change, from this one on, after which the collection was open; NEVER if it stayed blind.
    """
    found = Heard(standing={who: verdict for who, verdict, _, until in said if until > at})
    first = _first((who, since) for who, _, since, _ in said)
    words = _first([*first.items(), *decided])
    for who in first:
        sight = _sight(who, first[who], words, opened, at)
        stood = [
            (since, verdict) for own, verdict, since, until in said if own == who and since <= sight < until
        ]
        if stood:
            found.unseen[who] = max(stood)[1]
        elif first[who] > sight:
            found.after += 1
        else:
            found.taken_back += 1
    return found


def _sight(who: int, spoke: int, words: dict[int, int], opened: Callable[[int], int], at: int) -> int:
    others = min((since for other, since in words.items() if other != who), default=None)
    return at if others is None else min(opened(others), max(others, spoke))


def _first(words: Iterable[tuple[int, int]]) -> dict[int, int]:
    first: dict[int, int] = {}
    for who, since in words:
        if since < first.get(who, NEVER):
            first[who] = since
    return first
