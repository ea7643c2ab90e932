"""Who is named in a comment: @username, or @"display name". Pure."""

import re
from collections.abc import Mapping

# An address of a mailbox names nobody: something stands before its @.
_NAMED = re.compile(r'(?<![\w@.+-])@(?:"([^"\n]{1,150})"|“([^”\n]{1,150})”|([\w.+-]{1,150}))')


def mentioned(text: str, people: Mapping[int, tuple[str, str]]) -> set[int]:
    """Ids of those named. `people`: id → (username, display name). Upper and lower case are the same."""
    by_username = {username.casefold(): pk for pk, (username, _) in people.items()}
    found: set[int] = set()
    for quoted, curled, bare in _NAMED.findall(text):
        if name := (quoted or curled).strip().casefold():
            found |= {pk for pk, (_, display) in people.items() if display.strip().casefold() == name}
        elif (pk := _by_username(bare.casefold(), by_username)) is not None:
            found.add(pk)
    return found


def _by_username(word: str, by_username: Mapping[str, int]) -> int | None:
    """A full stop or a hyphen at the end may be the sentence's."""
    while word and word not in by_username and word[-1] in ".-+":
        word = word[:-1]
    return by_username.get(word)


def handle(username: str, display: str) -> str:
    """What names this person in a comment. Empty where nothing does: a username that is an address, and no name."""
    if re.fullmatch(r"[\w.+-]*\w", username):
        return f"@{username}"
    name = display.strip()
    return f'@"{name}"' if name and not set(name) & set('"\n') else ""


def begins(typed: str, username: str, display: str) -> bool:
    """Whether the username, the name or a word of it begins like that, and the person can be named."""
    wanted, name = typed.casefold(), display.casefold()
    ways = [username.casefold(), name, *name.split()]
    return bool(handle(username, display)) and any(way.startswith(wanted) for way in ways)
