from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db import connections, transaction
from django.db.models.signals import post_migrate

from aigap.cache_table import ensure_cache_table


class AnnotationsConfig(AppConfig):
    name = "annotations"
    verbose_name = "The desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(ensure_cache_table, sender=self)


def install_triggers(*, using: str, **_: Any) -> None:
    """After every migrate, since SQLite's table rebuild drops triggers in silence. All or none of them."""
    from annotations.models import triggers, words

    with transaction.atomic(using=using):
        triggers.install(connections[using])
        words.install(connections[using])


class DeskAdminConfig(AdminConfig):
    default_site = "annotations.admin_site.DeskAdminSite"
