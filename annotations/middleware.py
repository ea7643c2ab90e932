"""Every page needs a signed-in person unless its view says otherwise, and no page is kept by a cache."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect


class SignInMiddleware(LoginRequiredMiddleware):
    """An htmx request whose session has expired is sent to sign-in as a whole page, not into a fragment."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        response = super().handle_no_permission(request, view_func)
        htmx: Any = request.htmx  # type: ignore[attr-defined]
        if htmx:
            back = urlencode({"next": htmx.current_url_abs_path}) if htmx.current_url_abs_path else ""
            return HttpResponseClientRedirect(f"{self.get_login_url(view_func)}?{back}")
        return response


class NoStoreMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "no-store")
        return response
