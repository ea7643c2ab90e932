"""How far somebody has read a collection's history. Their own business: outside the ledger, as notes are."""

from datetime import datetime, timedelta

from django.utils import timezone

from annotations.models import Collection, User, Visit

LULL = timedelta(minutes=30)
"""A visit lasts until nothing was read for so long: a reload takes no marker away."""


def last_visit(collection: Collection, user: User) -> tuple[int, datetime] | None:
    """Up to which change the person had read before this visit, and when; None on the first."""
    row = Visit.objects.filter(collection=collection, user=user).first()
    if row is None:
        return None
    if timezone.now() - row.at > LULL:
        return row.number, row.at
    return None if row.before is None or row.before_at is None else (row.before, row.before_at)


def has_read(collection: Collection, user: User) -> None:
    """All up to the head."""
    now = timezone.now()
    row = Visit.objects.filter(collection=collection, user=user).first()
    if row is None:
        values = {"number": collection.head, "at": now}
        Visit.objects.get_or_create(collection=collection, user=user, defaults=values)
        return
    if now - row.at > LULL:
        row.before, row.before_at = row.number, row.at
    elif row.number == collection.head:
        return
    row.number, row.at = collection.head, now
    row.save(update_fields=["number", "at", "before", "before_at"])


def unread(collection: Collection, user: User) -> bool:
    row = Visit.objects.filter(collection=collection, user=user).only("number").first()
    return row is not None and row.number < collection.head
