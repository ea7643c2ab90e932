"""A code from an app, for those who administrate."""

from base64 import b32encode
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_otp import devices_for_user, login, match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.forms.accounts import CodeForm
from annotations.models import User
from annotations.views.accounts import local_next


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        raise Http404
    enrolling = not any(devices_for_user(user))
    if request.method == "POST" and enrolling and "begin" in request.POST:
        TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
        return redirect(f"{request.path}?{urlencode({'next': local_next(request)})}")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _accept(request, user, form.cleaned_data["code"].replace(" ", ""), enrolling=enrolling):
            messages.success(request, "Second factor accepted.")
            return redirect(local_next(request))
        form.add_error("code", "That code does not fit. Wait for the next one in the app and type that.")
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "enrolling": enrolling, "next": local_next(request)}
    return render(
        request, "accounts/second_factor.html", shown | (_key(user) if enrolling else {}), status=status
    )


def _accept(request: HttpRequest, user: User, code: str, *, enrolling: bool) -> bool:
    device = _pending(user) if enrolling else match_token(user, code)
    if device is None or (enrolling and not device.verify_token(code)):
        return False
    if enrolling:
        device.confirmed = True
        device.save(update_fields=["confirmed"])
    login(request, device)
    return True


def _pending(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def _key(user: User) -> dict[str, str]:
    device = _pending(user)
    if device is None:
        return {}
    key = b32encode(device.bin_key).decode()
    return {"key": " ".join(key[i : i + 4] for i in range(0, len(key), 4)), "key_url": device.config_url}
