"""A fragment that asks something, as a page of its own where there are no scripts."""

import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.safestring import mark_safe

from annotations.services.preferences import root_classes
from annotations.views.pages import collection_page
from annotations.views.reading import Reading, page_url


def with_scripts(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def token(request: HttpRequest) -> str:
    """For a form; scripts send it as a header."""
    if with_scripts(request):
        return ""
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'


def tokened(request: HttpRequest, html: str) -> str:
    """Fragments' forms as a whole page needs them: with a token; where a second sending would add again, with a key."""
    field = token(request)

    def with_fields(form: re.Match[str]) -> str:
        key = f'<input type="hidden" name="key" value="{uuid.uuid4()}">' if "multipart/" in form[0] else ""
        return f"{form[0]}{field}{key}"

    return _POSTING.sub(with_fields, html) if field else html


def page_before(request: HttpRequest) -> int | None:
    """The claim on whose own page the form stood that was sent, or the link to this one: it leads back there."""
    then = request.POST.get("then") or request.GET.get("then") or ""
    return int(then) if then.isascii() and then.isdigit() and len(then) < 19 else None


def leading_back(html: str, span_id: int | None) -> str:
    """Its forms lead back to the claim's own page."""
    field = f'<input type="hidden" name="then" value="{span_id}">'
    return _POSTING.sub(lambda form: form[0] + field, html) if span_id else html


# Values are escaped, so the first ">" ends the tag.
_POSTING = re.compile(r'<form\b[^>]* method="post"[^>]*>')


def fragment_or_page(
    request: HttpRequest, at: Reading, html: str, title: str, hint: str = "", status: int = 200
) -> HttpResponse:
    """`html` is built by functions that escape every value they put in."""
    if with_scripts(request):
        return HttpResponse(html, status=status)
    before = page_before(request)
    claim = request.resolver_match.kwargs.get("span_id") if request.resolver_match else None
    claim = claim or before
    in_text = f"{at.url}?claim={claim}#r{claim}" if claim else at.url
    context = {
        "body": mark_safe(leading_back(html, before)),  # noqa: S308
        "title": title,
        "root_classes": root_classes(at.seat.user),
        "hint": hint,
        "url": page_url(at, claim) if before and claim else in_text,
        "back": f"Back to claim {claim}" if claim else "Back to the article",
    }
    return collection_page(request, at.seat, "annotations/lone.html", context, here="articles", status=status)
