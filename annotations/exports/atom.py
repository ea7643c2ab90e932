"""An Atom feed (RFC 4287), as text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from xml.etree import ElementTree as Tree

NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, however it is written.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class AtomEntry:
    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    html: str
    """Its values are escaped already."""


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """`link`: the page that it follows; `author`: who publishes it."""

    id: str
    title: str
    link: str
    address: str
    updated: datetime
    author: str
    language: str


def atom(feed: AtomFeed, entries: Iterable[AtomEntry]) -> bytes:
    root = Tree.Element("feed", {"xmlns": NAMESPACE})
    if feed.language:
        root.set("xml:lang", feed.language)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _time(feed.updated))
    _text(Tree.SubElement(root, "author"), "name", feed.author)
    Tree.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.address})
    Tree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.link})
    for each in entries:
        entry = Tree.SubElement(root, "entry")
        _text(entry, "id", each.id)
        _text(entry, "title", each.title)
        _text(entry, "published", _time(each.published))
        _text(entry, "updated", _time(each.updated))
        Tree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": each.link})
        _text(entry, "content", each.html, type="html")
    Tree.indent(root)
    return Tree.tostring(root, encoding="utf-8", xml_declaration=True)


def paragraphs(lines: Iterable[tuple[str, str]]) -> str:
    """(what it is, words) as HTML; what it is may be empty."""
    return "".join(
        f"<p>{f'<b>{escape(what)}</b> ' if what else ''}{escape(words)}</p>" for what, words in lines
    )


def _text(parent: Tree.Element, name: str, words: str, **attributes: str) -> None:
    Tree.SubElement(parent, name, attributes).text = UNWRITABLE.sub("", words)


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
