"""The page for a fault of ours: it must come even when templates or static files are what failed. And that for what
was here and is no more."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import page_not_found

from annotations.access import Withdrawn
from annotations.models import Revision
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
