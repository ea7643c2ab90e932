"""What comes in is bounded before anybody reads it: Django would put a form's files on the disk to find its token."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.forms.dataset_import import COMMAND, MEGABYTES, MOST_CARRIED
from annotations.forms.imports import MOST_FILES
from annotations.imports.reading import MAX_BYTES
from annotations.services.documents import MOST
from annotations.views.answers import trouble

FIELDS = 1024 * 1024
"""For what a form says beside its files, and all that somebody may send who is not signed in."""
MANY = MOST_FILES * MAX_BYTES
BOUNDS = {"article-import": MANY, "dataset-import": MOST_CARRIED}
WORDS = {
    MOST: "That file is larger than 20 MB. Cite the page that matters, or a smaller scan.",
    MANY: f"These files are larger than {MANY // 1024 // 1024} MB together. Import fewer at a time.",
    MOST_CARRIED: f"That file is larger than {MEGABYTES} MB. Split it. {COMMAND}",
}


class BoundedBodyMiddleware:
    """Django's requests read as many bytes as Content-Length says, and none without it: that header is the bound.
    The API has its own (`api.base`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if "Transfer-Encoding" in request.headers:
            return _refused(request, 411, "Send the length of the request with it, as Content-Length.")
        if not (length := _length(request)):
            return None  # and nobody is asked for their session
        most, words = _bound(request)
        if length > most:
            return _refused(request, 413, words)
        return None


def _bound(request: HttpRequest) -> tuple[int, str]:
    """How many bytes may come, and what to say where there are more."""
    if not request.user.is_authenticated:
        return FIELDS, "That is larger than 1 MB. Sign in first."
    if request.content_type == "multipart/form-data":
        name = request.resolver_match.url_name if request.resolver_match else None
        files = BOUNDS.get(name or "", MOST)
        return files + FIELDS, WORDS[files]
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most, f"The request is larger than {most // 1024 // 1024} MB. Send less at once."


def _length(request: HttpRequest) -> int:
    """As Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, status: int, words: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return trouble(words, status)
    return render(request, "413.html", {"words": words, "status": status}, status=status)
