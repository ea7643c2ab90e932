"""Who is a member of which collection, as what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from annotations.access_people import refusal
from annotations.admin.base import StaffAdmin, day, route
from annotations.admin.filters import OfCollection, State
from annotations.admin.members import chosen, several
from annotations.admin.rights import every_right_csv
from annotations.forms.people import MembersForm
from annotations.models import Membership
from annotations.services.settings import end_membership, set_member


class MembershipForm(forms.ModelForm):
    member_now = forms.BooleanField(
        required=False,
        initial=True,
        help_text="Without the tick they no longer see the collection; their work stays.",
    )

    class Meta:
        model = Membership
        fields = ["role", "is_lawyer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["member_now"] = self.instance.ended is None


@admin.register(Membership)
class MembershipAdmin(StaffAdmin):
    form = MembershipForm
    list_display = ["user", "username", "collection", "role", "lawyer", "since", "until", "signed_in"]
    list_filter = [OfCollection, "role", "is_lawyer", State]
    list_select_related = ["user", "collection"]
    search_fields = ["user__username", "user__display_name", "user__email", "pseudonym"]
    search_help_text = "Username, display name, e-mail or pseudonym"
    ordering = ["collection__slug", "user__username"]
    actions = ("change_several",)

    @admin.action(description="Change their role, lawyer, or end it")
    def change_several(self, request: HttpRequest, seats: QuerySet[Membership]) -> HttpResponse | None:
        told = list(seats.values_list("collection__slug", "user__username")[: MembersForm.MOST + 1])
        slugs = {slug for slug, _ in told}
        if len(slugs) == 1:
            return chosen(self, request, [name for _, name in told], slugs.pop())
        self.message_user(
            request, "Choose memberships of one collection: narrow the list first.", messages.WARNING
        )
        return None

    @admin.display(ordering="user__username")
    def username(self, seat: Membership) -> str:
        return seat.user.username

    @admin.display(ordering="is_lawyer")
    def lawyer(self, seat: Membership) -> str:
        return "yes" if seat.is_lawyer else "–"

    @admin.display(description="Since", ordering="started")
    def since(self, seat: Membership) -> str:
        return day(seat.started)

    @admin.display(description="Ended", ordering="ended", empty_value="–")
    def until(self, seat: Membership) -> str | None:
        return day(seat.ended) if seat.ended else None

    @admin.display(description="Last sign-in", ordering="user__last_login", empty_value="never")
    def signed_in(self, seat: Membership) -> str | None:
        return day(seat.user.last_login) if seat.user.last_login else None

    def get_urls(self) -> list[URLPattern]:
        return [
            route(self, "several/", several),
            route(self, "rights.csv", every_right_csv, "GET", "HEAD", name="rights_csv"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["collection", "user", "role", "is_lawyer", "member_now", "pseudonym", "started"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["collection", "user", "pseudonym", "started"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Begun on the page that changes several, where one is looked at like many."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or not refusal(request.user, obj.user)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        if form.cleaned_data["member_now"]:
            set_member(obj.collection, obj.user, obj.role, is_lawyer=obj.is_lawyer)
        elif Membership.objects.filter(pk=obj.pk, ended=None).exists():
            end_membership(obj.collection, obj.user)
