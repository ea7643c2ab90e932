from html import escape

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from annotations.models import Article


@require_POST
@login_required
def insert_one_row(request: HttpRequest) -> HttpResponse:
    """The least a Django view that stores anything can do: session, CSRF, one INSERT, a few bytes back."""
    assert request.user.pk is not None
    LogEntry.objects.create(
        user_id=request.user.pk, object_repr="baseline", action_flag=ADDITION, change_message="one row"
    )
    return HttpResponse("stored", content_type="text/plain")


@require_safe
@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """The least a Django view for somebody signed in can do: session, person, no content."""
    assert request.user.pk is not None
    return HttpResponse(status=204)


@require_safe
@login_required
def bare_page(request: HttpRequest, article: int) -> HttpResponse:
    """The article's text and nothing else: no style, no script."""
    text = Article.objects.get(pk=article).text
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return HttpResponse(f"<!doctype html><title>Bare</title><article id=article>{lines}</article>")


@require_safe
@login_required
def htmx_page(request: HttpRequest) -> HttpResponse:
    """A button that htmx sends and whose answer it puts in its place: the least that htmx can do."""
    return HttpResponse(
        "<!doctype html><title>htmx</title>"
        f'<script defer src="{static("django_htmx/htmx-2.min.js")}"></script>'
        f'<body hx-headers=\'{{"X-CSRFToken": "{get_token(request)}"}}\'>'
        '<button id="send" hx-post="/baseline/" hx-target="#answer">Send</button><p id="answer"></p>'
    )


urlpatterns = [
    path("baseline/", insert_one_row),
    path("empty/", empty),
    path("bare/<int:article>/", bare_page),
    path("htmx/", htmx_page),
    path("", include("aigap.urls")),
]
