from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        SERVICE = "service", "Service"

    display_name = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    show_name = models.BooleanField(
        "name in exports",
        default=False,
        help_text="Exports show your name instead of a pseudonym, where the collection agrees too.",
    )

    anonymised_at = models.DateTimeField(null=True, editable=False)
    """Since when nobody's: their name is gone, their work stays."""

    preferences = models.JSONField(default=dict, editable=False)
    """How this person reads: sizes, widths, keys."""

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["person", "service"]), name="user_kind_known")
        ]

    def __str__(self) -> str:
        return self.display_name or self.username
