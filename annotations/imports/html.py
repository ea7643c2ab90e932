"""HTML pages: every visible block is kept as a line; structure, line rules and trafilatura tell its role.

Order of trust for a role: what the page's own elements say (h1, figcaption, nav, footer), what the line says
(`domain.roles`), then trafilatura's reading of what the article is. Where these disagree or are silent the line
is body, so that nothing a reader may have to check is hidden. Nothing is ever fetched.
"""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from annotations.domain.line_patterns import plain
from annotations.domain.roles import NO_RULE, SUB_HEADING, Guess

from .draft import Draft, clean_text, guess, make_draft
from .errors import ImportRefused
from .html_lines import PageLine, page_lines
from .html_metadata import PageMetadata, amend, page_metadata

MAX_DEPTH = 256
MAX_ELEMENTS = 250_000
# A list of attributes takes the square of its length to read: 300,000 of them took minutes.
MAX_ATTRIBUTES = 5_000
# Beyond this trafilatura takes long; the page is then read by its structure and its lines alone.
MAX_ELEMENTS_FOR_TRAFILATURA = 20_000
MAX_ATTRIBUTES_FOR_TRAFILATURA = 200

_FURNITURE_ELEMENTS = {
    "nav": "the page's navigation",
    "footer": "the page's footer",
    "aside": "set aside from the article",
    "button": "a button",
    "form": "a form",
    "select": "a list to choose from",
    "menu": "a menu",
    "dialog": "a dialog over the page",
}
_FURNITURE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|breadcrumbs?|cookies?|consent|gdpr|share|sharing|social|newsletter|subscribe|promo"
    r"|related|recommend(?:ed|ations)?|advert(?:isement)?|sponsored|banner|sidebar|comments?|masthead|site-header"
    r"|site-footer|contentinfo|complementary|outbrain|taboola|paywall|skip-link|sr-only|visually-hidden)(?:$|[\s_-])"
)
_CREDIT_MARKS = re.compile(r"(?:^|[\s_-])(?:credit|credits|copyright|photographer|image-source)(?:$|[\s_-])")
_BYLINE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|authors|dateline|article-date|pubdate|published|timestamp)(?:$|[\s_-])"
)
_DECK_MARKS = re.compile(
    r"(?:^|[\s_-])(?:deck|dek|standfirst|subtitle|subhead|subheadline|sub-title|article-summary|lede?)(?:$|[\s_-])"
)
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
    lines = [line for line in lines if plain_or_space(line.text)]
    page = page_metadata(root, small=_small(root))
    roles, metadata = guess(text, _hints(lines, page))
    roles = _without_outsiders(lines, roles, page.body)
    amend(metadata, page)
    return make_draft(name, "html", encoding, text, roles, metadata, warnings)


def plain_or_space(text: str) -> bool:
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
        root = document_fromstring(raw.encode("utf-8", "replace"), parser=parser)
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


def _hints(lines: list[PageLine], page: PageMetadata) -> dict[int, Guess]:
    hints: dict[int, Guess] = {}
    for number, line in enumerate(lines):
        if hint := _structure(line):
            hints[number] = hint
    headline = _headline(lines, page, hints)
    if headline is not None:
        hints[headline] = ("headline", "the page's main heading")
    return hints


def _structure(line: PageLine) -> Guess | None:
    inside, marks = line.inside, line.marks
    if "figcaption" in inside or ("caption" in inside and "table" in inside):
        role = (
            "credit" if _CREDIT_MARKS.search(marks) or len(line.text) < 40 and "©" in line.text else "caption"
        )
        return (
            role,
            "it stands in the caption of a picture"
            if role == "caption"
            else "the credit in a picture's caption",
        )
    for name, reason in _FURNITURE_ELEMENTS.items():
        if name in inside:
            return "furniture", reason
    if (
        "header" in inside
        and "article" not in inside
        and "main" not in inside
        and "h1" not in inside
        and line.mostly_links
    ):
        return "furniture", "the page's header"
    if (
        _FURNITURE_MARKS.search(marks)
        and len(line.text) <= 300
        and not ("p" in inside and "article" in inside)
    ):
        return "furniture", "the page marks it as no part of the article"
    if len(line.text) <= 300 and "h1" not in inside:
        for pattern, role in ((_BYLINE_MARKS, "byline"), (_CREDIT_MARKS, "credit"), (_DECK_MARKS, "deck")):
            if pattern.search(_nearest(marks)):
                return role, f"the page marks it as {role}"
    return None


def _nearest(marks: str) -> str:
    """Only the innermost marks: a class “author” on the whole page says nothing about a line."""
    return marks[-60:]


def _headline(lines: list[PageLine], page: PageMetadata, hints: dict[int, Guess]) -> int | None:
    """The first h1 that is no furniture; of several, the one that the page's metadata repeats."""
    found = [
        n for n, line in enumerate(lines) if "h1" in line.inside and hints.get(n, ("",))[0] != "furniture"
    ]
    title = _squeeze(page.title)
    for number in found:
        if title and _squeeze(lines[number].text) in title:
            return number
    if found:
        return found[0]
    same = [n for n, line in enumerate(lines) if title and _squeeze(line.text) == title and n not in hints]
    return same[0] if same else None


def _without_outsiders(lines: list[PageLine], roles: list[Guess], body: str) -> list[Guess]:
    """Lines before and after what trafilatura holds for the article, and link lists amid it, are furniture."""
    inside = _extracted(lines, body)
    if not inside or _too_little(lines, roles, inside):
        return roles
    first, last = min(inside), max(inside)
    changed = list(roles)
    for number, (role, reason) in enumerate(roles):
        if number in inside and role == "body" and reason in {NO_RULE, SUB_HEADING}:
            changed[number] = ("body", "trafilatura reads it as part of the article")
        elif role == "body" and not first <= number <= last:
            changed[number] = ("furniture", "outside the article, as trafilatura reads the page")
        elif role == "body" and number not in inside and lines[number].mostly_links:
            changed[number] = (
                "furniture",
                "nothing but links, and not in the article as trafilatura reads it",
            )
    return changed


def _extracted(lines: list[PageLine], body: str) -> set[int]:
    whole = _squeeze(body)
    own_lines = {_squeeze(line) for line in body.splitlines()}
    found = set()
    for number, line in enumerate(lines):
        squeezed = _squeeze(line.text)
        if squeezed in own_lines or (len(squeezed) >= 40 and squeezed in whole):
            found.add(number)
    return found


def _too_little(lines: list[PageLine], roles: list[Guess], inside: set[int]) -> bool:
    """trafilatura sometimes keeps a fragment: then it is no judge of the rest."""
    body = [n for n, (role, _) in enumerate(roles) if role == "body"]
    total = sum(len(lines[n].text) for n in body)
    return sum(len(lines[n].text) for n in body if n in inside) < 0.4 * total


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text)).casefold()
