"""My own account: name, password, tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django_otp import user_has_device

from annotations.forms.accounts import ChangePasswordForm, ProfileForm, TokenForm
from annotations.forms.preferences import ReadingForm
from annotations.models import ApiToken
from annotations.services import accounts, tokens
from annotations.services.preferences import preferences_of


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return account_page(request)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST, instance=request.user)
    if not form.is_valid():
        request.user.refresh_from_db()  # type: ignore[union-attr]
        return account_page(request, status=422, profile_form=form)
    if form.has_changed():
        accounts.save_names(form.save(commit=False))
    messages.success(request, "Profile saved.")
    return redirect("account")


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST)
    if not form.is_valid():
        return account_page(request, status=422, password_form=form)
    user = form.save()
    update_session_auth_hash(request, user)
    tokens.revoke_links(user)
    messages.success(request, "Password changed. Your other browsers are signed out.")
    return redirect("account")


@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST, owner=request.user)  # type: ignore[arg-type]
    if not form.is_valid():
        return account_page(request, status=422, token_form=form)
    token, secret = tokens.create_token(request.user, **form.cleaned_data)  # type: ignore[arg-type]
    return account_page(request, status=201, secret=secret, secret_name=token.name)


@require_POST
def token_revoke(request: HttpRequest) -> HttpResponse:
    named = request.POST.get("token", "")
    token = tokens.revoke_token(request.user, named) if named.isalnum() else None  # type: ignore[arg-type]
    if token:
        messages.success(request, f"Token “{token.name}” revoked. It no longer opens anything.")
    else:
        messages.info(request, "That token was revoked before.")
    return redirect("account")


def account_page(request: HttpRequest, status: int = 200, **shown: Any) -> HttpResponse:
    mine = ApiToken.objects.filter(user=request.user).prefetch_related("collections").order_by("-created")
    context = {
        "profile_form": ProfileForm(instance=request.user),
        "password_form": ChangePasswordForm(request.user),
        "reading_form": ReadingForm(initial=preferences_of(request.user)),  # type: ignore[arg-type]
        "token_form": TokenForm(owner=request.user),  # type: ignore[arg-type]
        "tokens": mine,
        "has_device": user_has_device(request.user),
        "now": timezone.now(),
    }
    return render(request, "accounts/account.html", context | shown, status=status)
