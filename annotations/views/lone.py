"""A fragment that asks something, as a page of its own where there are no scripts."""

import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.safestring import mark_safe

from annotations.views.pages import collection_page
from annotations.views.reading import Reading


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


# Values are escaped, so the first ">" ends the tag.
_POSTING = re.compile(r'<form\b[^>]* method="post"[^>]*>')


def fragment_or_page(
    request: HttpRequest, at: Reading, html: str, title: str, hint: str = "", status: int = 200
) -> HttpResponse:
    """`html` is built by functions that escape every value they put in."""
    if with_scripts(request):
        return HttpResponse(html, status=status)
    claim = request.resolver_match.kwargs.get("span_id") if request.resolver_match else None
    context = {
        "body": mark_safe(html),  # noqa: S308
        "title": title,
        "hint": hint,
        "url": f"{at.url}?claim={claim}#r{claim}" if claim else at.url,
        "back": f"Back to claim {claim}" if claim else "Back to the article",
    }
    return collection_page(request, at.seat, "annotations/lone.html", context, here="articles", status=status)
