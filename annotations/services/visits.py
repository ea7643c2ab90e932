"""How far somebody has read a collection's history, and which articles that are theirs they have opened. Their own
business: outside the ledger, as notes are."""

from datetime import datetime, timedelta

from django.utils import timezone

from annotations.models import ArticleWork, Collection, Opened, User, Visit

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


def has_opened(work: ArticleWork, user: User) -> None:
    """Their article, as it stands: one look where nothing was handed over since."""
    row = Opened.objects.filter(article=work.article_id, user=user)
    if not row.filter(number__gte=work.created_in).exists():
        Opened.objects.update_or_create(
            article_id=work.article_id, user=user, defaults={"number": work.created_in}
        )


def opened(users: set[int], article_ids: list[int]) -> dict[int, int]:
    """article → the change with which one of them last opened it"""
    rows = Opened.objects.filter(user__in=users, article__in=article_ids)
    return dict(rows.values_list("article", "number"))
