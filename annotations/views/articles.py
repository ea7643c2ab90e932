"""The list of articles, and what is known of one."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from annotations import access, access_articles, access_work
from annotations.access import Seat
from annotations.forms.articles import (
    LINES_SHOWN,
    ROLES,
    ArticleFilterForm,
    DetailsForm,
    lines_of,
    roles_of,
    roles_over,
)
from annotations.imports import reblock
from annotations.models import ArticleDetails, ArticleWork, Membership, Revision, Status
from annotations.services.articles import edit_details
from annotations.services.errors import Invalid
from annotations.services.ledger import Stale
from annotations.views.page_conflict import Conflict, conflict_of
from annotations.views.pages import collection_page, page_of
from annotations.views.versions import line_pairs
from annotations.views.work import lines_of as work_of

PAGE = 25
OPENING = Case(When(title="", then=Substr("article__text", 1, 200)), default=Value(""))
"""How an article without a title begins: no other text is read for it."""
LEFT = (Status.TO_CHECK, Status.OPEN, Status.CONTESTED)
ORDERS = {
    "newest": [F("article").desc()],
    "title": [F("title").asc(), F("article").asc()],
    "publisher": [F("publisher").asc(), F("title").asc(), F("article").asc()],
    "published": [F("published_on").desc(nulls_last=True), F("article").desc()],
    "due": [F("due").asc(nulls_last=True), F("article").desc()],
}


@require_safe
def article_list(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug)
    form = ArticleFilterForm(request.GET or None, people=access_work.checkers(seat))
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    articles = access.articles(seat).annotate(opening=OPENING)
    rows = _filtered(seat, articles, chosen).order_by(*ORDERS[chosen.get("sort") or "newest"])
    filtered = any(value for name, value in chosen.items() if name != "sort")
    cited = reference_count(seat)
    total = None if filtered else article_count(seat) - cited
    page = page_of(rows, request.GET.get("page", ""), size=PAGE, total=total)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "articles": with_progress(seat, page.rows),
        "page": page,
        "query": query.urlencode(),
        "filtered": filtered,
        "references": cited,
        "shows_references": chosen.get("role") == ArticleDetails.Role.REFERENCE,
    }
    return collection_page(request, seat, "annotations/article_list.html", context, here="articles")


def article_count(seat: Seat) -> int:
    """As the last revision carries it."""
    last = Revision.objects.filter(collection=seat.collection, number=seat.collection.head)
    return last.values_list("articles", flat=True).first() or 0


def reference_count(seat: Seat) -> int:
    return access_articles.reference_counts([seat.collection.pk]).get(seat.collection.pk, 0)


def _filtered(seat: Seat, rows: QuerySet[ArticleDetails], chosen: dict[str, Any]) -> QuerySet[ArticleDetails]:
    if words := chosen.get("q"):
        rows = rows.filter(
            Q(title__icontains=words) | Q(publisher__icontains=words) | Q(article__text__icontains=words)
        )
    if chosen.get("publisher"):
        rows = rows.filter(publisher__icontains=chosen["publisher"])
    if (kind := chosen.get("role") or ArticleDetails.Role.CHECKED) != "all":
        rows = rows.filter(role=kind)
    if work := chosen.get("work"):
        claims: Any = access.claims(seat)
        left = Exists(claims.filter(span__article=OuterRef("article"), shown_status__in=LEFT))
        rows = rows.filter(left if work == "left" else ~left)
    return _by_work(seat, rows, chosen)


def _by_work(seat: Seat, rows: QuerySet[ArticleDetails], chosen: dict[str, Any]) -> QuerySet[ArticleDetails]:
    """An article without a row waits, and is nobody's."""
    work: Any = access_work.work(seat).filter(article=OuterRef("article"))
    if chosen.get("sort") == "due":
        rows = rows.annotate(due=Subquery(work.values("due_at")[:1]))
    if stage := chosen.get("stage"):
        others = Exists(work.exclude(stage=stage))
        waits = stage == ArticleWork.Stage.WAITING
        rows = rows.filter(~others if waits else Exists(work.filter(stage=stage)))
    if whose := chosen.get("owner"):
        owned = Exists(work.filter(owner__isnull=False))
        hers = work.filter(owner=seat.user.pk if whose == "me" else whose) if whose != "nobody" else None
        rows = rows.filter(~owned if hers is None else Exists(hers))
    return rows


def with_progress(seat: Seat, rows: list[ArticleDetails]) -> list[ArticleDetails]:
    """Rows with an `opening`: each keeps its first line, and gets `total` and `done`, its claims and those of them
    that are settled, by one query for all; and `work`, where its checking stands, by another."""
    claims: Any = access.claims(seat).filter(span__article__in=[row.article_id for row in rows])
    counts = claims.order_by().values_list("span__article", "shown_status").annotate(Count("pk"))
    total: Counter[int] = Counter()
    done: Counter[int] = Counter()
    for article_id, status, n in counts:
        total[article_id] += n
        done[article_id] += 0 if status in LEFT else n
    standing = work_of(seat, [row.article_id for row in rows])
    for row in rows:
        row.work = standing.get(row.article_id)  # type: ignore[attr-defined]
        row.total, row.done = total[row.article_id], done[row.article_id]  # type: ignore[attr-defined]
        row.percent = round(100 * row.done / row.total) if row.total else 0  # type: ignore[attr-defined]
        row.opening = row.opening.strip().partition("\n")[0]  # type: ignore[attr-defined]
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def article_details(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    details = access.article(seat, article_id)
    form = DetailsForm(request.POST or None, live=details)
    if request.method != "POST":
        return _details_page(request, seat, details, form)
    if not form.is_valid():
        return _details_page(request, seat, details, form, status=422)
    changes = form.changes | {"blocks": _blocks(request, details, form)}
    try:
        edit_details(
            seat.collection, author=seat.user, article_id=article_id, base=form.base_version, changes=changes
        )
    except Stale as stale:
        return _conflicting(request, seat, form, stale.current)
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return _details_page(request, seat, details, form, status=422)
    messages.success(request, "Details saved.")
    return redirect("article-details", slug, article_id)


def _conflicting(request: HttpRequest, seat: Seat, form: DetailsForm, live: Any) -> HttpResponse:
    rebased, conflict = conflict_of(seat, form, form.base_version, live)
    seen = ArticleDetails.objects.filter(pk=form.base_version, article=live.article_id).first() or live
    blocks = roles_over(request.POST, seen.blocks, live.blocks)
    conflict.pairs += line_pairs(live, blocks)
    return _details_page(request, seat, live, rebased, status=409, conflict=conflict, blocks=blocks)


def _blocks(request: HttpRequest, details: ArticleDetails, form: DetailsForm) -> list[dict[str, Any]]:
    """With the roles chosen, and sentences cut anew where the language is another."""
    blocks = roles_of(request.POST, "", details.blocks)
    if "language" not in form.changed_data:
        return blocks
    return reblock(details.article.text, blocks, form.cleaned_data["language"])


def _details_page(
    request: HttpRequest,
    seat: Seat,
    details: ArticleDetails,
    form: DetailsForm,
    status: int = 200,
    conflict: Conflict | None = None,
    blocks: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    text = details.article.text
    blocks = blocks or roles_of(request.POST, "", details.blocks)
    pages = max(1, -(-len(blocks) // LINES_SHOWN))
    raw = request.GET.get("lines", "")
    part = min(pages, max(1, int(raw))) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1
    lines = lines_of(text, blocks, part)
    context = {
        "details": details,
        "form": form,
        "lines": lines,
        "part": part,
        "pages": pages,
        "line_count": len(blocks),
        "first_line": lines[0]["n"] + 1 if lines else 0,
        "last_line": lines[-1]["n"] + 1 if lines else 0,
        "roles": ROLES,
        "conflict": conflict,
    }
    return collection_page(
        request, seat, "annotations/article_details.html", context, here="articles", status=status
    )
