"""All claims of a collection: searched, filtered, in an order, a page at a time."""

from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from annotations import access, access_articles, access_claims, access_desk, access_history
from annotations.access import Seat
from annotations.access_listing import Listed, listed
from annotations.access_search import FOUND
from annotations.forms.claims import ClaimFilterForm
from annotations.models import ArticleDetails, ClaimState, Status, Verdict
from annotations.services.many import MOST
from annotations.services.preferences import root_classes
from annotations.tally import STATUS_WORDS
from annotations.views.bulk_actions import actions_of
from annotations.views.entries import claim_url, titles_of
from annotations.views.pages import collection_page
from annotations.views.reading import UNSOURCED, WAITING, due_again

PAGE = 50
OUTLETS = 2_000
"""Among so many, by name, is one looked for."""
OUTLETS_SHOWN = 200


@require_safe
def claim_list(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    form = filter_form(seat, request.GET)
    found = listed(seat, form.wanted, form.begins, PAGE)
    context = {
        "form": form,
        "claims": _told(seat, found),
        "found": found,
        "filtered": form.narrowed,
        "most_found": FOUND,
    }
    context |= {
        "root_classes": root_classes(seat.user),
        "actions": actions_of(seat),
        "query": plain(request.GET, "after"),
        "saved": _saved(seat, plain(request.GET, "after")),
        "most_at_once": MOST,
    }
    context |= _ways(request.GET, found) | {"chips": _chips(seat, form, request.GET)}
    answer = collection_page(request, seat, "annotations/claim_list.html", context, here="claims")
    if request.headers.get("HX-Request"):
        answer["HX-Push-Url"] = f"{request.path}?{plain(request.GET)}".removesuffix("?")
    return answer


def filter_form(seat: Seat, data: QueryDict) -> ClaimFilterForm:
    people = [] if seat.is_viewer else [(user.pk, str(user)) for user in access_history.people(seat)]
    outlets = access_articles.publishers(seat, OUTLETS if data.get("publisher") else OUTLETS_SHOWN)
    return ClaimFilterForm(data, people=people, outlets=outlets, viewer=seat.is_viewer)


def _ways(query: QueryDict, found: Listed) -> dict[str, Any]:
    """Where the list goes on, and where it begins."""
    goes_on = query.copy()
    goes_on["after"] = found.after
    return {
        "newest": plain(query, "after", "sort"),
        "first": plain(query, "after") if query.get("after") else None,
        "further": plain(goes_on) if found.after else None,
    }


def _chips(seat: Seat, form: ClaimFilterForm, query: QueryDict) -> list[dict[str, str]]:
    """The filters that are on, each with the address of the list without it."""
    chosen = list(form.chosen())
    if article := form.cleaned_data.get("article"):
        title = str(titles_of(seat, [article]).get(article, "not in this collection"))
        chosen.append(("article", "Article", title))
    return [
        {"label": label, "said": said, "off": plain(query, name, "after")} for name, label, said in chosen
    ]


def _saved(seat: Seat, query: str) -> list[dict[str, Any]]:
    """The person's saved filters; whether it is the one on screen, in whatever order its parts stand."""
    here = sorted(parse_qsl(query))
    return [
        {"name": each.name, "query": each.query, "here": sorted(parse_qsl(each.query)) == here}
        for each in access_claims.saved_filters(seat)
    ]


def plain(query: QueryDict, *without: str) -> str:
    """The address of a list, to keep or to send to somebody: what is chosen, without what is empty."""
    rest = query.copy()
    for name in query:
        if name in without or not rest[name]:
            rest.pop(name)
    return rest.urlencode()


def with_articles(seat: Seat, claims: list[ClaimState]) -> list[dict[str, Any]]:
    """Claims as rows of a list, with the titles of their articles by one query."""
    titles = titles_of(seat, {claim.span.article_id for claim in claims})
    return [_row(seat, claim, titles.get(claim.span.article_id)) for claim in claims]


def _told(seat: Seat, found: Listed) -> list[dict[str, Any]]:
    """Each with when it is due, where that was asked for, and whose it is to judge, by one query more."""
    given = _given(seat, found.rows)
    rows = with_articles(seat, found.rows)
    for claim, row in zip(found.rows, rows, strict=True):
        whose = {*given.get(claim.span_id, ()), *given.get(-claim.span.article_id, ())}
        row |= {"due": found.dues.get(claim.span_id), "given": sorted(whose)}
    return rows


def _given(seat: Seat, claims: list[ClaimState]) -> dict[int, list[str]]:
    """Names of who is asked to judge: by claim, and by article as a negative number."""
    spans, articles = [claim.span_id for claim in claims], {claim.span.article_id for claim in claims}
    rows = access_desk.assignments(seat).select_related("reviewer")
    wanted = Q(span__in=spans) | Q(article__in=articles, span=None)
    given: dict[int, list[str]] = {}
    for row in rows.filter(wanted) if claims else ():
        given.setdefault(row.span_id or -row.article_id, []).append(str(row.reviewer))
    return given


def _state(seat: Seat, claim: Any) -> str:
    if claim.shown_status != Status.OPEN:
        return due_again(claim.again_on) or STATUS_WORDS[claim.shown_status]
    opinions = sum(claim.counts.get(verdict, 0) for verdict in Verdict.values)
    return UNSOURCED if opinions >= seat.settings.reviews_needed else WAITING


def _row(seat: Seat, claim: Any, details: ArticleDetails | None) -> dict[str, Any]:
    shown = claim.shown_status == claim.status and claim.shown_verdict == claim.verdict
    return {
        "id": claim.span_id,
        "quote": claim.span.quote,
        "status": claim.shown_status,
        "status_label": _state(seat, claim),
        "verdict": claim.shown_verdict,
        "verdict_label": Verdict(claim.shown_verdict).label if claim.shown_verdict else "",
        "counts": [(v.value, v.label, claim.counts[v]) for v in Verdict if v in claim.counts]
        if shown
        else [],
        "details": details,
        "url": _where(seat, claim),
    }


def _where(seat: Seat, claim: Any) -> str:
    """What waits for an editor's decision is opened where it is decided; any other claim in its text."""
    slug = seat.collection.slug
    if seat.is_editor and (claim.shown_status == Status.CONTESTED or due_again(claim.again_on)):
        return f"/c/{slug}/claims/{claim.span_id}/"
    return claim_url(slug, claim.span.article_id, claim.span_id)
