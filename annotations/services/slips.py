"""Opinions that their author took back at once, a stray key for example: who gave them has not reviewed the claim."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from annotations.models import Annotation, ClaimState, Revision, Undoing
from annotations.services.attached import WORDS
from annotations.services.links import forebears


def reviews_of(span_id: int) -> "QuerySet[Annotation]":
    """Every opinion that there ever was on the claim or on one that came to it, and that counts."""
    return counting(Annotation.objects.filter(span__in=[span_id, *forebears(span_id)]))


def counting(opinions: "QuerySet[Annotation]") -> "QuerySet[Annotation]":
    """Without those that were undone by the very next change of their author, while nothing else happened on the
    claim: its state stood as they made it, and nothing was said of it at the desk (ADR 32)."""
    undone = Undoing.objects.filter(
        collection=OuterRef("collection"), number=OuterRef("retired_in"), undid=OuterRef("created_in")
    )
    by_author = Revision.objects.filter(
        collection=OuterRef("collection"), number=OuterRef("retired_in"), author=OuterRef("reviewer")
    )
    elsewhere = Revision.objects.filter(collection=OuterRef("collection"), author=OuterRef("reviewer"))
    stood = ClaimState.objects.filter(
        collection=OuterRef("collection"),
        span=OuterRef("span"),
        created_in=OuterRef("created_in"),
        retired_in=OuterRef("retired_in"),
    )
    return opinions.exclude(
        Exists(undone),
        Exists(by_author),
        ~Exists(_between(elsewhere, "number")),
        Exists(stood),
        *(~Exists(_between(model.objects.filter(span=OuterRef("span")))) for model, *_ in WORDS),
    )


def _between(rows: "QuerySet[Any]", number: str = "created_in") -> "QuerySet[Any]":
    """Of a change after the opinion and before its end."""
    return rows.filter(**{f"{number}__gt": OuterRef("created_in"), f"{number}__lt": OuterRef("retired_in")})
