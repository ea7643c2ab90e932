"""Sources: who may cite them again, open their uploads, and change what is said of them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404

from annotations.access import Seat, evidence
from annotations.models import Evidence, Source, SourceDetails


def sources(seat: Seat) -> QuerySet[SourceDetails]:
    """Sources that the person may cite again: blind reviewers, those that they cited themselves."""
    rows = SourceDetails.objects.current().filter(collection=seat.collection).select_related("source")
    if seat.is_viewer:
        return rows.filter(source__tier=Source.Tier.PUBLIC)
    if seat.is_blind:
        return rows.filter(Exists(Evidence.objects.filter(source=OuterRef("source"), added_by=seat.user)))
    return rows


def document(seat: Seat, source_id: int) -> SourceDetails:
    """A source with an upload, cited for some claim where the person may see it cited."""
    rows = SourceDetails.objects.current().filter(collection=seat.collection, source=source_id)
    details = rows.exclude(file="").first()
    if details is None or not evidence(seat).filter(source=source_id).exists():
        raise Http404("No such document in this collection.")
    return details


def own_evidence(seat: Seat, key: str) -> Evidence:
    """Evidence that the person may change: reviewers their own, editors any."""
    row = evidence(seat).filter(key=key).select_related("source").first()
    if row is None:
        raise Http404("No such source on a claim of this collection.")
    if not seat.is_reviewer or (row.added_by_id != seat.user.pk and not seat.is_editor):
        raise PermissionDenied("Somebody else added this source; ask them, or an editor.")
    return row


FIRST_CITER = Subquery(
    Evidence.objects.filter(source=OuterRef("source")).order_by("pk").values("added_by")[:1]
)
"""Of rows of Evidence: who brought its source into the collection."""


def may_change_source(seat: Seat, first_citer: int | None) -> bool:
    """What a source is, all claims that cite it say alike: for who cited it first to change, and for editors."""
    return seat.is_editor or (seat.is_reviewer and first_citer == seat.user.pk)


def changing_source(seat: Seat, source_id: int) -> None:
    first = Evidence.objects.filter(source=source_id).order_by("pk").values_list("added_by", flat=True)
    if not may_change_source(seat, first.first()):
        raise PermissionDenied(
            "Somebody else brought this source in and says what it is: add a source of your own instead,"
            " or ask an editor."
        )
