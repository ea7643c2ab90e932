"""The lines that a reader of an HTML page sees, in document order, each with where it stood.

Every visible block becomes a line: paragraphs, headings, list items, captions, table rows (cells apart by a
tab), the parts between <br>, the lines of <pre>. White space collapses as in browsers, no-break spaces stay.
The walk is iterative: deep pages cannot exhaust the stack.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

INVISIBLE = frozenset(
    "script style template noscript head title meta link base iframe object embed video audio canvas map area"
    " datalist param source track noframes noembed defs metadata desc".split()
)  # fmt: skip
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr output q rp rt rtc"
    " ruby s samp small span strike strong sub sup svg text tspan time tt u var wbr picture math mi mo mn mrow g path"
    " annotation semantics font-face slot progress meter select option td th".split()
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\n\f\r]+")
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)


@dataclass
class Frame:
    """An open element: `marks` are its classes, ids and roles, `weight` the characters that it holds in all."""

    name: str
    marks: str = ""
    weight: int = 0


@dataclass
class PageLine:
    """A line and the elements around it, from the outermost; `linked` characters of it are links."""

    text: str
    frames: tuple[Frame, ...] = ()
    linked: int = 0

    @property
    def inside(self) -> frozenset[str]:
        return frozenset(frame.name for frame in self.frames)

    @property
    def mostly_links(self) -> bool:
        return self.linked * 3 > 2 * len(self.text) > 0


class _Walk:
    def __init__(self) -> None:
        self.lines: list[PageLine] = []
        self.pieces: list[str] = []
        self.linked = 0
        self.frames: list[Frame] = []
        self.links = 0
        self.preformatted = 0
        self.place: tuple[Frame, ...] = ()

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.preformatted:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._add_piece(first)
            for line in rest:
                self.flush()
                self._add_piece(line)
        else:
            self._add_piece(_SPACES.sub(" ", text))

    def _add_piece(self, text: str) -> None:
        if not self.place and text.strip(" "):
            self.place = tuple(self.frames)
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        text = "".join(self.pieces)
        if not self.preformatted:
            text = re.sub(r"(?: *\t *)+", "\t", re.sub(" {2,}", " ", text)).strip(" \t")
        text = text.replace("\n", " ")
        if text and not text.isspace():
            self.lines.append(PageLine(text, self.place, self.linked))
            for frame in self.place:
                frame.weight += len(text)
        self.pieces, self.linked, self.place = [], 0, ()

    def enter(self, element: HtmlElement, name: str) -> None:
        if name == "br":
            self.flush()
        elif name in _CELLS:
            self.pieces.append("\t")
        elif name not in INLINE:
            self.flush()
        self.frames.append(Frame(name, _marks(element)))
        self.links += name == "a"
        self.preformatted += name in {"pre", "textarea", "listing", "xmp"}
        self.add(element.text)

    def leave(self, name: str) -> None:
        if name not in INLINE and name != "br":
            self.flush()
        self.frames.pop()
        self.links -= name == "a"
        self.preformatted -= name in {"pre", "textarea", "listing", "xmp"}


def page_lines(root: HtmlElement) -> list[PageLine]:
    walk = _Walk()
    for event, element in _events(root):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            walk.enter(element, name)
        elif event == "end":
            walk.leave(name)
            walk.add(element.tail if element is not root else None)
        else:
            walk.add(element.tail)
    walk.flush()
    return walk.lines


def _events(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """start and end of what is visible; `skip` for what is not, whose tail still counts."""
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped = None
    for event, element in walker:
        if event in {"comment", "pi"}:
            yield "skip", element
        elif event == "start" and is_hidden(element):
            walker.skip_subtree()
            skipped = element
        elif event == "end" and element is skipped:
            skipped = None
            yield "skip", element
        else:
            yield event, element


def is_hidden(element: HtmlElement) -> bool:
    name = element.tag
    if not isinstance(name, str) or name in INVISIBLE:
        return True
    get = element.get
    if get("hidden") is not None and get("hidden") != "until-found":
        return True
    if name == "dialog" and get("open") is None:
        return True
    return name == "input" or bool(_HIDING_STYLE.search(get("style") or ""))


def _marks(element: HtmlElement) -> str:
    get = element.get
    values = (get("class"), get("id"), get("role"), get("itemprop"), get("rel"), get("data-testid"))
    return " ".join(value for value in values if value).lower()[:300]
