"""What somebody types to find claims, taken apart into words that both databases look for alike."""

import re
from dataclasses import dataclass

MOST_TERMS = 12
LONGEST = 64
_TYPED = re.compile(r'"([^"]*)("?)|(\S+)')
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other: of a figure its parts. `begins`: the last may go on."""

    words: tuple[str, ...]
    begins: bool = False


def terms(typed: str) -> list[Term]:
    """All of them must be found. Marks between letters and digits part words; quotation marks hold words together;
    the last word may be the beginning of one. Without a letter or digit there is nothing to look for.

    >>> terms('cost "two billion" $1.2 brid')
    [Term(("cost",)), Term(("two", "billion")), Term(("1", "2")), Term(("brid",), True)]
    """
    found = []
    for match in _TYPED.finditer(typed):
        quoted, bare = match[1] or "", match[3] or ""
        words = tuple(word.lower()[:LONGEST] for word in _WORDS.findall(quoted or bare))
        if words:
            ends_here = match.end() == len(typed) and not match[2]
            found.append(Term(words, begins=ends_here))
    return found[:MOST_TERMS]


def lacks_words(typed: str) -> bool:
    """Something is typed, and nothing to look for is in it."""
    return bool(typed) and not terms(typed)
