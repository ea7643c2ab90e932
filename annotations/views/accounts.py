"""The door: signing in and out, and one-time links."""

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_client_parameters
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from annotations.forms.accounts import LinkForm, SignInForm
from annotations.services import accounts

BACKEND = "django.contrib.auth.backends.ModelBackend"


def local_next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of this site, whatever the request asked for."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    at_the_door = wanted.startswith(settings.LOGIN_URL)
    return wanted if safe and not at_the_door else settings.LOGIN_REDIRECT_URL


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(local_next(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(local_next(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/login.html", {"form": form, "next": local_next(request)}, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    person = accounts.user_of_link(uid, token)
    if person is None:
        return render(request, "accounts/link_spent.html", status=410)
    form = LinkForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.open_with_link(person, form.cleaned_data["new_password1"])
        login(request, person, backend=BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/link.html", {"form": form, "person": person}, status=status)


def locked_out(
    request: HttpRequest, _: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """What axes answers with in place of the page, once there were too many tries."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    until = _locked_until(request, username)
    wait = max(timedelta(minutes=1), until - timezone.now())
    context = {
        "until": until,
        "minutes": math.ceil(wait.total_seconds() / 60),
        "limit": settings.AXES_FAILURE_LIMIT,
    }
    response = render(request, "accounts/locked_out.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)
    response["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


def _locked_until(request: Any, username: str) -> Any:
    where = get_client_parameters(
        username,
        request.axes_ip_address,
        request.axes_user_agent,
        request,
        {"username": username},
    )
    tries = AccessAttempt.objects.none()
    for filters in where:
        tries |= AccessAttempt.objects.filter(**filters)
    last = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return (last or timezone.now()) + settings.AXES_COOLOFF_TIME
