"""The ledger, to look at: shown to superusers, since staff need not be members of the collections whose work it is,
and changed by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from annotations.admin.base import NamedAdmin
from annotations.models import VERSION_MODELS, Article, Revision, Source, Span


class LedgerAdmin(NamedAdmin):
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
