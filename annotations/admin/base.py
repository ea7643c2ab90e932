"""What all pages of administration have in common."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods


class NamedAdmin(admin.ModelAdmin):
    """Pages and paths that call things as the index does."""

    @property
    def called(self) -> str:
        name: str = self.admin_site.name_of(self.model)  # type: ignore[attr-defined]
        return name

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": self.called, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, {**context, "named": self.called}, *args, **kwargs)


class StaffAdmin(NamedAdmin):
    """Open to all staff: what they may do to which row is decided here, not by Django's permissions."""

    actions: Any = None

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

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only what a filter of the page asks for. Django lets any column of the table be asked for by address, and
        so `?password__startswith=` would tell a hash letter by letter."""
        filters: Any = self.get_list_filter(request)
        names = [item if isinstance(item, str) else item.parameter_name for item in filters]
        return any(lookup in (name, f"{name}__exact", f"{name}__isnull") for name in names)


def day(when: datetime) -> str:
    return f"{when:%-d %b %Y}"


def moment(when: datetime) -> str:
    """As `aigap.formats` writes it."""
    return f"{localtime(when):%-d %b %Y %H:%M} UTC"


def page(
    model_admin: NamedAdmin,
    request: HttpRequest,
    template: str,
    title: str,
    status: int = 200,
    **shown: Any,
) -> TemplateResponse:
    """A page of our own in administration's frame: templates/admin/<template>.html."""
    frame = {"title": title, "opts": model_admin.opts, "named": model_admin.called}
    context = {**model_admin.admin_site.each_context(request), **frame}
    return TemplateResponse(request, f"admin/{template}.html", context | shown, status=status)


def route(
    model_admin: admin.ModelAdmin,
    address: str,
    view: Callable[..., Any],
    *methods: str,
    name: str = "",
    **given: Any,
) -> URLPattern:
    """The address of such a page. `view` takes the admin, the request and what the address names."""
    allowed = require_http_methods(methods or ("GET", "HEAD", "POST"))(partial(view, model_admin))
    full = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_{name or view.__name__}"
    return path(address, model_admin.admin_site.admin_view(allowed), name=full)
