"""The shape that every version row has, and how querysets name a moment of a collection."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Func, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

LIVE = 2147483647
"""`retired_in` of a row that nothing has retired: larger than any revision number, and never null."""


Row = TypeVar("Row", bound="VersionRow")


class VersionQuerySet(models.QuerySet[Row]):
    def current(self) -> Self:
        return self.filter(retired_in=LIVE)

    def at(self, revision: int) -> Self:
        """The rows as they stood right after this revision."""
        return self.filter(created_in__lte=revision, retired_in__gt=revision)

    def changed_after(self, revision: int) -> Self:
        """Rows written or retired after this revision, each once: two index walks, not an OR."""
        written = self.filter(created_in__gt=revision)
        retired = self.filter(created_in__lte=revision, retired_in__gt=revision, retired_in__lt=LIVE)
        return written.union(retired, all=True)


def none(rows: QuerySet[Any]) -> IsNull:
    """That there are none of these, which name the row outside. As `~Exists(rows)`, but looked up for each row: of
    that, PostgreSQL may make a join for which it reads a whole table before it looks at the few rows outside."""
    return IsNull(Subquery(rows.values("pk")[:1]), True)


def some(rows: QuerySet[Any]) -> IsNull:
    """As `Exists(rows)`, see `none`."""
    return IsNull(Subquery(rows.values("pk")[:1]), False)


class Unindexed(Func):
    """A column by which SQLite looks nothing up: it takes one index for a statement, and guesses which at times."""

    template = "%(expressions)s"
    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class VersionRow(models.Model):
    """One state of one thing: live from the revision that created it until the one that retired it.

    `KEY` names the fields that tell which thing: at most one row per key is live.
    Rows are written by `services.ledger` alone; triggers refuse any change but retiring, once.
    """

    KEY: ClassVar[tuple[str, ...]]

    collection = models.ForeignKey("annotations.Collection", models.PROTECT, related_name="+", db_index=False)
    created_in = models.PositiveIntegerField()
    retired_in = models.PositiveIntegerField(default=LIVE)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.retired_in == LIVE


def version_constraints(name: str, *key: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=key, condition=Q(retired_in=LIVE), name=f"{name}_one_live"),
        models.CheckConstraint(
            condition=Q(retired_in__gt=models.F("created_in")), name=f"{name}_retired_after_created"
        ),
    ]


def version_indexes(name: str, *thing: str) -> list[models.Index]:
    """By revision, and in it by `thing`: the walks of the changes feed, a page of which may lie in one large revision.

    The retired one is partial, since a full one slows every write.
    """
    return [
        models.Index(fields=["collection", "created_in", *thing], name=f"{name}_created"),
        models.Index(
            fields=["collection", "retired_in", *thing],
            condition=Q(retired_in__lt=LIVE),
            name=f"{name}_retired",
        ),
    ]
