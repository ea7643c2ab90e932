"""Collections and their settings, whose changes go through the ledger."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_protect

from annotations.admin.base import StaffAdmin, day, route
from annotations.admin.filters import Choices
from annotations.admin.rights import collection_rights, collection_rights_csv
from annotations.forms.collections import SettingsForm
from annotations.models import Collection, CollectionSettings, Membership, Revision
from annotations.services.ledger import Stale
from annotations.services.settings import FIELDS, change_settings, create_collection, restated
from annotations.tally import moved_in_words


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


def _counted(user_id: Any) -> dict[str, Any]:
    """By one query, from what the last change carries: no claim is counted."""
    live = CollectionSettings.objects.current().filter(collection=OuterRef("pk"))
    last = Revision.objects.filter(collection=OuterRef("pk"), number=OuterRef("head"))
    seats = Membership.objects.filter(collection=OuterRef("pk"), ended=None).order_by()
    counted = seats.values("collection").annotate(count=Count("pk")).values("count")
    told = ("name", "blind", "text_exportable", "show_names", "public")
    return {name: Subquery(live.values(name)[:1]) for name in told} | {
        "article_count": Subquery(last.values("articles")[:1]),
        "tally": Subquery(last.values("tally")[:1]),
        "changed_at": Subquery(last.values("created_at")[:1]),
        "member_count": Coalesce(Subquery(counted), 0),
        "own_role": Subquery(seats.filter(user=user_id).values("role")[:1]),
    }


class Policy(Choices):
    title = "policy"
    parameter_name = "policy"
    conditions: ClassVar = {
        "blind": ("Reviewers check blind", lambda: Q(blind=True)),
        "texts": ("Texts stay in", lambda: Q(text_exportable=False)),
        "names": ("Under names", lambda: Q(show_names=True)),
        "public": ("Corrections are public", lambda: Q(public=True)),
        "nobody": ("Has no editor", lambda: ~_edited()),
    }


def _edited() -> Exists:
    editors = Membership.objects.filter(collection=OuterRef("pk"), ended=None, role=Membership.Role.EDITOR)
    return Exists(editors.filter(user__is_active=True))


def _live_settings(collection: Collection) -> CollectionSettings | None:
    return (
        CollectionSettings.objects.current().filter(collection=collection).first() if collection.pk else None
    )


@admin.register(Collection)
class CollectionAdmin(StaffAdmin):
    list_display = ["slug", "named", "articles", "claims", "members", "head", "changed", "policy"]
    list_filter = [Policy]
    search_fields = ["slug"]
    search_help_text = "Short name, or part of the name"
    ordering = ["slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return super().get_queryset(request).annotate(**_counted(request.user.pk))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        return queryset.filter(Q(slug__icontains=search_term) | Q(name__icontains=search_term)), False

    @admin.display(description="Name", ordering="name")
    def named(self, collection: Any) -> str:
        return collection.name or "–"

    @admin.display(description="Articles", ordering="article_count")
    def articles(self, collection: Any) -> str:
        return f"{collection.article_count or 0:,}"

    @admin.display(description="Claims")
    def claims(self, collection: Any) -> str:
        """All marks, whose places everybody sees; a viewer sees results only, and so no count of the others."""
        if collection.own_role == Membership.Role.VIEWER:
            return "–"
        return f"{sum((collection.tally or {}).values()):,}"

    @admin.display(description="Members", ordering="member_count")
    def members(self, collection: Any) -> str:
        address = reverse("admin:annotations_collection_rights", args=[collection.pk])
        return format_html(
            '<a href="{}" aria-label="{} members of {}">{}</a>',
            address,
            collection.member_count,
            collection.slug,
            f"{collection.member_count:,}",
        )

    @admin.display(description="Last change", ordering="changed_at")
    def changed(self, collection: Any) -> str:
        return day(collection.changed_at) if collection.changed_at else "–"

    @admin.display(description="Policy")
    def policy(self, collection: Any) -> str:
        told = {
            "checked blind": collection.blind,
            "texts stay in": not collection.text_exportable,
            "under names": collection.show_names,
            "public corrections": collection.public,
        }
        return ", ".join(words for words, holds in told.items() if holds) or "–"

    def get_urls(self) -> list[URLPattern]:
        return [
            route(self, "<int:collection_id>/rights/", collection_rights, "GET", "HEAD", name="rights"),
            route(
                self,
                "<int:collection_id>/rights.csv",
                collection_rights_csv,
                "GET",
                "HEAD",
                name="rights_csv",
            ),
            *super().get_urls(),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        live = _live_settings(obj) if obj else None
        fields: dict[str, Any] = forms.fields_for_model(
            CollectionSettings,
            fields=FIELDS,
            labels=SettingsForm.Meta.labels,
            help_texts=SettingsForm.Meta.help_texts,
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
