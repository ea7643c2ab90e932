"""Corrections as readers get them, worked out of all their versions that were public; nothing of who did what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Max, Min, QuerySet, When

from annotations.models import LIVE, ArticleDetails, Collection, Correction, Revision

WORDS = ("reads", "should_read", "public_text")


@dataclass(frozen=True, slots=True)
class Public:
    key: str
    title: str
    publisher: str
    url: str
    reads: str
    should_read: str
    public_text: str
    published: datetime
    changed: datetime | None
    withdrawn: datetime | None

    @property
    def updated(self) -> datetime:
        return self.withdrawn or self.changed or self.published


@dataclass(frozen=True, slots=True)
class Listed:
    corrections: list[Public]
    has_more: bool
    modified: datetime | None
    """When something of this was last written."""


def newest(rows: QuerySet[Correction], start: int, size: int) -> list[str]:
    """Keys in the order of first publication, one more than `size`."""
    keys = rows.values("key").annotate(first=Min("published_at")).order_by("-first", "-key")
    return list(keys.values_list("key", flat=True)[start : start + size + 1])


def latest(rows: QuerySet[Correction], size: int) -> list[str]:
    """Keys in the order of the last change."""
    last = Max(Case(When(retired_in=LIVE, then=F("created_in")), default=F("retired_in")))
    keys = rows.values("key").annotate(last=last).order_by("-last", "-key")
    return list(keys.values_list("key", flat=True)[:size])


def listed(collection: Collection, rows: QuerySet[Correction], keys: list[str], size: int) -> Listed:
    """Four queries, however many."""
    versions: defaultdict[str, list[Correction]] = defaultdict(list)
    for row in rows.filter(key__in=keys[:size]).select_related("span").order_by("created_in", "pk"):
        versions[row.key].append(row)
    details = _details({row.span.article_id for every in versions.values() for row in every})
    numbers = {n for every in versions.values() for row in every for n in (row.created_in, row.retired_in)}
    numbers |= {row.created_in for row in details.values()}
    times = _times(collection, numbers - {LIVE})
    found = [_public(versions[key], details, times) for key in keys[:size] if key in versions]
    return Listed(found, len(keys) > size, max(times.values(), default=None))


def _public(versions: list[Correction], details: dict[int, Any], times: dict[int, datetime]) -> Public:
    last = versions[-1]
    changes = [
        after.created_in
        for before, after in zip(versions, versions[1:], strict=False)
        if any(getattr(before, name) != getattr(after, name) for name in WORDS)
    ]
    article = details.get(last.span.article_id)
    withdrawn = times[last.retired_in] if last.retired_in < LIVE else None
    words = {name: "" if withdrawn else getattr(last, name) for name in WORDS}
    assert last.published_at
    return Public(
        key=last.key,
        title=article.title if article else "",
        publisher=article.publisher if article else "",
        url=article.url if article and article.url.startswith(("https://", "http://")) else "",
        **words,
        published=versions[0].published_at or last.published_at,
        changed=times[changes[-1]] if changes else None,
        withdrawn=withdrawn,
    )


def _details(article_ids: Iterable[int]) -> dict[int, ArticleDetails]:
    """The last that is known of each article, also of one that was taken out of the collection."""
    rows = ArticleDetails.objects.filter(article__in=set(article_ids)).order_by("created_in", "pk")
    return {row.article_id: row for row in rows.only("article_id", "title", "publisher", "url", "created_in")}


def _times(collection: Collection, numbers: set[int]) -> dict[int, datetime]:
    rows = Revision.objects.filter(collection=collection, number__in=numbers)
    return dict(rows.order_by().values_list("number", "created_at"))
