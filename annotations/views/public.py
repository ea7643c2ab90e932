"""What everybody may read, signed in or not: the corrections of a public collection, as pages and as a feed (ADR 20).

Nothing here looks at who asks: no session, no cookie, the same bytes for all.
"""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings as site
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from annotations import access_corrections
from annotations.exports.atom import AtomEntry, AtomFeed, atom, paragraphs
from annotations.models import CollectionSettings, Revision
from annotations.views.public_rows import Public, latest, listed, newest

SIZE = 50
FRESH = "public, max-age=300"
FEED = "application/atom+xml; charset=utf-8"


@login_not_required
@require_safe
def corrections(request: HttpRequest, slug: str) -> HttpResponse:
    settings, rows = access_corrections.published(slug)
    raw = request.GET.get("page", "1")
    page = int(raw) if raw.isascii() and raw.isdigit() and 0 < len(raw) < 5 and int(raw) else 1
    keys = newest(rows, (page - 1) * SIZE, SIZE)
    found = listed(settings.collection, rows, keys, SIZE)
    context = {"corrections": found.corrections, "page": page, "has_more": found.has_more}
    return _page(request, settings, context, found.modified)


@login_not_required
@require_safe
def correction(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    settings, rows = access_corrections.published(slug)
    found = listed(settings.collection, rows, [key], 1)
    if not found.corrections:
        raise Http404("There is no such correction.")
    return _page(request, settings, {"corrections": found.corrections, "alone": True}, found.modified)


@login_not_required
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    settings, rows = access_corrections.published(slug)
    found = listed(settings.collection, rows, latest(rows, SIZE), SIZE)
    since = _since(settings)
    base = f"{site.PUBLIC_URL}/public/{slug}/corrections"
    about = AtomFeed(
        id=f"{base}.atom",
        title=f"{settings.name}: corrections",
        link=f"{base}/",
        address=f"{base}.atom",
        updated=max((each.updated for each in found.corrections), default=since),
        author=settings.name,
        language=settings.language,
    )
    body = atom(about, (_entry(slug, each) for each in found.corrections))
    return _answer(request, body, FEED, max(since, found.modified or since))


def _page(
    request: HttpRequest, settings: CollectionSettings, context: dict[str, object], modified: datetime | None
) -> HttpResponse:
    since = _since(settings)
    base = f"/public/{settings.collection.slug}/corrections"
    context |= {"settings": settings, "base": base}
    body = render_to_string("annotations/public_corrections.html", context).encode()
    return _answer(request, body, "text/html; charset=utf-8", max(since, modified or since))


def _since(settings: CollectionSettings) -> datetime:
    """When the settings became what they are."""
    rows = Revision.objects.filter(collection=settings.collection_id, number=settings.created_in)
    return rows.values_list("created_at", flat=True).get()


def _answer(request: HttpRequest, body: bytes, kind: str, modified: datetime) -> HttpResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type=kind)
    answer["ETag"], answer["Last-Modified"] = etag, http_date(modified.timestamp())
    answer["Cache-Control"] = FRESH
    unchanged = get_conditional_response(request, etag, int(modified.timestamp()), answer)
    assert isinstance(unchanged, HttpResponse)
    return unchanged


def _entry(slug: str, each: Public) -> AtomEntry:
    host = urlsplit(site.PUBLIC_URL).hostname
    what = each.title or each.url or "An article"
    return AtomEntry(
        id=f"tag:{host},{each.published:%Y-%m-%d}:{slug}/corrections/{each.key}",
        title=f"{'Withdrawn: ' if each.withdrawn else 'Correction: '}{what}",
        link=f"{site.PUBLIC_URL}/public/{slug}/corrections/{each.key}/",
        published=each.published,
        updated=each.updated,
        html=paragraphs(_told(each)),
    )


def _told(each: Public) -> list[tuple[str, str]]:
    where = " · ".join(filter(None, [each.publisher, each.title, each.url]))
    if each.withdrawn:
        return [("", where), ("", f"This correction was withdrawn on {each.withdrawn:%-d %B %Y}.")]
    lines = [
        ("", where),
        ("", each.public_text),
        ("We wrote:", each.reads),
        ("It should read:", each.should_read),
    ]
    if each.changed:
        lines.append(("", f"Changed on {each.changed:%-d %B %Y}."))
    return lines
