"""The page for a fault of ours: it must come even when templates or static files are what failed."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

PLAIN = "The fault is ours, and nothing was half-saved. Try again in a moment.\n"


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    try:
        page = loader.get_template("500.html").render()
    except Exception:
        return HttpResponseServerError(PLAIN, content_type="text/plain")
    return HttpResponseServerError(page)
