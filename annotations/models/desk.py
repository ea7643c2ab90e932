"""What the team says to each other about claims: who takes which, what was sent back, asked, answered, corrected.

None of it is a part of what a claim has come to: it renews no ClaimState and reaches no export by that way.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from annotations.models.articles import Article
from annotations.models.claims import Span
from annotations.models.versions import (
    LIVE,
    VersionQuerySet,
    VersionRow,
    version_constraints,
    version_indexes,
)

PERSON = settings.AUTH_USER_MODEL


class Assignment(VersionRow):
    """A claim, or without one all claims of an article, is for this reviewer to judge."""

    KEY = ("article", "span", "reviewer")

    article = models.ForeignKey(Article, models.PROTECT, related_name="assignments", db_index=False)
    span = models.ForeignKey(Span, models.PROTECT, null=True, related_name="assignments", db_index=False)
    reviewer = models.ForeignKey(PERSON, models.PROTECT, related_name="assignments", db_index=False)
    assigned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("assignment", "article", "span", "reviewer"),
            models.UniqueConstraint(
                fields=["article", "reviewer"],
                condition=Q(retired_in=LIVE, span__isnull=True),
                name="assignment_article_one_live",
            ),
        ]
        indexes = [
            *version_indexes("assignment"),
            models.Index(fields=["article", "span"], name="assignment_history"),
            models.Index(fields=["span"], condition=Q(retired_in=LIVE), name="assignment_span"),
            models.Index(
                fields=["collection", "reviewer", "article", "span"],
                condition=Q(retired_in=LIVE),
                name="assignment_reviewer",
            ),
        ]


class SentBack(VersionRow):
    """An editor asks a reviewer to look again. It ends when the reviewer says something else, or stands by it."""

    KEY = ("span", "reviewer")

    span = models.ForeignKey(Span, models.PROTECT, related_name="sent_back")
    reviewer = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    editor = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(max_length=2_000)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = version_constraints("sent_back", "span", "reviewer")
        indexes = [
            *version_indexes("sent_back"),
            models.Index(
                fields=["collection", "reviewer", "span"],
                condition=Q(retired_in=LIVE),
                name="sent_back_reviewer",
            ),
        ]


class Comment(VersionRow):
    """`key` is "<revision>-<ordinal>" of its first version, and stays."""

    KEY = ("collection", "key")

    key = models.CharField(max_length=24)
    span = models.ForeignKey(Span, models.PROTECT, related_name="comments")
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(max_length=10_000)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = version_constraints("comment", "collection", "key")
        indexes = version_indexes("comment")


class Mention(VersionRow):
    """Somebody named in a comment, until they have answered or put it aside."""

    KEY = ("collection", "comment", "person")

    comment = models.CharField(max_length=24)
    """The comment's key."""
    span = models.ForeignKey(Span, models.PROTECT, related_name="mentions")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = version_constraints("mention", "collection", "comment", "person")
        indexes = [
            *version_indexes("mention"),
            models.Index(
                fields=["collection", "person", "span"], condition=Q(retired_in=LIVE), name="mention_person"
            ),
        ]


class LegalReadQuerySet(VersionQuerySet["LegalRead"]):
    def with_hold(self, at: int = LIVE - 1) -> Self:
        """Each with `newer`, a text that took the article's place, and `holds`: answered, for this very text."""
        newer = Article.objects.filter(
            supersedes=OuterRef("span__article"), versions__created_in__lte=at, versions__retired_in__gt=at
        )
        return self.annotate(
            newer=newer.order_by("-pk").values("pk")[:1],
            holds=Q(sha256=F("span__article__sha256")) & ~Exists(newer),
        )

    def in_the_way(self) -> Self:
        """Not answered yet, objected to, or answered for an earlier text."""
        return self.with_hold().exclude(answer="cleared", holds=True)


class LegalRead(VersionRow):
    """A lawyer is asked to read a claim; what they said holds for the text with this sha256 alone."""

    KEY = ("span",)

    class Answer(models.TextChoices):
        ASKED = "asked", "Legal read asked for"
        CLEARED = "cleared", "Cleared by a lawyer"
        OBJECTED = "objected", "A lawyer objects"

    span = models.ForeignKey(Span, models.PROTECT, related_name="legal_reads")
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    question = models.TextField(blank=True, max_length=2_000)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.ASKED)
    said = models.TextField(blank=True, max_length=10_000)
    lawyer = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the article's text that the lawyer read."""

    objects = LegalReadQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("legal_read", "span"),
            models.CheckConstraint(
                condition=Q(answer="asked", lawyer__isnull=True, sha256="")
                | (Q(answer__in=["cleared", "objected"], lawyer__isnull=False) & ~Q(sha256="")),
                name="legal_read_answered_by_a_lawyer",
            ),
        ]
        indexes = [
            *version_indexes("legal_read"),
            models.Index(
                fields=["collection", "answer", "span"],
                condition=Q(retired_in=LIVE),
                name="legal_read_answer",
            ),
        ]


class Correction(VersionRow):
    """What a published article gets wrong, and what readers are told. `published_at` None: a draft.

    `key` is "<revision>-<ordinal>" of its first version, and stays: what readers hold on to.
    """

    KEY = ("span",)

    key = models.CharField(max_length=24, default="")
    span = models.ForeignKey(Span, models.PROTECT, related_name="corrections")
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    reads = models.TextField(max_length=10_000)
    should_read = models.TextField(max_length=10_000)
    public_text = models.TextField(max_length=10_000)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("correction", "span"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_by__isnull=False),
                name="correction_published_is_approved",
            ),
        ]
        indexes = [
            *version_indexes("correction"),
            models.Index(
                fields=["collection", "published_at", "span"],
                condition=Q(retired_in=LIVE),
                name="correction_published",
            ),
            models.Index(
                fields=["collection", "key"],
                condition=Q(published_at__isnull=False),
                name="correction_ever_published",
            ),
        ]


class Visit(models.Model):
    """How far somebody has read a collection's history: their own business, and no part of the ledger.

    `number`, `at`: read up to this change, then. `before`, `before_at`: the same of the visit before this one.
    """

    collection = models.ForeignKey("annotations.Collection", models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    before = models.PositiveIntegerField(null=True)
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="visit_one_per_person")]


class Opened(models.Model):
    """Somebody opened an article that is theirs, as it stood with change `number`: what was handed to them before waits
    no more. Their own business, as a visit is."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(PERSON, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="opened_one_per_person")]


class SavedFilter(models.Model):
    """A list of claims under a name: whose it is sees it, as a note, and its address is open to all."""

    collection = models.ForeignKey("annotations.Collection", models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "user", "name"], name="saved_filter_name_unique")
        ]
