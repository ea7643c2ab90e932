"""Without Redis the cache is a database table that all workers share; `migrate` makes it."""

from typing import Any

from django.conf import settings
from django.core.management import call_command


def ensure_cache_table(using: str = "default", **_: Any) -> None:
    """Takes the arguments of a post_migrate receiver; does nothing where the table or Redis is there."""
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        call_command("createcachetable", database=using, verbosity=0)
