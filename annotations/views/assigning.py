"""Who has an article to judge: said on the page of its work, given and taken back there by editors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from annotations import access, access_desk
from annotations.access import Seat
from annotations.forms.assignments import PeopleForm
from annotations.models import ArticleDetails, Membership
from annotations.services import assignments as service
from annotations.services.errors import LedgerError
from annotations.views.answers import STATUS, key_of
from annotations.views.assigned import people_of
from annotations.views.work import work_page


@require_POST
def article_assign(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat, details = _article(request, slug, article_id)
    form = PeopleForm(request.POST, people=people_of(seat))
    if not form.is_valid():
        return work_page(request, seat, details, assign=form, status=422)
    try:
        done = service.assign(
            seat.collection,
            author=seat.user,
            reviewer_ids=form.cleaned_data["people"],
            article_ids=[article_id],
            key=key_of(request),
        )
    except LedgerError as refusal:
        form.add_error("people", str(refusal))
        status = STATUS.get(type(refusal), 422)
        return work_page(request, seat, details, assign=form, status=status)
    words = f"Assigned. That is change {done.revision}, and can be undone in the history."
    messages.success(request, words if done.revision else "They have it already.")
    return redirect(f"/c/{slug}/articles/{article_id}/work/#notices")


@require_POST
def article_unassign(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat, _ = _article(request, slug, article_id)
    raw = request.POST.get("reviewer", "")
    known = raw.isascii() and raw.isdigit() and len(raw) < 19
    done = service.unassign(
        seat.collection,
        author=seat.user,
        reviewer_ids=[int(raw)] if known else [],
        article_ids=[article_id],
    )
    words = f"Taken back. That is change {done.revision}, and can be undone in the history."
    messages.success(request, words if done.revision else "They do not have it any more.")
    return redirect(f"/c/{slug}/articles/{article_id}/work/#notices")


def _article(request: HttpRequest, slug: str, article_id: int) -> tuple[Seat, ArticleDetails]:
    seat = access.seat(request.user, slug, Membership.Role.REVIEWER)
    access_desk.assigning(seat)
    details = access.article(seat, article_id)
    access_desk.checked(details)
    return seat, details
