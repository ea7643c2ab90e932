from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q

from annotations.models.articles import Article
from annotations.models.versions import (
    LIVE,
    VersionQuerySet,
    VersionRow,
    version_constraints,
    version_indexes,
)


class Verdict(models.TextChoices):
    VERIFIED = "verified", "Verified"
    DISPUTED = "disputed", "Disputed"
    NEEDS_SOURCE = "needs_source", "Needs source"


class Status(models.TextChoices):
    TO_CHECK = "to_check", "To check"
    OPEN = "open", "Open"
    AGREED = "agreed", "Agreed"
    CONTESTED = "contested", "Reviewers disagree"
    RULED = "ruled", "Decided"
    NOT_CHECKABLE = "not_checkable", "Not checkable"


class Aspect(models.TextChoices):
    FACT = "fact", "What is claimed"
    SAID = "said", "That it was said"
    WORDING = "wording", "The wording"


class Problem(models.TextChoices):
    FIGURE = "figure", "Figure"
    SUBJECT = "subject", "Subject"
    DATE = "date", "Date"
    NAME = "name", "Name"
    WORDING = "wording", "Wording"
    ATTRIBUTION = "attribution", "Attribution"
    MISSING_CONTEXT = "missing_context", "Missing context"
    OUTDATED = "outdated", "Outdated"
    OVERSTATED = "overstated", "Overstated"
    SOURCES_CONFLICT = "sources_conflict", "Sources conflict"


class Span(models.Model):
    """A claim's place: `article.text[start:end] == quote`, in code points, end exclusive."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="spans", db_index=False)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    aspect = models.CharField(max_length=7, choices=Aspect, default=Aspect.FACT)
    quote = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "start", "end", "aspect"], name="span_place_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="span_not_empty"),
            models.CheckConstraint(condition=Q(aspect__in=Aspect.values), name="span_aspect_known"),
        ]

    def __str__(self) -> str:
        return f"Claim {self.pk}"


class ClaimState(VersionRow):
    """What a claim has come to. A live row means that the claim exists; `created_in` is the claim's revision.

    `counts`: {"verified": n, "disputed": n, "needs_source": n, "sources": n}, zeros left out.
    """

    KEY = ("span",)

    span = models.ForeignKey(Span, models.PROTECT, related_name="states", db_index=False)
    status = models.CharField(max_length=13, choices=Status)
    verdict = models.CharField(max_length=12, choices=Verdict, null=True)
    reason = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("claim_state", "span"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="claim_status_known"),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict__in=Verdict.values), name="claim_verdict_known"
            ),
        ]
        indexes = [
            *version_indexes("claim_state", "span"),
            models.Index(
                fields=["collection", "span", "created_in", "retired_in"], name="claim_state_history"
            ),
            models.Index(
                fields=["collection", "status", "verdict", "span"],
                condition=Q(retired_in=LIVE),
                name="claim_state_live",
            ),
            # Viewers see no others: they follow the feed along these.
            models.Index(
                fields=["collection", "created_in", "span"],
                condition=Q(status__in=["agreed", "ruled"]),
                name="claim_state_settled_created",
            ),
            models.Index(
                fields=["collection", "retired_in", "span"],
                condition=Q(status__in=["agreed", "ruled"], retired_in__lt=LIVE),
                name="claim_state_settled_retired",
            ),
        ]


def state_before() -> models.QuerySet[ClaimState]:
    """Of a row of ClaimState: the state that it replaced. One without marks its claim."""
    return ClaimState.objects.filter(
        collection=OuterRef("collection"), span=OuterRef("span"), retired_in=OuterRef("created_in")
    )


class Annotation(VersionRow):
    KEY = ("span", "reviewer")

    span = models.ForeignKey(Span, models.PROTECT, related_name="annotations")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="annotations")
    verdict = models.CharField(max_length=12, choices=Verdict)
    why = models.TextField(blank=True, max_length=10_000)
    problem = models.CharField(max_length=20, choices=Problem, blank=True)
    should_read = models.TextField(blank=True, max_length=10_000)
    must_fix = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    asked = models.CharField(max_length=300, blank=True)
    """Of whom a source was asked for. This and `due_on`, the day by which they answer, while one is needed."""
    due_on = models.DateField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("annotation", "span", "reviewer"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="annotation_verdict_known"),
            models.CheckConstraint(
                condition=Q(problem__in=["", *Problem.values]), name="annotation_problem_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__lte=100),
                name="annotation_confidence_percent",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.NEEDS_SOURCE) | Q(asked="", due_on__isnull=True),
                name="annotation_asked_for_a_source",
            ),
        ]
        indexes = [
            *version_indexes("annotation"),
            models.Index(
                fields=["collection", "problem"],
                condition=Q(retired_in=LIVE, problem__gt=""),
                name="annotation_problem",
            ),
            models.Index(
                fields=["reviewer", "due_on"],
                condition=Q(retired_in=LIVE, due_on__isnull=False),
                name="annotation_answer_due",
            ),
        ]


class Ruling(VersionRow):
    KEY = ("span",)

    span = models.ForeignKey(Span, models.PROTECT, related_name="rulings")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rulings")
    verdict = models.CharField(max_length=12, choices=Verdict)
    rationale = models.TextField(max_length=10_000)
    should_read = models.TextField(blank=True, max_length=10_000)
    true_as_of = models.DateField(null=True)
    """The day of which the decision speaks."""
    check_again_on = models.DateField(null=True)
    """From this day on the decision is due again."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("ruling", "span"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="ruling_verdict_known"),
        ]
        indexes = [
            *version_indexes("ruling"),
            models.Index(
                fields=["collection", "check_again_on", "span"],
                condition=Q(retired_in=LIVE, check_again_on__isnull=False),
                name="ruling_check_again",
            ),
        ]


class PrivateNote(models.Model):
    """Its author's alone: no part of the ledger, of an export or of anybody else's page."""

    span = models.ForeignKey(Span, models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(max_length=10_000)
    times = models.PositiveIntegerField(default=1)
    """How often it was written."""
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["span", "author"], name="private_note_one_per_claim")]

    @property
    def version(self) -> str:
        """The base of its next change."""
        return f"{self.pk}-{self.times}"
