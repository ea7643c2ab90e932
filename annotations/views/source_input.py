"""What a source's form says, read field by field."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from annotations.models import Source
from annotations.services.errors import Invalid
from annotations.services.evidence import Citation

FIELDS: dict[str, tuple[str, ...]] = {
    Source.Kind.WEB: (
        *("url", "title", "publisher", "published_on"),
        *("archived_url", "captured_at", "accessed_on", "is_primary"),
    ),
    Source.Kind.DOCUMENT: ("shows", "title", "publisher", "published_on", "url", "is_primary"),
    Source.Kind.PERSON: ("title", "person_role", "reached_how", "reached_on", "on_record", "is_primary"),
    Source.Kind.CALCULATION: ("title", "note"),
    Source.Kind.RECORDING: ("url", "title", "publisher", "published_on", "is_primary"),
    Source.Kind.ARTICLE: ("title", "publisher", "published_on", "is_primary"),
}
FIELDS[Source.Kind.IMAGE] = FIELDS[Source.Kind.DOCUMENT]
LONGEST = {"title": 500, "publisher": 200, "person_role": 200, "reached_how": 200, "note": 10_000}
STORED_AS = {"shows": "note"}
"""Of fields of the form: the detail that they become, where its name is another."""
ON_RECORD = {"": None, "yes": True, "no": False}
_valid_url = URLValidator(schemes=["http", "https"])


def details_in(request: HttpRequest, kind: str) -> dict[str, Any]:
    """The details of a source of this kind that came with the form; what did not come is left out."""
    names = [name for name in FIELDS[kind] if name in request.POST]
    return {STORED_AS.get(name, name): _READERS.get(name, text)(request, name) for name in names}


def citation_in(request: HttpRequest) -> Citation:
    return Citation(
        stance=request.POST.get("stance", "supports"),
        locator=text(request, "locator", 300),
        excerpt=text(request, "excerpt", 10_000),
    )


def text(request: HttpRequest, name: str, longest: int = 0) -> str:
    said = request.POST.get(name, "").strip()
    longest = longest or LONGEST[STORED_AS.get(name, name)]
    if len(said) > longest:
        raise Invalid(f"That is too long: at most {longest:,} characters.", name)
    if "\0" in said:
        raise Invalid("NUL characters cannot be stored.", name)
    return said


def article_id_in(request: HttpRequest) -> int:
    found = re.search(r"(?:^|/articles/)([0-9]{1,9})/?(?:[?#]|$)", request.POST.get("article", "").strip())
    if found is None:
        raise Invalid("Choose the article from the list, or give its number or address.", "article")
    return int(found[1])


def _url(request: HttpRequest, name: str) -> str:
    url = text(request, name, 2000)
    try:
        if url and not urlsplit(url).scheme:
            url = f"https://{url}"
        if url:
            _valid_url(url)
    except (ValidationError, ValueError):
        raise Invalid("That is not an address: it begins with https:// or http://.", name) from None
    return url


def date_in(request: HttpRequest, name: str) -> date | None:
    raw = request.POST.get(name, "").strip()
    found = _parsed(parse_date, raw)
    if raw and found is None:
        raise Invalid("Write the date as 2026-03-31.", name)
    return found


def _moment(request: HttpRequest, name: str) -> datetime | None:
    raw = request.POST.get(name, "").strip()
    found = _parsed(parse_datetime, raw) or _parsed(parse_datetime, f"{raw}T00:00")
    if raw and found is None:
        raise Invalid("Write the moment as 2026-03-31 14:05.", name)
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def _parsed(parse: Callable[[str], Any], raw: str) -> Any:
    try:
        return parse(raw) if raw else None
    except ValueError:
        return None


def _on_record(request: HttpRequest, name: str) -> bool | None:
    if (said := request.POST[name]) not in ON_RECORD:
        raise Invalid("Choose whether it was said on the record.", name)
    return ON_RECORD[said]


def _is_primary(request: HttpRequest, name: str) -> bool:
    """A box that is not ticked is not sent: an empty field of its name goes before it."""
    return request.POST[name] == "1"


_READERS: dict[str, Callable[[HttpRequest, str], Any]] = {
    **dict.fromkeys(["url", "archived_url"], _url),
    **dict.fromkeys(["published_on", "accessed_on", "reached_on"], date_in),
    "captured_at": _moment,
    "on_record": _on_record,
    "is_primary": _is_primary,
}
