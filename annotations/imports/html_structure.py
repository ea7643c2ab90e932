"""Roles that an HTML page gives away by its elements and their classes.

A class or an element that holds much of the page's text says nothing about a line: themes put “sidebar” or
“comments” on the whole page, and some servers wrap everything in one form.
"""

import re
from collections.abc import Iterator, Sequence

from annotations.domain.line_patterns import ends_sentence, plain
from annotations.domain.roles import Guess

from .html_lines import Frame, PageLine

LARGE_SHARE = 0.4
SMALL_LINE = 300

_FURNITURE_ELEMENTS = {
    "nav": "the page's navigation",
    "button": "a button",
    "select": "a list to choose from",
    "menu": "a menu",
    "dialog": "a dialog over the page",
    "footer": "the page's footer",
    "aside": "set aside from the article",
    "form": "a form",
    "header": "the page's header",
}
# These hold text of the article too, such as a box of figures or a note of correction.
_SOMETIMES_TEXT = frozenset({"footer", "aside", "form", "header"})
_FURNITURE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|breadcrumbs?|cookies?|consent|gdpr|share|sharing|social|newsletter"
    r"|subscribe|promo|related|recommend(?:ed|ations)?|advert(?:isement)?|sponsored|banner|sidebar|comments?"
    r"|masthead|site-header|site-footer|contentinfo|complementary|outbrain|taboola|paywall|skip-link|sr-only"
    r"|visually-hidden)(?:$|[\s_-])"
)
_CREDIT_MARKS = re.compile(r"(?:^|[\s_-])(?:credits?|copyright|photographer|image-source)(?:$|[\s_-])")
_BYLINE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:byline|authors?|dateline|article-date|pubdate|published|timestamp)(?:$|[\s_-])"
)
_DECK_MARKS = re.compile(
    r"(?:^|[\s_-])(?:deck|dek|standfirst|subtitle|subhead|subheadline|sub-title|article-summary|lede?)(?:$|[\s_-])"
)


def structural_hints(lines: Sequence[PageLine], title: str) -> dict[int, Guess]:
    """Roles by the number of the line; `title` is the one in the page's metadata."""
    total = sum(len(line.text) for line in lines)
    hints: dict[int, Guess] = {}
    for number, line in enumerate(lines):
        if hint := _role(line, total):
            hints[number] = hint
    headline = _headline(lines, title, hints)
    if headline is not None:
        hints[headline] = ("headline", "the page's main heading")
        hints.update(_summary(lines, headline, hints))
    return hints


def _summary(lines: Sequence[PageLine], headline: int, hints: dict[int, Guess]) -> dict[int, Guess]:
    """List items directly below the headline: what is known of the article in a few points."""
    found: dict[int, Guess] = {}
    for number in range(headline + 1, len(lines)):
        if number not in hints and "li" not in lines[number].inside:
            # A list that the article begins and ends with is its body, not a summary of it.
            return found if any(len(line.text) >= 100 for line in lines[number:]) else {}
        if number not in hints:
            found[number] = ("deck", "a list point between the headline and the text")
    return {}


def _role(line: PageLine, total: int) -> Guess | None:
    if "h1" in line.inside and "nav" not in line.inside:
        return None
    frames = [frame for frame in line.frames if frame.weight <= LARGE_SHARE * total]
    if hint := _caption(line):
        return hint
    if reason := next(_furniture(line, frames), ""):
        return "furniture", reason
    nearest = " ".join(frame.marks for frame in frames[-3:])
    if len(line.text) <= SMALL_LINE:
        for pattern, role in ((_BYLINE_MARKS, "byline"), (_CREDIT_MARKS, "credit"), (_DECK_MARKS, "deck")):
            if not pattern.search(nearest):
                continue
            if role == "byline" and len(line.text) >= 60 and ends_sentence(line.text):
                return "furniture", "a note about the author"
            return role, f"the page marks it as {role}"
    return None


def _caption(line: PageLine) -> Guess | None:
    if "figcaption" not in line.inside and "caption" not in line.inside:
        return None
    marks = " ".join(frame.marks for frame in line.frames[-2:])
    if _CREDIT_MARKS.search(marks) or (len(line.text) < 40 and "©" in line.text):
        return "credit", "the credit in a picture's caption"
    return "caption", "it stands in the caption of a picture or a table"


def _furniture(line: PageLine, frames: list[Frame]) -> Iterator[str]:
    in_article = bool({"article", "main"} & line.inside)
    slight = line.mostly_links or (len(line.text) < 70 and not ends_sentence(line.text))
    for frame in frames:
        reason = _FURNITURE_ELEMENTS.get(frame.name, "")
        if frame.name == "header":
            reason = reason if line.mostly_links and not in_article else ""
        elif frame.name in _SOMETIMES_TEXT and in_article and not slight:
            reason = ""
        if reason:
            yield reason
        if len(line.text) <= SMALL_LINE and _FURNITURE_MARKS.search(frame.marks):
            if slight or "p" not in line.inside or not in_article:
                yield "the page marks it as no part of the article"


def _headline(lines: Sequence[PageLine], title: str, hints: dict[int, Guess]) -> int | None:
    """The first h1 that is no furniture; of several, the one that the page's metadata repeats."""
    title = squeeze(title)
    found = [n for n, line in enumerate(lines) if "h1" in line.inside and n not in hints]
    for number in found:
        if title and squeeze(lines[number].text) in title:
            return number
    if found:
        return found[0]
    same = (n for n, line in enumerate(lines) if title and squeeze(line.text) == title and n not in hints)
    return next(same, None)


def squeeze(text: str) -> str:
    """Letters and digits alone, to compare what two programs made of one line."""
    return re.sub(r"[\W_]+", "", plain(text)).casefold()
