"""A collection's front page, and its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from annotations import access
from annotations.access import Seat
from annotations.forms.collections import SettingsForm
from annotations.models import ArticleDetails, Membership, Revision, Status
from annotations.revealed_counts import revealed_counts
from annotations.services.errors import Invalid
from annotations.services.ledger import Stale
from annotations.services.settings import change_settings, restated
from annotations.tally import Tally, moved_in_words
from annotations.views.articles import OPENING, reference_count, with_progress
from annotations.views.charts import charts
from annotations.views.claim_list import with_articles
from annotations.views.entries import entries
from annotations.views.news import unread_news
from annotations.views.page_conflict import Conflict, conflict_of
from annotations.views.pages import collection_page

LATEST = 8
ASIDE = 5


@require_safe
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    checked = access.articles(seat).filter(role=ArticleDetails.Role.CHECKED)
    recent = checked.annotate(opening=OPENING).order_by("-article")[:LATEST]
    claims: Any = access.claims(seat)
    contested = (
        claims.filter(shown_status=Status.CONTESTED, shown_verdict=None)
        .select_related("span")
        .order_by("-span")
    )
    revisions = access.revisions(seat).select_related("author").order_by("-number")[:ASIDE]
    last = Revision.objects.filter(collection=seat.collection, number=seat.collection.head).first()
    every = last.articles if last else 0
    cited = reference_count(seat)
    tally = _tally(seat, last)
    context = {
        "tally": tally,
        "article_count": every - cited,
        "reference_count": cited,
        "articles": with_progress(seat, list(recent)),
        "contested": with_articles(seat, list(contested[:ASIDE])),
        "entries": entries(seat, revisions),
        "news": unread_news(seat),
        **charts(seat, tally.total),
    }
    return collection_page(request, seat, "annotations/collection.html", context, here="overview")


def _tally(seat: Seat, last: Revision | None) -> Tally:
    """From the counts that the last revision carries, so at no cost; what is hidden from me counts as to check."""
    counts = dict(last.tally) if last else {}
    if seat.is_viewer:
        return Tally({key: n for key, n in counts.items() if key.split(":")[0] in access.VIEWERS_SEE})
    if not seat.is_blind:
        return Tally(counts)
    seen = dict(revealed_counts(seat))
    seen[Status.TO_CHECK] = seen.get(Status.TO_CHECK, 0) + sum(counts.values()) - sum(seen.values())
    return Tally(seen)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    form = SettingsForm(request.POST or None, live=seat.settings)
    if request.method != "POST":
        return _settings_page(request, seat, form)
    if not form.is_valid():
        return _settings_page(request, seat, form, status=422)
    try:
        version = change_settings(
            seat.collection, author=seat.user, base=form.base_version, changes=form.changes
        )
    except Stale as stale:
        rebased, conflict = conflict_of(seat, form, form.base_version, stale.current)
        return _settings_page(request, seat, rebased, status=409, conflict=conflict)
    except Invalid as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _settings_page(request, seat, form, status=422)
    moved = [] if version == form.base_version else restated(seat.collection, seat.collection.head)
    messages.success(request, f"Settings saved. {moved_in_words(moved)}".strip())
    return redirect("collection-settings", slug)


def _settings_page(
    request: HttpRequest, seat: Seat, form: SettingsForm, status: int = 200, conflict: Conflict | None = None
) -> HttpResponse:
    members = Membership.objects.filter(collection=seat.collection, ended=None).select_related("user")
    context = {
        "form": form,
        "members": members.order_by("user__display_name", "user__username"),
        "conflict": conflict,
    }
    return collection_page(
        request, seat, "annotations/settings.html", context, here="settings", status=status
    )
