"""An article on paper: its text with numbered claims, then all of them with what was found."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from annotations import access
from annotations.domain.segments import article_html
from annotations.models import LIVE, Source, Stance, Verdict
from annotations.views.card import headline
from annotations.views.citing import CITED, Cited
from annotations.views.opinions import OPINION, Opinion
from annotations.views.pages import collection_page
from annotations.views.reading import Reading, claims, marks, reading

Printed = list[dict[str, Any]]


@require_safe
def article_print(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    at = reading(request.user, slug, article_id)
    found = sorted(claims(at), key=lambda claim: (claim.start, claim.end, claim.id))
    opinions, cited, decisions = _opinions(at), _cited(at), _decisions(at)
    printed = [
        {
            "claim": claim,
            "quote": at.kept.text[claim.start : claim.end],
            "headline": mark_safe(headline(at, claim)),  # noqa: S308
            "opinions": opinions[claim.id],
            "sources": cited[claim.id],
            "decision": decisions.get(claim.id),
        }
        for claim in found
    ]
    text = mark_safe(article_html(at.kept.text, at.kept.blocks, marks(at.seat, found)))  # noqa: S308
    context = {"article": at.kept.details, "url": at.url, "text": text, "printed": printed}
    return collection_page(request, at.seat, "annotations/article_print.html", context, here="articles")


def _opinions(at: Reading) -> dict[int, Printed]:
    found: dict[int, Printed] = defaultdict(list)
    rows = access.opinions(at.seat).filter(span__article=at.article_id).order_by("pk")
    for span, *row in rows.values_list("span", *OPINION):
        each = Opinion(*row)
        said = {"who": each.name or each.username, "verdict": Verdict(each.verdict).label}
        found[span].append(said | {"why": each.why, "should_read": each.should_read})
    return found


def _cited(at: Reading) -> dict[int, Printed]:
    found: dict[int, Printed] = defaultdict(list)
    rows = access.evidence(at.seat).filter(span__article=at.article_id, source__versions__retired_in=LIVE)
    rows = rows.annotate(first_citer=access.FIRST_CITER).order_by("pk")
    for span, *row in rows.values_list("span", *CITED):
        each = Cited(*row)
        title = each.title or each.note or each.role or Source.Kind(each.kind).label
        said = {"stance": Stance(each.stance).label, "title": title, "excerpt": each.excerpt}
        found[span].append(said | {"about": _about(each), "url": each.url})
    return found


def _about(each: Cited) -> str:
    when = f"{each.published_on:%-d %B %Y}" if each.published_on else ""
    return " · ".join(filter(None, [each.role, each.publisher, when, each.locator]))


def _decisions(at: Reading) -> dict[int, dict[str, str]]:
    rows = access.rulings(at.seat).filter(span__article=at.article_id)
    columns = ("span", "verdict", "rationale", "editor__display_name", "editor__username")
    return {
        span: {"who": name or username, "verdict": Verdict(verdict).label, "why": why}
        for span, verdict, why, name, username in rows.values_list(*columns)
    }
