from functools import cached_property

from django.db import models
from knox.models import AbstractAuthToken

from annotations.models.statements import Rows


class ApiToken(AbstractAuthToken):
    """A knox token (only its hash is kept), limited to a scope and to some collections.

    No collection named means: every collection that its owner is a member of.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"

    seats: Rows | None = None
    """As access.KEYED_SEATS found them together with it: also those of others whose tokens begin alike."""

    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    collections = models.ManyToManyField("annotations.Collection", blank=True, related_name="+")

    class Meta(AbstractAuthToken.Meta):
        abstract = False
        verbose_name = "API token"
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="token_scope_known")
        ]

    @cached_property
    def slugs(self) -> list[str]:
        """Of the collections that it is limited to; none for no limit."""
        return list(self.collections.order_by("slug").values_list("slug", flat=True))
