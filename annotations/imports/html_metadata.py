"""What a page says about itself: JSON-LD, Open Graph, meta elements, lang and dir, as trafilatura reads them."""

import re
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement, tostring

from annotations.domain.dates import find_dates
from annotations.domain.metadata import SAYS_WHO_WROTE, Metadata


@dataclass
class PageMetadata:
    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_on: str = ""
    url: str = ""
    language: str = ""
    direction: str = ""
    body: str = ""


_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{3,1990}")
_OWN_DATES = (
    "//meta[@property='article:published_time' or @name='article:published_time' or @itemprop='datePublished'"
    " or @name='date' or @name='dc.date' or @name='DC.date.issued' or @name='pubdate' or @name='publishdate'"
    " or @name='parsely-pub-date' or @name='citation_publication_date']/@content"
)


def page_metadata(root: HtmlElement, small: bool) -> PageMetadata:
    """`small`: whether the page is small enough for trafilatura."""
    page = PageMetadata(language=_language(root), direction=_direction(root), published_on=_date(root))
    if not small:
        page.title = (root.findtext(".//title") or "").strip()[:500]
        return page
    html = tostring(root, encoding="unicode")
    document = trafilatura.bare_extraction(
        html, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
    )
    if document is None or isinstance(document, dict):
        return page
    page.body = document.text or ""
    page.title = (document.title or "").strip()
    page.publisher = (document.sitename or "").strip()
    page.byline = (document.author or "").replace("; ", ", ").strip()
    page.url = document.url if document.url and _ADDRESS.fullmatch(document.url) else ""
    return page


def amend(metadata: Metadata, page: PageMetadata) -> None:
    """The page's own statements go before what was guessed from its lines."""
    _amend_byline(metadata, page.byline)
    for name in ("publisher", "published_on", "url"):
        if value := getattr(page, name):
            guessed = getattr(metadata, name)
            metadata.put(name, value, "the page's metadata")
            if name == "published_on" and guessed and guessed != value:
                metadata.warnings.append(
                    f"Two dates: {value} (the page's metadata), but also {guessed} in the text."
                )
    only_the_outlet = metadata.title.casefold() == metadata.publisher.casefold()
    if page.title and (not metadata.title or only_the_outlet):
        metadata.put("title", page.title, "the page's metadata")
        metadata.warnings = [w for w in metadata.warnings if "no headline" not in w]
    if page.language and not _contradicts(metadata.language, page.language):
        metadata.put("language", page.language, "the page's lang attribute")
    elif page.language:
        metadata.warnings.append(
            f"The page says that its language is {page.language}, the text looks like {metadata.language}."
        )
    if page.direction:
        metadata.put("direction", page.direction, "the page's dir attribute")


def _amend_byline(metadata: Metadata, value: str) -> None:
    """A sentence of the text about who wrote it is believed before the page, which may name a translator."""
    guessed = metadata.byline
    differ = guessed and value and guessed.casefold() not in value.casefold()
    if differ and not any(guessed in warning and value in warning for warning in metadata.warnings):
        metadata.warnings.append(
            f"Two bylines: {guessed} (in the text), {value} (the page's metadata). Check who wrote it."
        )
    if value and not (differ and metadata.reasons.get("byline") == SAYS_WHO_WROTE):
        metadata.put("byline", value, "the page's metadata")


def _contradicts(guessed: str, declared: str) -> bool:
    return (
        bool(guessed)
        and guessed != declared.split("-")[0].lower()
        and {guessed, declared[:2]} != {"nb", "no"}
    )


def _language(root: HtmlElement) -> str:
    value = (
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or root.get("xml:lang")
        or ""
    ).strip()
    return value if _LANGUAGE_TAG.fullmatch(value) and len(value) <= 35 else ""


def _direction(root: HtmlElement) -> str:
    body = root.find("body")
    for element in (body, root):
        value = (element.get("dir") or "").lower() if element is not None else ""
        if value in {"ltr", "rtl"}:
            return value
    return ""


def _date(root: HtmlElement) -> str:
    values = [str(value) for value in root.xpath(_OWN_DATES)]
    values += [
        str(value) for value in root.xpath("//article//time[@pubdate or @itemprop='datePublished']/@datetime")
    ]
    for script in root.xpath("//script[contains(@type, 'ld+json')]/text()"):
        values += re.findall(r'"datePublished"\s*:\s*"([^"]{8,40})"', str(script))
    for value in values:
        # An ISO instant stands for the day in its own time zone: the one its newsroom wrote.
        dates = find_dates(re.sub(r"T.*", "", value.strip()))
        if dates and dates[0].iso:
            return dates[0].iso
    return ""
