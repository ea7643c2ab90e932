"""Administration of people and collections. The ledger is shown to superusers and changed by nobody here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from annotations.forms.collections import SettingsForm
from annotations.models import (
    VERSION_MODELS,
    ApiToken,
    Article,
    Collection,
    CollectionSettings,
    Membership,
    Revision,
    Source,
    Span,
    User,
)
from annotations.services.accounts import one_time_link, save_names
from annotations.services.ledger import Stale
from annotations.services.settings import (
    FIELDS,
    change_settings,
    create_collection,
    end_membership,
    restated,
    set_member,
)
from annotations.services.tokens import create_token
from annotations.tally import moved_in_words


def may_manage(staff: Any, person: User) -> bool:
    """Staff do not touch staff, nor themselves; superusers may."""
    return bool(staff.is_superuser or not (person.is_staff or person.is_superuser))


class StaffAdmin(admin.ModelAdmin):
    """Open to all staff: what they may do to which row is decided here, not by Django's permissions."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(StaffAdmin):
    list_display = ["username", "display_name", "kind", "is_active", "is_staff", "last_login"]
    list_filter = ["kind", "is_active", "is_staff"]
    search_fields = ["username", "display_name"]
    ordering = ["username"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        flags = ["is_staff", "is_superuser"] if request.user.is_superuser else []
        return ["username", "display_name", "email", "kind", "is_active", *flags]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A person made a service could be given a token by staff, and so be impersonated."""
        return ["kind"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may_manage(request.user, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        save_names(obj)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        if obj.kind != User.Kind.PERSON:
            return super().response_add(request, obj, post_url_continue)
        return self._show_link(request, obj)

    def get_urls(self) -> list[URLPattern]:
        link = path(
            "<int:user_id>/link/", self.admin_site.admin_view(self.link), name="annotations_user_link"
        )
        return [link, *super().get_urls()]

    @method_decorator(require_POST)
    def link(self, request: HttpRequest, user_id: int) -> HttpResponse:
        person = self.get_object(request, str(user_id))
        if (
            person is None
            or person.kind != User.Kind.PERSON
            or not self.has_change_permission(request, person)
        ):
            self.message_user(request, "No link can be made for this user.", messages.ERROR)
            return self.response_post_save_change(request, person)
        self.log_change(request, person, "One-time link made.")
        return self._show_link(request, person)

    def _show_link(self, request: HttpRequest, person: User) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "One-time link", "person": person}
        return TemplateResponse(
            request, "admin/one_time_link.html", context | {"link": one_time_link(person)}
        )


class MembershipForm(forms.ModelForm):
    member_now = forms.BooleanField(
        required=False,
        initial=True,
        help_text="Without the tick they no longer see the collection; their work stays.",
    )

    class Meta:
        model = Membership
        fields = ["collection", "user", "role", "is_lawyer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["member_now"] = self.instance.ended is None


@admin.register(Membership)
class MembershipAdmin(StaffAdmin):
    form = MembershipForm
    list_display = ["user", "collection", "role", "is_lawyer", "started", "ended"]
    list_filter = ["collection", "role", "is_lawyer"]
    list_select_related = ["user", "collection"]
    search_fields = ["user__username", "user__display_name"]
    ordering = ["collection__slug", "user__username"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["collection", "user"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user" and not request.user.is_superuser:
            kwargs["queryset"] = User.objects.filter(is_staff=False, is_superuser=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may_manage(request.user, obj.user)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        if form.cleaned_data["member_now"] or not change:
            obj.pk = set_member(obj.collection, obj.user, obj.role, is_lawyer=obj.is_lawyer).pk
        elif Membership.objects.filter(pk=obj.pk, ended=None).exists():
            end_membership(obj.collection, obj.user)


class CollectionForm(forms.ModelForm):
    """A collection and its settings, whose changes go through the ledger."""

    class Meta:
        model = Collection
        fields = ["slug"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        live = _live_settings(self.instance)
        if live and cleaned.get("base") != live.pk:
            raise forms.ValidationError(
                "Somebody changed these settings while you had them open. Load the page again."
            )
        return cleaned

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}


def _live_settings(collection: Collection) -> CollectionSettings | None:
    return (
        CollectionSettings.objects.current().filter(collection=collection).first() if collection.pk else None
    )


@admin.register(Collection)
class CollectionAdmin(StaffAdmin):
    list_display = ["slug", "head", "epoch"]
    search_fields = ["slug"]
    ordering = ["slug"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        live = _live_settings(obj) if obj else None
        fields: dict[str, Any] = forms.fields_for_model(
            CollectionSettings, fields=FIELDS, help_texts=SettingsForm.Meta.help_texts
        )
        for name, field in fields.items():
            field.initial = getattr(live, name) if live else field.initial
        fields["base"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=live.pk if live else None
        )
        fields["Meta"] = type("Meta", (CollectionForm.Meta,), {"fields": [] if obj else ["slug"]})
        return type("CollectionAdminForm", (CollectionForm,), fields)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not where one reads or reviews oneself: blindness is among the settings."""
        if obj is None or request.user.is_superuser:
            return super().has_change_permission(request, obj)
        seats = Membership.objects.filter(collection=obj, user=request.user.pk, ended=None)
        below = seats.exclude(role=Membership.Role.EDITOR).exists()
        return not below and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["slug", *FIELDS, "base"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Not in one transaction, as Django has it: the ledger opens its own."""
        return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        author: Any = request.user
        if not change:
            obj.pk = create_collection(obj.slug, author=author, **form.settings).pk
            return
        base = form.cleaned_data["base"]
        try:
            version = change_settings(obj, author=author, base=base, changes=form.settings)
        except Stale as stale:
            self.message_user(request, str(stale), messages.ERROR)
            return
        if version != base and (words := moved_in_words(restated(obj, obj.head))):
            self.message_user(request, words, messages.WARNING)


class TokenForm(forms.ModelForm):
    days = forms.IntegerField(min_value=1, max_value=730, initial=90, label="Days until it expires")

    class Meta:
        model = ApiToken
        fields = ["user", "name", "scope", "collections"]
        widgets = {"collections": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ModelChoiceField(User.objects.filter(kind=User.Kind.SERVICE))


@admin.register(ApiToken)
class ApiTokenAdmin(StaffAdmin):
    """For service users only: people make and revoke their own."""

    form = TokenForm
    list_display = ["name", "user", "scope", "created", "expiry"]
    list_select_related = ["user"]
    ordering = ["user__username", "-created"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return super().get_queryset(request).filter(user__kind=User.Kind.SERVICE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.user.kind == User.Kind.SERVICE

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["user", "name", "scope", "collections", *([] if obj else ["days"])]

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

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "New token", "token": obj}
        secret = request.new_token  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/new_token.html", context | {"secret": secret})


class LedgerAdmin(admin.ModelAdmin):
    """To look at, for superusers: staff need not be members of the collections whose work this is."""

    list_per_page = 50
    show_full_result_count = False
    ordering = ["-pk"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.register([Revision, Article, Span, Source, *VERSION_MODELS], LedgerAdmin)
