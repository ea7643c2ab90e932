import secrets

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from annotations.models.versions import VersionQuerySet, VersionRow, version_constraints, version_indexes


class Collection(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    head = models.PositiveIntegerField(default=0, editable=False)
    epoch = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return self.slug


def new_pseudonym() -> str:
    return f"reviewer-{secrets.token_hex(4)}"


class Membership(models.Model):
    class Role(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        REVIEWER = "reviewer", "Reviewer"
        EDITOR = "editor", "Editor"

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    pseudonym = models.CharField(max_length=40, default=new_pseudonym, editable=False)
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True, blank=True)
    is_lawyer = models.BooleanField("lawyer", default=False)
    """Gives the legal reads that others ask for."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "user"], name="membership_one_per_user"),
            models.UniqueConstraint(fields=["collection", "pseudonym"], name="membership_pseudonym_unique"),
            models.CheckConstraint(
                condition=Q(role__in=["viewer", "reviewer", "editor"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.collection}"


class Revision(models.Model):
    """One change of one collection. Numbers count 1, 2, 3 … without gaps and commit in that order."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="revisions")
    created_at = models.DateTimeField()
    action = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=100, null=True)
    request_digest = models.CharField(max_length=64, null=True)
    result = models.JSONField(default=dict)
    tally = models.JSONField(default=dict)
    """Live claims after this revision, counted by "status" or "status:verdict": what dashboards read."""
    articles = models.PositiveIntegerField(default=0)
    """Live articles after this revision."""

    class Meta:
        ordering = ["collection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "number"], name="revision_number_unique"),
            models.UniqueConstraint(
                fields=["collection", "author", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="revision_key_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["collection", "author", "number"], name="revision_author"),
            models.Index(fields=["collection", "created_at"], name="revision_day"),
            models.Index(fields=["collection", "action", "number"], name="revision_action"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Undoing(models.Model):
    """That a change undid another: what the undoing's `result` says too, to be found from either end."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    undid = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "undid", "number"], name="undoing_unique"),
            models.CheckConstraint(condition=Q(number__gt=models.F("undid")), name="undoing_of_the_past"),
        ]
        indexes = [models.Index(fields=["collection", "number"], name="undoing_number")]


class CollectionSettings(VersionRow):
    KEY = ("collection",)

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=10_000)
    language = models.CharField(max_length=35, blank=True)
    license = models.CharField(max_length=100, blank=True)
    blind = models.BooleanField(default=False)
    reviews_needed = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    verified_needs_source = models.BooleanField(default=True)
    text_exportable = models.BooleanField(default=True)
    show_names = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    """Whether readers who are no members see the corrections."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("settings", "collection"),
            models.CheckConstraint(
                condition=Q(reviews_needed__gte=1), name="settings_reviews_needed_positive"
            ),
        ]
        indexes = version_indexes("settings")

    def __str__(self) -> str:
        return self.name
