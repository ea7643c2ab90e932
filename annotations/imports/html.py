"""HTML pages: every visible block is kept as a line; structure, line rules and trafilatura tell its role.

Order of trust for a role: what the page's own elements say (h1, figcaption, nav, footer), what the line says
(`domain.roles`), then trafilatura's reading of what the article is. Where these disagree or are silent the line
is body, so that nothing a reader may have to check is hidden. Nothing is ever fetched.
"""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from annotations.domain.line_patterns import ends_sentence
from annotations.domain.roles import NO_RULE, SUB_HEADING, Guess

from .draft import Draft, clean_text, guess, make_draft
from .errors import ImportRefused
from .html_lines import PageLine, page_lines
from .html_metadata import amend, page_metadata
from .html_structure import squeeze, structural_hints

MAX_DEPTH = 256
MAX_ELEMENTS = 250_000
# A list of attributes takes the square of its length to read: 300,000 of them took minutes.
MAX_ATTRIBUTES = 5_000
# Beyond this trafilatura takes long; the page is then read by its structure and its lines alone.
MAX_ELEMENTS_FOR_TRAFILATURA = 20_000
MAX_ATTRIBUTES_FOR_TRAFILATURA = 200

_LONG_TAG = re.compile(
    r"<(?:script|style)\b(?P<own>[^>]*+)>.*?(?:</(?:script|style)|\Z)"
    r"|<[a-zA-Z](?P<other>(?:=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[^>]){10000,}+)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)


def read_html(name: str, raw: str, encoding: str) -> Draft:
    root = parse(raw)
    lines = page_lines(root)
    text, warnings = clean_text("\n".join(line.text for line in lines))
    # A mark at the very start is dropped with the controls, and may have been the whole first line.
    lines = [
        line
        for n, line in enumerate(lines)
        if is_visible(line.text if n else line.text.removeprefix("\ufeff"))
    ]
    page = page_metadata(root, small=_small(root))
    roles, metadata = guess(text, structural_hints(lines, page.title))
    roles = _without_outsiders(lines, roles, page.body)
    amend(metadata, page)
    return make_draft(name, "html", encoding, text, roles, metadata, warnings)


def is_visible(text: str) -> bool:
    """Whether the line is still there after control characters are dropped."""
    return bool(text) and not clean_line(text).isspace() and bool(clean_line(text))


def clean_line(text: str) -> str:
    return "".join(char for char in text if char >= " " or char == "\t")


def parse(raw: str) -> HtmlElement:
    """The page as a tree, or ImportRefused: too deep, entity declarations, no element at all."""
    if "\0" in raw or not raw.strip("\ufeff \t\r\n"):
        clean_text(raw)
    if _ENTITY.search(raw[:20_000]):
        raise ImportRefused(
            "entities",
            "The file declares entities of its own, as attacks on XML readers do.",
            "Save the page as HTML from a browser, or paste the text.",
        )
    _refuse_attributes(raw)
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = document_fromstring(raw.removeprefix("\ufeff").encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError as error:
        raise ImportRefused(
            "empty", "There is no HTML in it that could be read.", "Paste the text of the article instead."
        ) from error
    _refuse_bombs(root)
    return root


def _refuse_attributes(raw: str) -> None:
    for match in _LONG_TAG.finditer(raw):
        if (
            len(_QUOTED.sub(" ", match["own"] or match["other"] or "").split(maxsplit=MAX_ATTRIBUTES + 1))
            > MAX_ATTRIBUTES
        ):
            raise ImportRefused(
                "too-deep",
                f"An element of the page has more than {MAX_ATTRIBUTES:,} attributes.",
                "Save it again from a browser's reading view, or paste the text.",
            )


def _refuse_bombs(root: HtmlElement) -> None:
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise ImportRefused(
                "too-deep",
                f"The page nests its elements more than {MAX_DEPTH} deep.",
                "Save it again from a browser's reading view, or paste the text.",
            )
        if elements > MAX_ELEMENTS:
            raise ImportRefused(
                "too-deep",
                f"The page has more than {MAX_ELEMENTS:,} elements.",
                "Save it again from a browser's reading view, or paste the text.",
            )


def _small(root: HtmlElement) -> bool:
    for number, element in enumerate(root.iter(etree.Element)):
        if number > MAX_ELEMENTS_FOR_TRAFILATURA or len(element.attrib) > MAX_ATTRIBUTES_FOR_TRAFILATURA:
            return False
    return True


def _without_outsiders(lines: list[PageLine], roles: list[Guess], body: str) -> list[Guess]:
    """Lines before and after what trafilatura holds for the article, and link lists amid it, are furniture."""
    inside = _extracted(lines, body)
    if not inside or _too_little(lines, roles, inside):
        return roles
    first, last = _with_neighbours(lines, roles, min(inside), max(inside))
    changed = list(roles)
    for number, (role, reason) in enumerate(roles):
        if number in inside and role == "body" and reason in {NO_RULE, SUB_HEADING}:
            changed[number] = ("body", "the page's main text, as its structure tells")
        elif role == "body" and not first <= number <= last:
            changed[number] = ("furniture", "outside the page's main text")
        elif role == "body" and number not in inside and lines[number].mostly_links:
            changed[number] = (
                "furniture",
                "nothing but links, and outside the page's main text",
            )
    return changed


def _with_neighbours(lines: list[PageLine], roles: list[Guess], first: int, last: int) -> tuple[int, int]:
    """Paragraphs that adjoin the article belong to it: trafilatura is known to drop a first or last one."""

    def belongs(number: int) -> bool:
        line = lines[number]
        return (
            roles[number][0] == "body"
            and len(line.text) >= 70
            and ends_sentence(line.text)
            and not line.mostly_links
        )

    while first > 0 and belongs(first - 1):
        first -= 1
    while last + 1 < len(lines) and belongs(last + 1):
        last += 1
    return first, last


def _extracted(lines: list[PageLine], body: str) -> set[int]:
    whole = squeeze(body)
    own_lines = {squeeze(line) for line in body.splitlines()}
    found = set()
    for number, line in enumerate(lines):
        squeezed = squeeze(line.text)
        if squeezed in own_lines or (len(squeezed) >= 40 and squeezed in whole):
            found.add(number)
    return found


def _too_little(lines: list[PageLine], roles: list[Guess], inside: set[int]) -> bool:
    """trafilatura sometimes keeps a fragment: then it is no judge of the rest."""
    body = [n for n, (role, _) in enumerate(roles) if role == "body"]
    total = sum(len(lines[n].text) for n in body)
    return sum(len(lines[n].text) for n in body if n in inside) < 0.4 * total
