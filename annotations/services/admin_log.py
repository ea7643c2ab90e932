"""What administration did: Django's log of it, written with the change or not at all."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model

from annotations.models import User


def note(author: User, rows: Iterable[Model], words: str, flag: int = CHANGE) -> None:
    """The same words of each row. Names do not belong in them: a row's own is kept apart, and can be taken away."""
    LogEntry.objects.log_actions(author.pk, list(rows), flag, words)
