"""All tokens, never their secrets. Services' are made here; people make their own; staff revoke both."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from annotations.access_people import no_revoking
from annotations.admin.base import StaffAdmin, day, page, route
from annotations.admin.filters import Choices, OfCollection
from annotations.forms.accounts import token_name
from annotations.models import ApiToken, User
from annotations.services.tokens import create_token, note_made, revoke_tokens

MOST = 500
SHOWN = 4


class TokenForm(forms.ModelForm):
    days = forms.IntegerField(min_value=1, max_value=730, initial=90, label="Days until it expires")

    class Meta:
        model = ApiToken
        fields = ["user", "name", "scope", "collections"]
        widgets = {"collections": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = User.objects.filter(kind=User.Kind.SERVICE, is_active=True).order_by("username")
        self.fields["user"] = forms.ModelChoiceField(services, label="Service")

    def clean_name(self) -> str:
        return token_name(self.cleaned_data["name"])


def _live() -> Q:
    return Q(expiry=None) | Q(expiry__gt=timezone.now())


class State(Choices):
    title = "state"
    parameter_name = "state"
    conditions: ClassVar = {
        "live": ("Opens something", lambda: _live() & Q(user__is_active=True)),
        "soon": (
            "Expires within 14 days",
            lambda: Q(expiry__gt=timezone.now(), expiry__lte=timezone.now() + timedelta(days=14)),
        ),
        "expired": ("Expired", lambda: Q(expiry__lte=timezone.now())),
        "never": ("Never expires", lambda: Q(expiry=None)),
    }


class Owner(Choices):
    title = "owner"
    parameter_name = "owner"
    conditions: ClassVar = {
        "service": ("A service", lambda: Q(user__kind=User.Kind.SERVICE)),
        "person": ("A person", lambda: Q(user__kind=User.Kind.PERSON)),
        "staff": ("On staff", lambda: Q(user__is_staff=True)),
    }


class LimitedTo(OfCollection):
    title = "limited to"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "No collection"), *super().lookups(request, model_admin)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        wanted = Q(collections__slug=self.value()) if self.value() else Q(collections=None)
        return queryset.filter(wanted)


@admin.register(ApiToken)
class ApiTokenAdmin(StaffAdmin):
    form = TokenForm
    list_display = ["name", "owner", "kind", "may", "reaches", "made", "expires"]
    list_filter = [State, Owner, "scope", LimitedTo]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "user__display_name"]
    search_help_text = "Name of the token or of its owner"
    ordering = ["user__username", "-created"]
    actions = ("revoke_chosen",)

    @admin.action(description="Revoke")
    def revoke_chosen(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> HttpResponse:
        return revoking(self, request, tokens)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return super().get_queryset(request).prefetch_related("collections")

    def get_urls(self) -> list[URLPattern]:
        return [route(self, "revoke/", revoke, "POST"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        named = {"title": "Make a service's token", **(extra_context or {})}
        return super().add_view(request, form_url, named)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["user", "name", "scope", "collections", *(["created", "expires"] if obj else ["days"])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["user", "name", "scope", "collections", "created", "expires"] if obj else []

    @admin.display(ordering="user__username")
    def owner(self, token: ApiToken) -> str:
        return f"{token.user} ({token.user.username})"

    @admin.display(ordering="user__kind")
    def kind(self, token: ApiToken) -> str:
        return token.user.get_kind_display()

    @admin.display(description="May", ordering="scope")
    def may(self, token: ApiToken) -> str:
        return token.get_scope_display()

    @admin.display(description="In")
    def reaches(self, token: ApiToken) -> str:
        slugs = sorted(collection.slug for collection in token.collections.all())
        more = f" and {len(slugs) - SHOWN} more" if len(slugs) > SHOWN else ""
        return ", ".join(slugs[:SHOWN]) + more or "every collection of theirs"

    @admin.display(description="Made", ordering="created")
    def made(self, token: ApiToken) -> str:
        return day(token.created)

    @admin.display(description="Expires", ordering="expiry")
    def expires(self, token: ApiToken) -> str:
        if token.expiry is None:
            return "never"
        return f"{'expired ' if token.expiry <= timezone.now() else ''}{day(token.expiry)}"

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        wanted = form.cleaned_data
        token, request.new_token = create_token(  # type: ignore[attr-defined]
            obj.user,
            name=wanted["name"],
            scope=wanted["scope"],
            collections=wanted["collections"],
            days=wanted["days"],
        )
        obj.pk, obj.created, obj.expiry, obj.token_key = (
            token.pk,
            token.created,
            token.expiry,
            token.token_key,
        )

    def log_addition(self, request: HttpRequest, obj: ApiToken, message: Any) -> None:  # type: ignore[override]
        """Of its owner, and without its hash."""
        author: Any = request.user
        note_made(obj, author=author)

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None
    ) -> HttpResponse:
        secret = request.new_token  # type: ignore[attr-defined]
        return page(self, request, "new_token", "New token", token=obj, secret=secret)


def revoke(model_admin: StaffAdmin, request: HttpRequest) -> HttpResponse:
    """Shows what stops working; with `confirmed`, revokes."""
    chosen = request.POST.getlist("_selected_action")[: MOST + 1]
    return revoking(model_admin, request, ApiToken.objects.filter(pk__in=chosen))


def revoking(model_admin: StaffAdmin, request: HttpRequest, tokens: Any) -> HttpResponse:
    found = tokens.select_related("user").prefetch_related("collections").order_by("user__username", "name")
    told = list(found[: MOST + 1])
    if not told or len(told) > MOST:
        few = "Those tokens were revoked before." if not told else f"Choose at most {MOST} tokens at once."
        messages.warning(request, few)
        return redirect("admin:annotations_apitoken_changelist")
    refused = [(token, why) for token in told if (why := no_revoking(request.user, token.user))]
    left_out = {token.pk for token, _ in refused}
    willing = [token for token in told if token.pk not in left_out]
    if "confirmed" in request.POST and willing:
        return _revoke(request, willing)
    shown: dict[str, Any] = {"tokens": willing, "refused": refused, "silent": _silent(willing)}
    return page(model_admin, request, "revoke", "Revoke tokens", 200 if willing else 422, **shown)


def _revoke(request: HttpRequest, tokens: list[ApiToken]) -> HttpResponse:
    author: Any = request.user
    gone = revoke_tokens(tokens, author=author)
    count = f"{len(gone)} token{'' if len(gone) == 1 else 's'} revoked. {'It opens' if len(gone) == 1 else 'They open'}"
    messages.success(request, f"{count} nothing any more.")
    return redirect("admin:annotations_apitoken_changelist")


def _silent(tokens: list[ApiToken]) -> list[User]:
    """Whose last token goes: services among them do nothing any more."""
    owners = {token.user_id: token.user for token in tokens}
    others = ApiToken.objects.filter(_live(), user__in=owners).exclude(pk__in=[token.pk for token in tokens])
    keep = set(others.values_list("user", flat=True))
    return [owner for pk, owner in owners.items() if pk not in keep]
