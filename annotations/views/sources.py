"""Sources, added and changed in the card of a claim."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from annotations import access
from annotations.models import Evidence, Source, SourceDetails
from annotations.services import evidence as service
from annotations.services.errors import Invalid, NotThere
from annotations.services.evidence import Citation, NewSource
from annotations.views import recent
from annotations.views.answers import already_done, changed, fragment, key_of, page_or
from annotations.views.citing import short
from annotations.views.claims import base_of, my_claim, number
from annotations.views.reading import Reading

TEXTS = {"title": 500, "publisher": 200, "person_role": 200, "note": 10_000}
FIELDS: dict[str, tuple[str, ...]] = {
    Source.Kind.WEB: ("title", "publisher", "url", "published_on"),
    Source.Kind.DOCUMENT: ("title", "publisher", "url", "published_on"),
    Source.Kind.PERSON: ("title", "person_role"),
    Source.Kind.CALCULATION: ("title", "note"),
    Source.Kind.RECORDING: ("title", "publisher", "url", "published_on"),
    Source.Kind.ARTICLE: ("title",),
}
_valid_url = URLValidator(schemes=["http", "https"])


@require_POST
@fragment()
def source_add(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    again = recent.cited(at) if _says_again(request) else None
    cited = service.add_evidence(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        source=again[0] if again else _new(request, at),
        citation=_citation(request),
        key=key_of(request),
    )
    words = f"Claim {span_id}: source added{f' again: {short(again[1])}' if again else ''}."
    return page_or(
        request,
        at,
        span_id,
        lambda: changed(at, span_id, (claim.start, claim.end), words, undo=cited.changed),
    )


@require_POST
@fragment()
def source_change(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    if done := already_done(request, at):
        return done
    row = _own(at, key)
    claim, details = my_claim(at, row.span_id), _changed_details(request, row)
    if details:
        access.changing_source(at.seat, row.source_id)
    service.edit_evidence(
        at.seat.collection,
        author=at.seat.user,
        evidence_key=key,
        base=number(request, "base"),
        citation=_citation(request),
        source_details=details,
        source_base=_source_base(request, needed=bool(details)),
        key=key_of(request),
    )
    words = f"Claim {row.span_id}: source changed."
    return page_or(
        request, at, row.span_id, lambda: changed(at, row.span_id, (claim.start, claim.end), words)
    )


@require_POST
@fragment()
def source_remove(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    row = _own(at, key)
    claim = my_claim(at, row.span_id)
    service.remove_evidence(
        at.seat.collection,
        author=at.seat.user,
        evidence_key=key,
        base=base_of(request) or 0,
        key=key_of(request),
    )
    words = f"Claim {row.span_id}: source removed."
    return page_or(
        request, at, row.span_id, lambda: changed(at, row.span_id, (claim.start, claim.end), words)
    )


def _source_base(request: HttpRequest, *, needed: bool) -> int | None:
    if "source_base" in request.POST:
        return number(request, "source_base")
    if needed:
        raise Invalid("Open the source's form again: which version of it you changed did not come through.")
    return None


def _own(at: Reading, key: str) -> Evidence:
    row = access.own_evidence(at.seat, key)
    if row.span.article_id != at.article_id:
        raise NotThere("There is no such source in this article.")
    return row


def _says_again(request: HttpRequest) -> bool:
    """ "Same source again", or Enter in an empty form, which without an earlier source is one that lacks a name."""
    named = any(request.POST.get(name, "").strip() for name in (*TEXTS, "url", "article"))
    return request.POST.get("again") == "1" or not named


def _citation(request: HttpRequest) -> Citation:
    return Citation(
        stance=request.POST.get("stance", "supports"),
        locator=_text(request, "locator", 300),
        excerpt=_text(request, "excerpt", 10_000),
    )


def _text(request: HttpRequest, name: str, longest: int) -> str:
    text = request.POST.get(name, "").strip()
    if len(text) > longest:
        raise Invalid(f"That is too long: at most {longest:,} characters.", name)
    if "\0" in text:
        raise Invalid("NUL characters cannot be stored.", name)
    return text


def _new(request: HttpRequest, at: Reading) -> NewSource:
    if _says_again(request):
        raise Invalid(
            "Name the source: a title or an address. There is no earlier one of yours to repeat.", "title"
        )
    kind = request.POST.get("kind", Source.Kind.WEB)
    if kind not in FIELDS:
        raise Invalid("Choose what kind of source it is.", "kind")
    details: dict[str, Any] = {
        name: _text(request, name, TEXTS[name]) for name in FIELDS[kind] if name in TEXTS
    }
    if "url" in FIELDS[kind]:
        details |= {"url": _url(request), "published_on": _date(request)}
    return NewSource(kind, details, article_id=_article_id(request) if kind == Source.Kind.ARTICLE else None)


def _url(request: HttpRequest) -> str:
    url = _text(request, "url", 2000)
    if url and not urlsplit(url).scheme:
        url = f"https://{url}"
    try:
        if url:
            _valid_url(url)
    except (ValidationError, ValueError):
        raise Invalid("That is not an address: it begins with https:// or http://.", "url") from None
    return url


def _date(request: HttpRequest) -> Any:
    raw = request.POST.get("published_on", "").strip()
    try:
        found = parse_date(raw) if raw else None
    except ValueError:
        found = None
    if raw and found is None:
        raise Invalid("Write the date as 2026-03-31.", "published_on")
    return found


def _article_id(request: HttpRequest) -> int:
    found = re.search(r"(?:^|/articles/)([0-9]{1,9})/?(?:[?#]|$)", request.POST.get("article", "").strip())
    if found is None:
        raise Invalid("Give the number or the address of an article of this collection.", "article")
    return int(found[1])


def _changed_details(request: HttpRequest, row: Evidence) -> dict[str, Any] | None:
    """What the form says otherwise about the source itself; None where nothing."""
    now = SourceDetails.objects.current().get(source=row.source_id)
    wanted: dict[str, Any] = {}
    if "title" in request.POST:
        wanted["title"] = _text(request, "title", TEXTS["title"])
    if "url" in request.POST:
        wanted["url"] = _url(request)
    different = {name: value for name, value in wanted.items() if value != getattr(now, name)}
    return different or None
