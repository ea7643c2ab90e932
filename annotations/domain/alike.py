"""Which claims may tell the same as another: those that share its figures, or else its names."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from annotations.domain.facts import Fact, facts
from annotations.domain.searching import Term, terms

LOOKS = 3
"""Searches for one claim, at most."""
MOST = 8
FIGURES = frozenset({"figure", "money", "percentage"})
LIKE = 40.0
"""Of 100: below, words that share a name or a number tell something else."""


class Told(NamedTuple):
    """What a claim's words tell: the figures and dates in them."""

    figures: list[str]
    dates: list[str]


def told(words: str, language: str = "") -> Told:
    found = facts(words, 0, len(words), language)
    return Told(_of(words, found, FIGURES), _of(words, found, {"date"}))


def looked_for(text: str, start: int, end: int, language: str = "") -> list[list[Term]]:
    """What to search for, the most telling first: each figure that is more than a digit; without one, all the names."""
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    line = text[left : right if right >= 0 else len(text)]
    own = [each for each in facts(line, 0, len(line), language) if _within(each, start - left, end - left)]
    figures = dict.fromkeys(figure for figure in _of(line, own, FIGURES) if len(figure) > 1)
    wanted = [_phrase(figure) for figure in sorted(figures, key=len, reverse=True)[:LOOKS]]
    names = list(dict.fromkeys(_of(line, own, {"name"})))
    if not wanted and len(names) > 1:
        wanted = [[term for name in names[:3] for term in _phrase(name)]]
    return [each for each in wanted if each]


def alike(words: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """Ids of those of the others that are like the words, the likest first."""
    likeness = {other: fuzz.token_set_ratio(words.casefold(), said.casefold()) for other, said in others}
    found = sorted((-like, other) for other, like in likeness.items() if like >= LIKE)
    return [other for _, other in found[:MOST]]


def _phrase(words: str) -> list[Term]:
    """These words, one behind the other."""
    return terms(f'"{words}"')


def _of(words: str, found: Iterable[Fact], kinds: Iterable[str]) -> list[str]:
    wanted = frozenset(kinds)
    return [words[fact.start : fact.end] for fact in found if fact.kind in wanted]


def _within(fact: Fact, start: int, end: int) -> bool:
    return fact.start < end and fact.end > start
