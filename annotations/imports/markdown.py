"""Markdown: the text that a reader of the rendered page sees, not its source.

A span should quote what was published: `**two years**` was published as “two years”. So the source is rendered
(markdown-it-py, CommonMark with tables) and its visible lines are kept as for an HTML page: links keep their words
and lose their addresses, lines broken in the source are joined. Front matter gives metadata and is no text.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt

from annotations.domain.dates import find_dates
from annotations.domain.metadata import Metadata

from .draft import Draft, clean_text, guess, make_draft
from .errors import ImportRefused
from .html import clean_line, parse
from .html_lines import page_lines

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(?P<key>[A-Za-z_-]{2,30})[ \t]*:[ \t]*(?P<value>\S.*?)[ \t]*$")
_KEYS = {
    "title": "title",
    "headline": "title",
    "author": "byline",
    "authors": "byline",
    "byline": "byline",
    "date": "published_on",
    "published": "published_on",
    "publisher": "publisher",
    "site": "publisher",
    "outlet": "publisher",
    "url": "url",
    "source": "url",
    "canonical_url": "url",
    "lang": "language",
    "language": "language",
}
_MAX_NESTING = 60
# Pairing brackets takes the square of their number: 200,000 of them took six seconds.
_MAX_BRACKETS = 10_000


def read_markdown(name: str, raw: str, encoding: str) -> Draft:
    clean, warnings = clean_text(raw)
    fields, source = _front_matter(clean)
    lines = page_lines(parse(_render(source) or " "))
    lines = [line for line in lines if not clean_line(line.text).isspace() and clean_line(line.text)]
    text, _ = clean_text("\n".join(line.text for line in lines))
    first = next((n for n, line in enumerate(lines) if "h1" in line.inside), None)
    hints = {} if first is None else {first: ("headline", "the main heading of the Markdown file")}
    roles, metadata = guess(text, hints)
    _amend(metadata, fields)
    return make_draft(name, "markdown", encoding, text, roles, metadata, warnings)


def _render(source: str) -> str:
    if any(part.count("[") > _MAX_BRACKETS for part in source.split("\n\n")):
        raise ImportRefused(
            "too-deep",
            f"One paragraph of the Markdown has more than {_MAX_BRACKETS:,} opening brackets.",
            "Save it as plain text, or paste the text.",
        )
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING}).enable("table")
    tokens = parser.parse(source)
    if any(token.level >= _MAX_NESTING - 2 for token in tokens):
        raise ImportRefused(
            "too-deep",
            f"The Markdown nests its lists or quotations more than {_MAX_NESTING - 2} deep.",
            "Save it as plain text, or paste the text.",
        )
    return parser.renderer.render(tokens, parser.options, {})


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(source)
    if not match:
        return {}, source
    fields: dict[str, str] = {}
    for line in match["fields"].split("\n"):
        if found := _FIELD.match(line):
            if name := _KEYS.get(found["key"].lower()):
                fields.setdefault(name, found["value"].strip("\"' "))
    return fields, source[match.end() :]


def _amend(metadata: Metadata, fields: dict[str, str]) -> None:
    for name, raw in fields.items():
        if value := _CLEAN.get(name, str)(raw):
            metadata.put(name, value[:500], "the front matter of the file")
    if metadata.title:
        metadata.warnings = [w for w in metadata.warnings if "no headline" not in w]


def _date(value: str) -> str:
    dates = find_dates(re.sub(r"T.*", "", value))
    return dates[0].iso if dates else ""


def _address(value: str) -> str:
    return value if re.fullmatch(r"https?://\S{3,1990}", value) else ""


def _language(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", value) else ""


def _names(value: str) -> str:
    return value.strip("[]").replace('"', "")


_CLEAN: dict[str, Callable[[str], str]] = {
    "published_on": _date,
    "url": _address,
    "language": _language,
    "byline": _names,
}
