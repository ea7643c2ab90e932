"""What the lists of administration are narrowed by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import ApiToken, Collection, Membership
from annotations.services.sign_ins import locked

MOST_COLLECTIONS = 200


class Choices(admin.SimpleListFilter):
    """One of a few, each with its condition."""

    conditions: ClassVar[dict[str, tuple[str, Callable[[], Any]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.conditions.get(self.value() or "")
        return queryset.filter(chosen[1]()) if chosen else queryset


def _before(days: int) -> Callable[[], Q]:
    return lambda: Q(last_login__lt=timezone.now() - timedelta(days=days))


class LastSignIn(Choices):
    title = "last sign-in"
    parameter_name = "signed_in"
    conditions: ClassVar = {
        "never": ("Never", lambda: Q(last_login=None)),
        "week": ("In the last 7 days", lambda: Q(last_login__gte=timezone.now() - timedelta(days=7))),
        "30": ("More than 30 days ago", _before(30)),
        "90": ("More than 90 days ago", _before(90)),
        "365": ("More than a year ago", _before(365)),
    }


def has_factor() -> Exists:
    return Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))


def live_tokens() -> QuerySet[ApiToken]:
    """Of the user that the outer query is about: those that open something today."""
    now = timezone.now()
    return ApiToken.objects.filter(Q(expiry=None) | Q(expiry__gt=now), user=OuterRef("pk"))


def is_locked() -> Exists:
    return Exists(locked().filter(username=OuterRef("username")))


class LockedOut(Choices):
    title = "sign-in"
    parameter_name = "locked"
    conditions: ClassVar = {"yes": ("Locked out now", is_locked)}


class SecondFactor(Choices):
    title = "second factor"
    parameter_name = "factor"
    conditions: ClassVar = {"yes": ("Set up", has_factor), "no": ("Not set up", lambda: ~has_factor())}


class Tokens(Choices):
    title = "tokens"
    parameter_name = "tokens"
    conditions: ClassVar = {
        "yes": ("Has a live one", lambda: Exists(live_tokens())),
        "no": ("Has none", lambda: ~Exists(live_tokens())),
    }


class OfCollection(admin.SimpleListFilter):
    """Of memberships, by the collection's short name."""

    title = "collection"
    parameter_name = "collection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        slugs = Collection.objects.order_by("slug").values_list("slug", flat=True)[:MOST_COLLECTIONS]
        return [(slug, slug) for slug in slugs]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(collection__slug=self.value()) if self.value() else queryset


class InCollection(OfCollection):
    """Of users: those who are members now."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "In none"), *super().lookups(request, model_admin)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        members = Membership.objects.filter(user=OuterRef("pk"), ended=None)
        if not self.value():
            return queryset.exclude(Exists(members))
        return queryset.filter(Exists(members.filter(collection__slug=self.value())))


class State(Choices):
    title = "state"
    parameter_name = "state"
    conditions: ClassVar = {
        "now": ("Member now", lambda: Q(ended=None)),
        "ended": ("Ended", lambda: Q(ended__isnull=False)),
        "away": ("Member, but deactivated", lambda: Q(ended=None, user__is_active=False)),
    }
