"""Corrections: editors draft and publish them, reviewers read them, and of a public collection everybody reads what was
published.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from annotations.access import Seat, claim, hidden_claims, spoke
from annotations.models import CollectionSettings, Correction, Status, Verdict


def corrections(seat: Seat, at: int | None = None) -> QuerySet[Correction]:
    """Those that stand, or stood then, and the person may see: viewers none at the desk, blind reviewers none of
    hidden claims."""
    rows = Correction.objects.current() if at is None else Correction.objects.at(at)
    rows = rows.filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    if not seat.hides:
        return rows
    return rows.filter(spoke(seat))


def may_begin(seat: Seat, status: str, verdict: str | None) -> bool:
    """What readers are told follows from what was found: a decision, or a verdict of disputed."""
    return seat.is_editor and (status == Status.RULED or verdict == Verdict.DISPUTED)


def correcting(seat: Seat, span_id: int) -> None:
    """Where there is one it may be changed whatever has become of the claim since."""
    _, state = claim(seat, span_id)
    if hidden_claims(seat, [span_id]) or not seat.is_editor:
        raise PermissionDenied("Only editors correct in public.")
    begun = Correction.objects.current().filter(span=span_id).exists()
    if not begun and not may_begin(seat, state.status, state.verdict):
        raise PermissionDenied("Only what is disputed or decided is corrected: settle the claim first.")


def published(slug: str) -> tuple[CollectionSettings, QuerySet[Correction]]:
    """Of a public collection, for everybody: all versions that were ever public. Raises Http404."""
    settings = (
        CollectionSettings.objects.current()
        .filter(collection__slug=slug, public=True)
        .select_related("collection")
        .first()
    )
    if settings is None:
        raise Http404("There is nothing to be read here.")
    rows = Correction.objects.filter(collection=settings.collection, published_at__isnull=False)
    return settings, rows
