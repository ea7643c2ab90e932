"""Which sources are one: two outlets that quote one wire tell a thing once.

A source has marks: its publisher, the registrable part of its host, the article that it is and what that descends
from. Sources that share a mark, directly or by way of a third, have one origin.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

Mark = tuple[str, str]
ENOUGH = 3

_SECOND = frozenset("ac co com edu gob gov go govt mil ne net nhs nom or org sch".split())
"""Below a country's ending these are no names of anybody."""
_LENT = frozenset(
    "blogspot.com github.io medium.com netlify.app pages.dev substack.com tumblr.com wordpress.com".split()
)
"""Under these each name is a site of its own."""
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/[^/]+/(?=https?://)")


def registrable(url: str) -> str:
    """ "https://news.bbc.co.uk/1" → "bbc.co.uk"; "" where there is no host. A copy in an archive is its original's."""
    try:
        host = (urlsplit(_ARCHIVED.sub("", url.strip())).hostname or "").rstrip(".")
    except ValueError:
        return ""
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    by_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    lent = ".".join(labels[-2:]) in _LENT
    return ".".join(labels[-3:] if by_country or lent else labels[-2:])


def marks(publisher: str = "", url: str = "", article: int | None = None) -> frozenset[Mark]:
    found = {("publisher", " ".join(publisher.casefold().split())), ("host", registrable(url))}
    found.add(("article", str(article or "")))
    return frozenset(mark for mark in found if mark[1])


def grouped(sources: Sequence[Iterable[Mark]]) -> list[list[int]]:
    """Places of the sources of one origin together, in the order of the first; a source without marks stands alone."""
    groups: list[tuple[set[Mark], list[int]]] = []
    for place, own in enumerate(sources):
        known, members = set(own), [place]
        apart = []
        for group in groups:
            if known.isdisjoint(group[0]):
                apart.append(group)
            else:
                known |= group[0]
                members += group[1]
        groups = [*apart, (known, sorted(members))]
    return sorted(members for _, members in groups)


def bears(sources: Sequence[Iterable[Mark]], *, first_hand: bool) -> bool:
    """Whether a verdict may rest on them: one first hand, or three that are independent."""
    return first_hand or len(grouped(sources)) >= ENOUGH
