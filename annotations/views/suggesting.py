"""Sources already used in the collection, and its articles, that match what is being typed."""

from html import escape

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotations import access, access_sources
from annotations.models import Membership, Source, SourceDetails
from annotations.services.errors import Invalid
from annotations.views.answers import fragment, joined, page_or
from annotations.views.reading import Reading
from annotations.views.source_form import short

MOST = 8
LOOKED_THROUGH = 5000
"""The newest so many are looked through, however many there are."""
SHORTEST, LONGEST = 2, 200


@require_safe
@fragment(Membership.Role.REVIEWER)
def known_sources(request: HttpRequest, at: Reading) -> HttpResponse:
    """?q=…, what was typed; ?for=article asks for articles of the collection."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    if "\0" in typed:
        raise Invalid("NUL characters cannot be stored.", "q")
    if request.GET.get("for") == "article":
        return page_or(request, at, None, lambda: joined([_listed(_articles(at, typed))]))
    return page_or(request, at, None, lambda: joined([_listed(_sources(at, typed)), _same(at, typed)]))


def _listed(options: list[str]) -> str:
    hidden = "" if options else " hidden"
    return (
        f'<ul id="known" class="known" role="listbox" aria-label="Already in this collection"{hidden}>'
        f"{''.join(options)}</ul>"
    )


def at_address(at: Reading, url: str) -> SourceDetails | None:
    """The source that is at this address already, however it was typed."""
    wanted = _plain(url)
    if "." not in wanted:
        return None
    ways = _ways_to_write(wanted)
    alike = Q(url__in=ways)
    for way in ways:
        alike |= Q(url__startswith=f"{way}#")
    # The databases do not agree on whether that heeds capitals.
    rows = access_sources.sources(at.seat).filter(alike).order_by("pk")
    return next((row for row in rows if _plain(row.url) == wanted), None)


def _plain(url: str) -> str:
    """Without what two people write differently: the scheme, www, the last slash, where in the page."""
    bare = url.strip().partition("#")[0].removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")


def _ways_to_write(plain: str) -> list[str]:
    """What `_plain` takes for the same: found by these, exactly, however many addresses begin like them."""
    return [
        f"{scheme}{www}{plain}{slash}"
        for scheme in ("https://", "http://", "")
        for www in ("", "www.")
        for slash in ("", "/")
    ]


def _same(at: Reading, typed: str) -> str:
    """A notice that stays when the field is left: the same page twice would be two sources of one origin."""
    found = at_address(at, typed)
    if found is None:
        return ""
    name = escape(short(found.title or found.url))
    return (
        f'<p id="already" class="hint already">This address is already a source here: <b dir="auto">{name}</b>. '
        f'<button type="button" class="button small plain" data-value="{found.source_id}" data-name="{name}">'
        "Cite that one</button></p>"
    )


def _sources(at: Reading, typed: str) -> list[str]:
    if len(typed) < SHORTEST:
        return []
    rows = access_sources.sources(at.seat)
    newest = rows.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    address = typed.removeprefix("https://").removeprefix("http://").rstrip("/")
    matches = Q(title__icontains=typed) | Q(person_role__icontains=typed)
    if address:
        matches |= Q(url__icontains=address)
    found = list(rows.filter(matches, pk__in=newest).order_by("-pk")[:MOST])
    claims = _cited_for(at, [each.source_id for each in found])
    return [_option(each, claims.get(each.source_id), index) for index, each in enumerate(found)]


def _option(each: SourceDetails, claim: int | None, index: int) -> str:
    name = short(each.title or each.url or each.note or each.person_role)
    facts = [Source.Kind(each.source.kind).label, each.publisher, short(each.url) if each.title else ""]
    facts.append(f"already cited for claim {claim}" if claim else "")
    about = " · ".join(escape(fact) for fact in facts if fact)
    return _row(index, str(each.source_id), name, about, f' data-url="{escape(each.url)}"')


def _row(index: int, value: str, name: str, about: str, more: str = "") -> str:
    return (
        f'<li role="option" id="known-{index}" aria-selected="false" data-value="{value}"'
        f' data-name="{escape(name)}"{more}><span dir="auto">{escape(name)}</span>'
        f' <span class="about">{about}</span></li>'
    )


def _cited_for(at: Reading, sources: list[int]) -> dict[int, int]:
    """source → the last claim that cites it, of those that the person sees cite it."""
    rows = access.evidence(at.seat).filter(source__in=sources).order_by("pk")
    return dict(rows.values_list("source", "span"))


def _articles(at: Reading, typed: str) -> list[str]:
    rows = access.articles(at.seat).exclude(article=at.article_id)
    if typed:
        newest = rows.order_by("-article").values("pk")[:LOOKED_THROUGH]
        rows = rows.filter(Q(title__icontains=typed) | Q(publisher__icontains=typed), pk__in=newest)
    found = rows.order_by("-article")[:MOST]
    return [
        _row(index, str(each.article_id), short(str(each)), _numbered(each.publisher, each.article_id))
        for index, each in enumerate(found)
    ]


def _numbered(publisher: str, article: int) -> str:
    return " · ".join(filter(None, [escape(publisher), f"Number {article}"]))
