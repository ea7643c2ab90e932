"""The import page: read, look, correct, confirm. Between the steps the texts live in the page, not here."""

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from annotations import access
from annotations.access import Seat
from annotations.domain.metadata import TWO_HEADLINES
from annotations.forms import imports as drafts
from annotations.forms.imports import Proposal, UploadForm
from annotations.models import Membership
from annotations.services.articles import Details, find_text, import_article
from annotations.services.errors import DuplicateText, Invalid
from annotations.services.ledger import KeyReused
from annotations.views.pages import collection_page


@require_http_methods(["GET", "HEAD", "POST"])
def article_import(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    if request.method != "POST":
        return _page(request, seat, form=UploadForm())
    if "confirm" in request.POST:
        return _confirm(request, seat)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seat, form=form, status=422)
    sources = [*form.cleaned_data["uploads"], *filter(str.strip, [form.cleaned_data["pasted"]])]
    proposals = [drafts.read(f"d{n}", source) for n, source in enumerate(sources)]
    _find_doubles(seat, proposals)
    if sum(len(proposal.text) for proposal in proposals) > drafts.MOST_CHARACTERS:
        form.add_error(
            "uploads", "Together these are more text than one page can carry. Import fewer at a time."
        )
        return _page(request, seat, form=form, status=422)
    status = 200 if any(proposal.importable for proposal in proposals) else 422
    return _page(request, seat, proposals=proposals, status=status)


def _find_doubles(seat: Seat, proposals: list[Proposal]) -> None:
    first: dict[str, str] = {}
    for proposal in proposals:
        if proposal.form is None:
            continue
        proposal.duplicate = find_text(seat.collection, proposal.text)
        proposal.twin = first.get(proposal.digest, "")
        first.setdefault(proposal.digest, proposal.name)


def _confirm(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        wanted = [prefix for prefix in request.POST.getlist("draft") if f"{prefix}-take" in request.POST]
        proposals = [drafts.reopen(prefix, request.POST) for prefix in wanted[: drafts.MOST_FILES]]
    except (BadSignature, ValueError):
        messages.error(request, "These drafts are too old, or changed on the way. Upload the files again.")
        return redirect("article-import", seat.collection.slug)
    stored = {proposal.prefix: _store(seat, proposal) for proposal in proposals}
    done = [article_id for article_id in stored.values() if article_id]
    left = [proposal for proposal in proposals if not stored[proposal.prefix]]
    if done:
        messages.success(
            request, "1 article imported." if len(done) == 1 else f"{len(done)} articles imported."
        )
    for proposal in proposals:
        if stored[proposal.prefix] and len(proposal.headlines) > 1:
            messages.warning(
                request, f"{proposal.name}: {TWO_HEADLINES} The place for it is the article's details."
            )
    if left:
        return _page(request, seat, proposals=left, status=422)
    if len(done) == 1:
        return redirect(f"/c/{seat.collection.slug}/articles/{done[0]}/")
    return redirect("article-list", seat.collection.slug)


def _store(seat: Seat, proposal: Proposal) -> int | None:
    """The article's id, or None, and the proposal says what is in the way."""
    form = proposal.form
    if form is None or not form.is_valid():
        proposal.trouble = "Not imported yet. Correct what is marked, then import it again."
        return None
    fields: dict[str, Any] = form.cleaned_data | {"title": proposal.title(form.cleaned_data["title"])}
    details = Details(**fields, blocks=drafts.blocks_to_store(proposal, fields["language"]))
    try:
        stored = import_article(
            seat.collection, author=seat.user, text=proposal.text, details=details, key=proposal.key
        )
    except DuplicateText as double:
        proposal.duplicate = double.article_id
        return None
    except KeyReused:
        proposal.duplicate = find_text(seat.collection, proposal.text)
        return None
    except Invalid as refusal:
        proposal.trouble = str(refusal)
        return None
    return stored.article_id


def _page(
    request: HttpRequest,
    seat: Seat,
    *,
    form: UploadForm | None = None,
    proposals: list[Proposal] | None = None,
    status: int = 200,
) -> HttpResponse:
    importable = [proposal for proposal in proposals or [] if proposal.importable]
    behind = [*(f"{proposal.prefix}-name" for proposal in importable[1:]), "confirm"]
    context = {
        "form": form or UploadForm(),
        "proposals": proposals or [],
        "importable": importable,
        "in_order": list(zip(importable, behind, strict=False)),  # each with what its lines are skipped to
        "roles": drafts.ROLES,
    }
    return collection_page(
        request, seat, "annotations/article_import.html", context, here="articles", status=status
    )
