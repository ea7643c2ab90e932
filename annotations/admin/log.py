"""What was done in administration, and who tried to sign in: to look at, never to change."""

from datetime import timedelta
from typing import Any, ClassVar

import axes.admin  # so that what it registers is there to be replaced
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localtime

from annotations.admin.acts import act_on
from annotations.admin.base import StaffAdmin, moment
from annotations.admin.filters import Choices
from annotations.models import User
from annotations.services.sign_ins import locked


class ToLookAt(StaffAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class When(Choices):
    title = "when"
    parameter_name = "when"
    conditions: ClassVar = {
        "day": ("In the last 24 hours", lambda: Q(action_time__gte=timezone.now() - timedelta(days=1))),
        "week": ("In the last 7 days", lambda: Q(action_time__gte=timezone.now() - timedelta(days=7))),
        "month": ("In the last 30 days", lambda: Q(action_time__gte=timezone.now() - timedelta(days=30))),
    }


class Thing(admin.SimpleListFilter):
    """What it was done to."""

    title = "what it was done to"
    parameter_name = "to"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.filter(Exists(LogEntry.objects.filter(content_type=OuterRef("pk"))))
        return [(str(kind.pk), str(kind.name)) for kind in kinds.order_by("model")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        return queryset.filter(content_type=int(chosen)) if chosen.isdecimal() else queryset


class By(admin.SimpleListFilter):
    title = "who did it"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(Exists(LogEntry.objects.filter(user=OuterRef("pk"))))
        return [(user.username, str(user)) for user in people.order_by("username")[:100]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(user__username=self.value()) if self.value() else queryset


@admin.register(LogEntry)
class LogAdmin(ToLookAt):
    list_display = ["when", "who", "thing", "row", "what"]
    list_display_links = None
    list_filter = [When, Thing, By]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__username", "user__display_name"]
    search_help_text = "Whom or what it was done to, what was done, or who did it"
    ordering = ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list says all there is; a row has no page of its own."""
        return obj is None

    @admin.display(description="When")
    def when(self, entry: LogEntry) -> str:
        return moment(entry.action_time)

    @admin.display(description="Who")
    def who(self, entry: LogEntry) -> str:
        return str(entry.user)

    @admin.display(description="To")
    def thing(self, entry: LogEntry) -> str:
        return str(entry.content_type.name) if entry.content_type else "–"

    @admin.display(description="Which")
    def row(self, entry: LogEntry) -> str:
        return entry.object_repr

    @admin.display(description="What")
    def what(self, entry: LogEntry) -> str:
        if entry.is_deletion():
            return "Deleted."
        return entry.get_change_message() or "Made."


class LockedNow(Choices):
    title = "state"
    parameter_name = "state"
    conditions: ClassVar = {"locked": ("Locked out now", lambda: Q(pk__in=locked().values("pk")))}


admin.site.unregister(axes.admin.AccessAttempt)


@admin.register(AccessAttempt)
class AttemptAdmin(ToLookAt):
    """Wrong passwords. Staff see those for names that there are: others may be passwords in the wrong field."""

    list_display = ["username", "ip_address", "failures_since_start", "last", "state", "browser"]
    list_filter = [LockedNow]
    search_fields = ["username", "ip_address"]
    search_help_text = "Username or address"
    ordering = ["-attempt_time", "-pk"]
    fields = readonly_fields = ("username", "ip_address", "failures_since_start", "last", "state", "browser")
    actions = ("unlock",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessAttempt]:
        rows = super().get_queryset(request)
        known = Exists(User.objects.filter(username=OuterRef("username")))
        return rows if request.user.is_superuser else rows.filter(known)

    @admin.action(description="Unlock")
    def unlock(self, request: HttpRequest, attempts: QuerySet[AccessAttempt]) -> HttpResponse:
        return act_on(self, request, "unlock", User.objects.filter(username__in=attempts.values("username")))

    @admin.display(description="Last try", ordering="attempt_time")
    def last(self, attempt: AccessAttempt) -> str:
        return moment(attempt.attempt_time)

    @admin.display(description="State")
    def state(self, attempt: AccessAttempt) -> str:
        until = attempt.attempt_time + settings.AXES_COOLOFF_TIME
        many = attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT
        return f"locked until {localtime(until):%H:%M} UTC" if many and until > timezone.now() else "–"

    @admin.display(description="Browser")
    def browser(self, attempt: AccessAttempt) -> str:
        return attempt.user_agent[:60] or "–"
