"""Taking a wrong import out of the collection: asked first, undone by one click."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from annotations import access
from annotations.models import ArticleDetails, ClaimState, Membership
from annotations.services.errors import LedgerError, OthersWork
from annotations.services.ledger import Stale
from annotations.services.withdrawal import withdraw_article
from annotations.views.answers import STATUS
from annotations.views.page_conflict import seen_since
from annotations.views.pages import collection_page


@require_http_methods(["GET", "HEAD", "POST"])
def article_withdraw(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    details = access.article(seat, article_id)
    claims = ClaimState.objects.current().filter(span__article=article_id).count()
    context = {"details": details, "claims": claims, "refusal": None, "depends": [], "conflict": None}
    status = 200
    if request.method == "POST":
        raw = request.POST.get("base", "")
        base = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
        try:
            withdraw_article(seat.collection, author=seat.user, article_id=article_id, base=base)
            return redirect("article-detail", slug, article_id)  # where it says so, with the way back
        except LedgerError as refusal:
            context |= {"refusal": _words(refusal), "depends": getattr(refusal, "depends", [])[:20]}
            status = STATUS.get(type(refusal), 422)
            if isinstance(refusal, Stale) and refusal.current:
                seen = ArticleDetails.objects.filter(pk=base, article=article_id).first()
                context["conflict"] = seen_since(seat, seen, refusal.current)
    return collection_page(
        request, seat, "annotations/article_withdraw.html", context, here="articles", status=status
    )


def _words(refusal: LedgerError) -> str:
    if isinstance(refusal, OthersWork):
        return "Others have worked on it. Ask them to take their work back, or undo it in the history."
    return str(refusal)
