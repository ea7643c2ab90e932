"""The page for a fault of ours: it must come even when templates or static files are what failed. And those for what
was here and is no more, and for what only a form is sent to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import page_not_found

from annotations.access import Withdrawn
from annotations.models import Revision
from annotations.views.lone import with_scripts
from annotations.views.pages import bar

PLAIN = "The fault is ours, and nothing was half-saved. Try again in a moment.\n"


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    try:
        page = loader.get_template("500.html").render()
    except Exception:
        return HttpResponseServerError(PLAIN, content_type="text/plain")
    return HttpResponseServerError(page)


@requires_csrf_token
def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not isinstance(exception, Withdrawn):
        return page_not_found(request, exception)
    seat = exception.seat
    changes = Revision.objects.filter(collection=seat.collection, number=exception.number)
    context = bar(seat, "articles") | {"change": changes.select_related("author").first()}
    return render(request, "annotations/withdrawn.html", context, status=410)


class FormsAddressMiddleware:
    """Whoever opens an address that a form is sent to, as by reloading after a refusal, is told so. Django's answer
    has no words; scripts need none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method in ("GET", "HEAD") and not with_scripts(request)
        if not opened or not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", {"near": _near(request)}, status=405)
        page["Allow"] = response["Allow"]
        return page


def _near(request: HttpRequest) -> tuple[str, str] | None:
    """The article or collection that the address is of: what it is, and where."""
    said = request.resolver_match.kwargs if request.resolver_match else {}
    home = f"/c/{said.get('slug')}/"
    if "article_id" in said:
        return "article", f"{home}articles/{said['article_id']}/"
    return ("collection", home) if "slug" in said else None
