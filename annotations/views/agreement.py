"""How far reviewers agree beyond chance: figures, whose and of which claims they are, and the same as files."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings as site
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotations import access, access_desk
from annotations.access import Seat
from annotations.domain.agreement_figures import most_first
from annotations.exports import agreement as files
from annotations.forms.agreement import AgreementForm, CellForm
from annotations.models import User, Verdict
from annotations.services.agreement import END, Cell, Kept, behind, counted, given
from annotations.views.agreement_lines import matrix, overall, pair_lines
from annotations.views.claim_list import PAGE, with_articles
from annotations.views.pages import collection_page, page_of

PAIRS = 15
WAYS = {"unseen": "Before they saw others’", "standing": "As they stand now"}


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    seat = comparing(request, slug)
    kept = counted(seat.collection)
    names = _names(kept)
    form = AgreementForm(request.GET, people=sorted(names.items(), key=lambda each: each[1].casefold()))
    way = way_of(form, kept)
    context = {"form": form, "way": way, "ways": WAYS.items(), "kept": kept}
    context |= _told(kept, names, way, form, request.GET.get("page", ""))
    return collection_page(request, seat, "annotations/agreement.html", context, here="agreement")


def comparing(request: HttpRequest, slug: str) -> Seat:
    seat = access.seat(request.user, slug)
    access_desk.comparing(seat)
    return seat


def way_of(form: AgreementForm, kept: Kept) -> str:
    """Where nothing is chosen: unseen, where any two people spoke so."""
    chosen: str = form.cleaned_data.get("way") or ""
    return chosen or ("unseen" if kept.ways["unseen"].pairs else "standing")


def _names(kept: Kept) -> dict[int, str]:
    ids = {who for counts in kept.ways.values() for who in counts.people}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}


def _told(kept: Kept, names: dict[int, str], way: str, form: AgreementForm, wanted: str) -> dict[str, Any]:
    """Only of the pairs that are shown are the intervals drawn."""
    counts = kept.ways[way]
    most = most_first(counts.pairs.items())
    pair = form.pair or (most[0][0] if most else None)
    page = page_of(most, wanted, size=PAIRS, total=len(most))
    return {
        "overall": overall(counts, way),
        "opinions": sum(counts.people.values()),
        "matrix": matrix(counts, names, way, pair) if pair else None,
        "pair": pair,
        "page": replace(page, rows=pair_lines(page.rows, names, way, pair)),
        "query": f"way={way}",
    }


@require_safe
def cell(request: HttpRequest, slug: str) -> HttpResponse:
    """The claims behind a number."""
    seat = comparing(request, slug)
    form = CellForm(request.GET)
    if not form.is_valid():
        raise Http404("No such claims: choose a number on the page of agreement.")
    kept = counted(seat.collection)
    names = _names(kept)
    if not names.keys() >= set(form.cell.people or ()):
        raise Http404("Nobody of that number has given a verdict here.")
    before = form.cleaned_data["before"]
    spans = behind(seat.collection, kept, form.cell, before or END, PAGE + 1)
    claims: Any = access.claims(seat).filter(span__in=spans[:PAGE]).select_related("span").order_by("-span")
    context = {"claims": with_articles(seat, list(claims)), "newest": before is not None}
    context |= _cell(form.cell, names)
    if len(spans) > PAGE:
        context["older"] = spans[PAGE - 1]
    return collection_page(request, seat, "annotations/agreement_cell.html", context, here="agreement")


def _cell(wanted: Cell, names: dict[int, str]) -> dict[str, Any]:
    whose = dict(zip("ab", wanted.people or (), strict=False))
    says = [Verdict(each).label if each else "any verdict" for each in wanted.verdicts]
    verdicts = {name: each for name, each in zip(("va", "vb"), wanted.verdicts, strict=True) if each}
    return {
        "said": [(names[who], label) for who, label in zip(whose.values(), says, strict=False)],
        "verdict": says[0],
        "way_label": WAYS[wanted.way],
        "table": urlencode({"way": wanted.way, **whose}),
        "query": urlencode({"way": wanted.way, **whose, **verdicts}),
    }


@require_safe
def pairs_file(request: HttpRequest, slug: str) -> HttpResponse:
    seat = comparing(request, slug)
    kept = counted(seat.collection)
    way = way_of(AgreementForm(request.GET, people=[]), kept)
    return _file(slug, f"pairs-{way}", files.pairs(kept, way, access.public_names(seat)))


@require_safe
def verdicts_file(request: HttpRequest, slug: str) -> HttpResponse:
    seat = comparing(request, slug)
    rows = given(seat.collection, counted(seat.collection))
    url = f"{site.PUBLIC_URL}/c/{slug}/claims/"
    return _file(slug, "verdicts", files.verdicts(rows, access.public_names(seat), url))


def _file(slug: str, name: str, text: str) -> HttpResponse:
    disposition = f'attachment; filename="{slug}-agreement-{name}.csv"'
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
