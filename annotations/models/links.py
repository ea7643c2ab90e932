from django.db import models
from django.db.models import Q

from annotations.models.claims import Span
from annotations.models.versions import (
    LIVE,
    VersionQuerySet,
    VersionRow,
    version_constraints,
    version_indexes,
)


class LinkKind(models.TextChoices):
    MOVED = "moved", "Moved to"
    MERGED = "merged", "Merged into"
    PART = "part", "Has as a part"


class ClaimLink(VersionRow):
    """From a claim to another, while it holds: the other is live, and a claim that moved or merged away is not.

    Whoever moves or merges a claim on turns the links that lead to it, so that a link leads to where a claim is now.
    """

    KEY = ("span", "other", "kind")
    AWAY = (LinkKind.MOVED, LinkKind.MERGED)

    span = models.ForeignKey(Span, models.PROTECT, related_name="links")
    other = models.ForeignKey(Span, models.PROTECT, related_name="links_to")
    kind = models.CharField(max_length=6, choices=LinkKind)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *version_constraints("claim_link", "span", "other", "kind"),
            models.UniqueConstraint(
                fields=["span"],
                condition=Q(retired_in=LIVE, kind__in=["moved", "merged"]),
                name="claim_link_one_way_on",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["moved", "merged", "part"]), name="claim_link_kind_known"
            ),
            models.CheckConstraint(condition=~Q(span=models.F("other")), name="claim_link_to_another"),
        ]
        indexes = version_indexes("claim_link")
