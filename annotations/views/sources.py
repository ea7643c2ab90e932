"""Sources, added and changed in the card of a claim."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations import access, access_sources
from annotations.models import Evidence, Source, SourceDetails
from annotations.services import documents
from annotations.services import evidence as service
from annotations.services.errors import Invalid, NotThere
from annotations.services.evidence import NewSource
from annotations.views import recent
from annotations.views.answers import already_done, changed, fragment, key_of, page_or
from annotations.views.claims import base_of, my_claim, number
from annotations.views.documents import kept, named_by
from annotations.views.reading import Reading
from annotations.views.source_form import KINDS, short
from annotations.views.source_input import article_id_in, citation_in, details_in, text
from annotations.views.suggesting import at_address

NAMING = ("title", "publisher", "person_role", "note", "shows", "url", "article", "document")


@require_POST
@fragment()
def source_add(request: HttpRequest, at: Reading, span_id: int) -> HttpResponse:
    claim = my_claim(at, span_id)
    again = recent.cited(at) if _says_again(request) else None
    source = again[0] if again else _chosen(request, at) or _new(request, at)
    known = _known(at, source)
    cited = service.add_evidence(
        at.seat.collection,
        author=at.seat.user,
        span_id=span_id,
        source=source,
        citation=citation_in(request),
        key=key_of(request),
    )
    words = f"Claim {span_id}: source added{f' again: {short(again[1])}' if again else ''}."
    if cited.changed:  # a request sent again finds its own source at the address
        words += known
    return page_or(
        request,
        at,
        span_id,
        lambda: changed(at, span_id, (claim.start, claim.end), words, undo=cited.changed),
        words,
    )


@require_POST
@fragment()
def source_change(request: HttpRequest, at: Reading, key: str) -> HttpResponse:
    if done := already_done(request, at):
        return done
    row = _own(at, key)
    claim, details = my_claim(at, row.span_id), _changed_details(request, row)
    if details:
        access_sources.changing_source(at.seat, row.source_id)
    service.edit_evidence(
        at.seat.collection,
        author=at.seat.user,
        evidence_key=key,
        base=number(request, "base"),
        citation=citation_in(request),
        source_details=details,
        source_base=_source_base(request, needed=bool(details)),
        key=key_of(request),
    )
    words = f"Claim {row.span_id}: source changed."
    return page_or(
        request, at, row.span_id, lambda: changed(at, row.span_id, (claim.start, claim.end), words), words
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
        request, at, row.span_id, lambda: changed(at, row.span_id, (claim.start, claim.end), words), words
    )


def _source_base(request: HttpRequest, *, needed: bool) -> int | None:
    if "source_base" in request.POST:
        return number(request, "source_base")
    if needed:
        raise Invalid("Open the source's form again: which version of it you changed did not come through.")
    return None


def _own(at: Reading, key: str) -> Evidence:
    row = access_sources.own_evidence(at.seat, key)
    if row.span.article_id != at.article_id:
        raise NotThere("There is no such source in this article.")
    return row


def _says_again(request: HttpRequest) -> bool:
    """ "Same source again", or Enter in an empty form, which without an earlier source is one that lacks a name."""
    named = any(request.POST.get(name, "").strip() for name in (*NAMING, "source")) or request.FILES
    return request.POST.get("again") == "1" or not named


def _chosen(request: HttpRequest, at: Reading) -> int | None:
    """A source that was suggested and taken: that same one is cited."""
    if not request.POST.get("source", "").strip():
        return None
    source = number(request, "source")
    if not access_sources.sources(at.seat).filter(source=source).exists():
        raise NotThere("This source is no longer there: name it again.")
    return source


def _new(request: HttpRequest, at: Reading) -> NewSource:
    if _says_again(request):
        raise Invalid(
            "Name the source: a title or an address. There is no earlier one of yours to repeat.", "title"
        )
    kind = request.POST.get("kind", Source.Kind.WEB)
    if kind not in KINDS:
        raise Invalid("Choose what kind of source it is.", "kind")
    file = _file(request, at) if kind in (Source.Kind.DOCUMENT, Source.Kind.IMAGE) else ""
    details = details_in(request, kind)
    if file:
        kind = documents.KINDS[Path(file).suffix]
    article = article_id_in(request) if kind == Source.Kind.ARTICLE else None
    if article:
        details = _of_article(at, article) | {name: said for name, said in details.items() if said}
    return NewSource(kind, details, tier=_tier(request, at), article_id=article, file=file)


def _known(at: Reading, source: int | NewSource) -> str:
    """Said when it is saved too: without scripts nobody said so before."""
    url = source.details.get("url", "") if isinstance(source, NewSource) else ""
    if not url or at_address(at, url) is None:
        return ""
    return " Its address was already a source here: undo, and choose that one, unless they are two."


def _of_article(at: Reading, article: int) -> dict[str, Any]:
    """What the collection says of an article, for what the form left empty."""
    names = ("title", "publisher", "published_on")
    return access.articles(at.seat).filter(article=article).values(*names).first() or {}


def _file(request: HttpRequest, at: Reading) -> str:
    """What the document shows is asked before the file is kept."""
    handle = named_by(request, at)
    if (handle or request.FILES) and not text(request, "shows"):
        raise Invalid("Say what it shows, for those who cannot see it.", "shows")
    return handle or kept(request)


def _tier(request: HttpRequest, at: Reading) -> str:
    return request.POST.get("tier", "") if at.seat.is_editor else ""


def _changed_details(request: HttpRequest, row: Evidence) -> dict[str, Any] | None:
    """What the form says otherwise about the source itself; None where nothing."""
    now = SourceDetails.objects.current().get(source=row.source_id)
    wanted = details_in(request, row.source.kind)
    different = {name: value for name, value in wanted.items() if value != getattr(now, name)}
    return different or None
