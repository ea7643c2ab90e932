"""Administration: staff only, through our own sign-in, with a second factor where one is set up or required."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django_otp import user_has_device

from annotations.views.accounts import local_next

APPS = {
    "annotations": "The desk",
    "admin": "What was done here",
    "axes": "Tries to sign in",
    "otp_static": "Second factor: backup codes",
    "otp_totp": "Second factor: apps",
}
MODELS = {
    "AccessAttempt": "Wrong passwords and lock-outs",
    "AccessFailureLog": "Wrong passwords, each",
    "AccessLog": "Sign-ins",
    "LogEntry": "Acts of administration",
    "StaticDevice": "Backup codes",
    "TOTPDevice": "Apps",
    "ApiToken": "Tokens",
    "ClaimLink": "Claims moved, split or merged",
    "SentBack": "Reviews sent back",
    "ArticleDetails": "Ledger: details of articles",
    "ArticleWork": "Ledger: work on articles",
    "ClaimState": "Ledger: states of claims",
    "CollectionSettings": "Ledger: settings",
    "SourceDetails": "Ledger: details of sources",
    "Annotation": "Ledger: opinions",
    "Evidence": "Ledger: citations",
    "Ruling": "Ledger: decisions",
    "Revision": "Ledger: changes",
    "Article": "Ledger: articles",
    "Span": "Ledger: claims",
    "Source": "Ledger: sources",
}
FIRST = ["Users", "Memberships", "Collections", "Tokens"]


class DeskAdminSite(AdminSite):
    site_title = "aigap"
    site_header = "aigap: administration"
    index_title = "People and collections"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """No groups: what a person may do follows from memberships and from two flags."""
        if list_of(model_or_iterable) != [Group]:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not lacks_second_factor(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = APPS.get(app["app_label"], app["name"])
            for model in app["models"]:
                model["name"] = self.name_of(model["model"])
            app["models"].sort(key=lambda model: (_rank(model["name"]), model["name"]))
        return sorted(
            apps, key=lambda app: list(APPS).index(app["app_label"]) if app["app_label"] in APPS else 99
        )

    def name_of(self, model: type[Model]) -> str:
        return MODELS.get(model.__name__, capfirst(str(model._meta.verbose_name_plural)))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse("account"))

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where the admin sends whoever may not pass; it has no sign-in form of its own."""
        query = urlencode({"next": local_next(request) if "next" in request.GET else reverse("admin:index")})
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied("Administration is for staff.")
        if lacks_second_factor(request):
            return HttpResponseRedirect(f"{reverse('second-factor')}?{query}")
        return HttpResponseRedirect(reverse("admin:index"))


def _rank(name: str) -> int:
    """People and places first, the ledger last."""
    return FIRST.index(name) if name in FIRST else len(FIRST) + name.startswith("Ledger")


def list_of(models: Any) -> list[Any]:
    return list(models) if isinstance(models, Iterable) else [models]


def lacks_second_factor(request: HttpRequest) -> bool:
    user: Any = request.user
    return not user.is_verified() and (settings.ADMIN_REQUIRE_OTP or user_has_device(user))
