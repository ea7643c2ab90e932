from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.articles import Article
from annotations.models.claims import Span
from annotations.models.collections import Collection
from annotations.models.versions import VersionQuerySet, VersionRow, version_constraints, version_indexes


class Source(models.Model):
    class Kind(models.TextChoices):
        WEB = "web", "Web page"
        DOCUMENT = "document", "Document"
        IMAGE = "image", "Picture"
        PERSON = "person", "Person"
        CALCULATION = "calculation", "Calculation"
        RECORDING = "recording", "Recording"
        ARTICLE = "article", "Article of this collection"

    class Tier(models.TextChoices):
        PUBLIC = "public", "Public"
        DESK = "desk", "Desk"
        LEGAL = "legal", "Legal"

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=12, choices=Kind)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="cited_as")
    tier = models.CharField(max_length=6, choices=Tier, default=Tier.PUBLIC)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="article", article__isnull=False)
                | (~Q(kind="article") & Q(article__isnull=True)),
                name="source_article_iff_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["web", "document", "image", "person", "calculation", "recording", "article"]
                ),
                name="source_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(tier__in=["public", "desk", "legal"]), name="source_tier_known"
            ),
        ]


class SourceDetails(VersionRow):
    KEY = ("source",)

    source = models.ForeignKey(Source, models.PROTECT, related_name="versions")
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    archived_url = models.URLField(max_length=2000, blank=True)
    captured_at = models.DateTimeField(null=True)
    published_on = models.DateField(null=True)
    accessed_on = models.DateField(null=True)
    file = models.CharField(max_length=200, blank=True)
    """Of an upload: its name under MEDIA_ROOT, given by `services.documents`."""
    person_role = models.CharField(max_length=200, blank=True)
    reached_how = models.CharField(max_length=200, blank=True)
    reached_on = models.DateField(null=True)
    on_record = models.BooleanField(null=True)
    """Whether the person may be named; None: not said."""
    note = models.TextField(blank=True, max_length=10_000)
    is_primary = models.BooleanField(default=False)
    """First hand: the record, the data or the person itself, not somebody's account of it."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = version_constraints("source_details", "source")
        indexes = version_indexes("source_details")


class Stance(models.TextChoices):
    SUPPORTS = "supports", "Supports"
    CONTRADICTS = "contradicts", "Contradicts"
    BACKGROUND = "background", "Background"


class Evidence(VersionRow):
    """A source cited for a claim. `key` is "<revision>-<ordinal>" of its first version, and stays."""

    KEY = ("collection", "key")

    key = models.CharField(max_length=24)
    span = models.ForeignKey(Span, models.PROTECT, related_name="evidence")
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    locator = models.CharField(max_length=300, blank=True)
    excerpt = models.TextField(blank=True, max_length=10_000)
    stance = models.CharField(max_length=11, choices=Stance, default=Stance.SUPPORTS)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("evidence", "collection", "key"),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="evidence_stance_known"),
        ]
        indexes = [
            *version_indexes("evidence"),
            # What somebody cited last.
            models.Index(fields=["added_by", "collection", "id"], name="evidence_cited_last"),
        ]
