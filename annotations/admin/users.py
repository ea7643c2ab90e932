"""People and services: their accounts."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from annotations.access_people import refusal
from annotations.admin.acts import ACTS, act, action
from annotations.admin.anonymising import anonymise
from annotations.admin.base import StaffAdmin, day, route
from annotations.admin.filters import (
    InCollection,
    LastSignIn,
    LockedOut,
    SecondFactor,
    Tokens,
    has_factor,
    is_locked,
    live_tokens,
)
from annotations.admin.members import chosen
from annotations.admin.rights import user_rights, user_rights_csv
from annotations.admin.several import links_page, several
from annotations.forms.people import MembersForm
from annotations.models import Membership, User
from annotations.services.accounts import save_names

SEATS_SHOWN = 4


class UserForm(forms.ModelForm):
    def clean_username(self) -> str:
        """“Ana” beside “ana” would be taken for her."""
        wanted: str = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(username__iexact=wanted).exists():
            raise forms.ValidationError(f"There is a user “{wanted}” already. Choose another username.")
        return wanted


@admin.register(User)
class UserAdmin(StaffAdmin):
    list_display = [
        *("username", "display_name", "email", "status", "member_of"),
        *("signed_in", "factor", "tokens"),
    ]
    list_filter = ["kind", "is_active", "is_staff", InCollection, LastSignIn, LockedOut, SecondFactor, Tokens]
    search_fields = ["username", "display_name", "email"]
    search_help_text = "Username, display name or e-mail"
    ordering = ["username"]
    form = UserForm
    actions = ("memberships", *(action(name) for name in ACTS))

    @admin.action(description="Memberships: begin, change, end")
    def memberships(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse:
        names = users.values_list("username", flat=True)[: MembersForm.MOST + 1]
        return chosen(self, request, list(names), request.GET.get("collection", ""))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        now = Membership.objects.filter(ended=None).select_related("collection").order_by("collection__slug")
        tokens = live_tokens().order_by().values("user").annotate(count=Count("pk")).values("count")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", now, to_attr="seats"))
            .annotate(
                has_factor=has_factor(), is_locked=is_locked(), live_tokens=Coalesce(Subquery(tokens), 0)
            )
        )

    @admin.display(description="Member of")
    def member_of(self, person: Any) -> str:
        named = [f"{seat.collection.slug}: {seat.role}" for seat in person.seats[:SEATS_SHOWN]]
        more = len(person.seats) - len(named)
        return ", ".join(named) + (f" and {more} more" if more else "")

    @admin.display(description="State")
    def state(self, person: User) -> str:
        if person.anonymised_at:
            return f"Anonymised on {person.anonymised_at:%-d %b %Y}"
        return "Active" if person.is_active else "Deactivated"

    @admin.display(description="Status")
    def status(self, person: User) -> str:
        rank = "superuser" if person.is_superuser else "staff" if person.is_staff else ""
        kind = "service" if person.kind == User.Kind.SERVICE else ""
        away = "" if person.is_active else "anonymised" if person.anonymised_at else "deactivated"
        shut = "locked out" if person.is_locked else ""  # type: ignore[attr-defined]
        return ", ".join(filter(None, (kind, rank, away, shut))) or "–"

    @admin.display(description="Last sign-in", ordering="last_login")
    def signed_in(self, person: User) -> str:
        return day(person.last_login) if person.last_login else "never"

    @admin.display(description="Second factor", ordering="has_factor")
    def factor(self, person: Any) -> str:
        return "yes" if person.has_factor else "–"

    @admin.display(description="Tokens", ordering="live_tokens")
    def tokens(self, person: Any) -> str:
        return str(person.live_tokens or "–")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A superuser gives and takes the flags of others; of oneself one could take the last."""
        flags = ["is_staff", "is_superuser"] if request.user.is_superuser and obj != request.user else []
        told = ["state", "last_login"] if obj else []
        return ["username", "display_name", "email", "kind", *told, *flags]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A person made a service could be given a token by staff, and so be impersonated."""
        return ["kind", "state", "last_login"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or not refusal(request.user, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        save_names(obj)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        if obj.kind != User.Kind.PERSON:
            return super().response_add(request, obj, post_url_continue)
        return links_page(self, request, [obj])

    def get_urls(self) -> list[URLPattern]:
        return [
            route(self, "several/", several),
            route(self, "<int:user_id>/anonymise/", anonymise),
            route(self, "<int:user_id>/rights/", user_rights, "GET", "HEAD", name="rights"),
            route(self, "<int:user_id>/rights.csv", user_rights_csv, "GET", "HEAD", name="rights_csv"),
            *(route(self, f"{name}/", partial(act, name=name), "POST", name=name) for name in ACTS),
            *super().get_urls(),
        ]
