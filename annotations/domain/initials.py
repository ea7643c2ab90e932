"""Initials of the people on one sheet of paper, each person's their own."""

from collections import Counter
from collections.abc import Mapping


def initials(names: Mapping[int, str]) -> dict[int, str]:
    """person → initials, in the order of the ids: the second Ana Berg is AB2."""
    seen: Counter[str] = Counter()
    found = {}
    for person in sorted(names):
        short = _short(names[person])
        seen[short] += 1
        found[person] = short if seen[short] == 1 else f"{short}{seen[short]}"
    return found


def _short(name: str) -> str:
    """The first letters of the first and the last word; of a single word the first two."""
    words = name.split() or ["?"]
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][:2].capitalize()
