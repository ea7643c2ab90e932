from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from annotations.models.collections import Collection
from annotations.models.versions import (
    LIVE,
    VersionQuerySet,
    VersionRow,
    version_constraints,
    version_indexes,
)


class Article(models.Model):
    """A text that never changes. It is in the collection while it has live details."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="articles", db_index=False)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "sha256"], name="article_text_unique")]

    def __str__(self) -> str:
        return f"Article {self.pk}"


def article_name(number: int, title: str) -> str:
    """What an article is called wherever one reads of it."""
    return title or f"Untitled article {number}"


class ArticleDetails(VersionRow):
    """What an editor may correct about an article.

    `blocks`: one per non-blank line of the text, {"start", "end", "role", "reason", "sentences": [[start, end], …]},
    in code points. `derived_from`: [{"title", "publisher", "url", "article"}], keys optional.
    """

    KEY = ("article",)

    class Role(models.TextChoices):
        CHECKED = "checked", "To be checked"
        REFERENCE = "reference", "Reference"

    class Direction(models.TextChoices):
        LTR = "ltr", "Left to right"
        RTL = "rtl", "Right to left"

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True)
    url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.LTR)
    role = models.CharField(max_length=10, choices=Role, default=Role.CHECKED)
    blocks = models.JSONField(default=list)
    derived_from = models.JSONField(default=list)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("article_details", "article"),
            models.CheckConstraint(condition=Q(direction__in=["ltr", "rtl"]), name="article_direction_known"),
            models.CheckConstraint(condition=Q(role__in=["checked", "reference"]), name="article_role_known"),
        ]
        indexes = [
            *version_indexes("article_details", "article"),
            models.Index(fields=["collection", "article"], condition=Q(retired_in=LIVE), name="article_live"),
            models.Index(
                fields=["collection", "article"],
                condition=Q(retired_in=LIVE, role="reference"),
                name="article_live_reference",
            ),
            models.Index(
                fields=["collection", "published_on", "article"],
                condition=Q(retired_in=LIVE),
                name="article_live_published",
            ),
            models.Index(
                fields=["collection", "publisher"],
                condition=Q(retired_in=LIVE),
                name="article_live_publisher",
            ),
            models.Index(
                fields=["collection", "language"],
                condition=Q(retired_in=LIVE),
                name="article_live_language",
            ),
            models.Index(
                fields=["collection", "title", "article"],
                condition=Q(retired_in=LIVE),
                name="article_live_title",
            ),
        ]

    def __str__(self) -> str:
        return article_name(self.article_id, self.title)

    @property
    def is_reference(self) -> bool:
        """An origin, transcript or report: cited, not checked."""
        return self.role == self.Role.REFERENCE


# language__lower: tags of languages are the same whatever their case (BCP 47)
ArticleDetails._meta.get_field("language").register_lookup(Lower)


class ArticleWork(VersionRow):
    """Where the checking of an article stands. An article without a row waits, and is nobody's."""

    KEY = ("article",)

    class Stage(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHECKING = "checking", "Checking"
        WITH_AUTHOR = "with_author", "With the author"
        CLEARED = "cleared", "Cleared"

    article = models.ForeignKey(Article, models.PROTECT, related_name="work")
    stage = models.CharField(max_length=11, choices=Stage, default=Stage.WAITING)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, max_length=2_000)
    """What whoever handed it over last said."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("article_work", "article"),
            models.CheckConstraint(
                condition=Q(stage__in=["waiting", "checking", "with_author", "cleared"]),
                name="article_work_stage_known",
            ),
        ]
        indexes = [
            *version_indexes("article_work"),
            models.Index(
                fields=["collection", "owner", "due_at"],
                condition=Q(retired_in=LIVE),
                name="article_work_owner",
            ),
            models.Index(
                fields=["collection", "due_at"], condition=Q(retired_in=LIVE), name="article_work_due"
            ),
        ]
