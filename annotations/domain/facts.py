"""The facts of an article that a checker would box: figures, money, percentages, dates, names and quotations."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, cast

from annotations.domain.figures import Found, apart, dates, numbers
from annotations.domain.names import names
from annotations.domain.quotations import quotations

Kind = Literal["figure", "money", "percentage", "date", "name", "quotation"]

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")


class Fact(NamedTuple):
    start: int
    end: int
    kind: Kind


def facts(text: str, start: int, end: int, language: str = "") -> list[Fact]:
    """The facts of text[start:end], line by line, in order.

    They never overlap, but for quotations (given with their marks, the outermost only), which may hold others
    and then come before them. `figures`, `names` and `quotations` say what belongs to each. The time is linear;
    the whole text is looked at for what it capitalises, so ask for all of an article at once.
    """
    found: list[Fact] = []
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        found += sorted(_line(text, start, line_end, language), key=lambda fact: (fact.start, -fact.end))
        start = line_end + 1
    return found


def _line(text: str, start: int, end: int, language: str) -> Iterator[Fact]:
    quoted = quotations(text, start, end)
    yield from (Fact(left, right, "quotation") for left, right in quoted)
    taken = [Found(match.start(), match.end(), "") for match in _ADDRESS.finditer(text, start, end)]
    dated = list(apart(dates(text, start, end), taken))
    taken = sorted([*taken, *dated])
    counted = numbers(text, start, end, language, taken)
    named = names(text, start, end, sorted([*taken, *counted]), language)
    single = [*dated, *apart(counted, named), *named]
    for fact in _within_marks(sorted(single), quoted):
        yield Fact(fact.start, fact.end, cast(Kind, fact.kind))


def _within_marks(found: Iterable[Found], quoted: list[tuple[int, int]]) -> Iterator[Found]:
    """Those that lie wholly inside or outside of each quotation."""
    i = 0
    for fact in found:
        while i < len(quoted) and quoted[i][1] <= fact.start:
            i += 1
        if i < len(quoted) and quoted[i][0] < fact.end:
            inside = quoted[i][0] <= fact.start and fact.end <= quoted[i][1]
            if not inside:
                continue
        yield fact


def first_mentions(text: str, found: Iterable[Fact]) -> list[Fact]:
    """The facts without names that were told before: “Lee” after “Kai-Fu Lee”, the tenth “China”."""
    seen: set[str] = set()
    result = []
    for fact in found:
        words = text[fact.start : fact.end].split()
        if fact.kind != "name":
            result.append(fact)
        elif " ".join(words) not in seen:
            result.append(fact)
            seen.update((" ".join(words), words[-1]))
    return result


def uncovered(text: str, found: Sequence[Fact], places: Iterable[tuple[int, int]]) -> list[int]:
    """The indices of the facts, given in order, that no claim covers; `places` are the claims', in any order.

    One claim must hold all of a fact; the words of a quotation, several claims may hold together.
    """
    claims = sorted(places)
    joined = _joined(claims)
    left = []
    at = reach = 0
    for index, fact in enumerate(found):
        while at < len(claims) and claims[at][0] <= fact.start:
            reach = max(reach, claims[at][1])
            at += 1
        if reach < fact.end and not (fact.kind == "quotation" and _said_in(text, fact, joined)):
            left.append(index)
    return left


def _joined(claims: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places of the text that some claim holds, apart from each other."""
    joined: list[tuple[int, int]] = []
    for start, end in claims:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _said_in(text: str, fact: Fact, joined: list[tuple[int, int]]) -> bool:
    """Whether no letter and no figure of it lies outside of these places."""
    at = fact.start
    for start, end in joined[max(0, bisect_right(joined, (fact.start,)) - 1) :]:
        if at >= fact.end or start >= fact.end:
            break
        if _has_word(text, at, start):
            return False
        at = max(at, end)
    return not _has_word(text, at, fact.end)


def _has_word(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])
