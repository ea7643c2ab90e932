"""Where a claim stands: who may move, split and unmark it, and where one went."""

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery

from annotations.access import Seat, claim, claims, hidden_claims
from annotations.models import Annotation, ClaimState, Evidence, Revision, Ruling, Span
from annotations.models.claims import state_before
from annotations.models.versions import none
from annotations.services.claims import who_said_so
from annotations.services.links import now_at


def movable(seat: Seat, span_id: int) -> tuple[Span, ClaimState]:
    """A claim whose boundaries the person may change: reviewers where only they worked on it, editors any."""
    span, state = parting(seat, span_id)
    if not seat.is_editor and _others_worked(seat, state):
        raise PermissionDenied("Others have worked on this claim: ask an editor to move it.")
    return span, state


def parting(seat: Seat, span_id: int) -> tuple[Span, ClaimState]:
    """A claim that the person may split: any whose work by others they may see."""
    span, state = claim(seat, span_id)
    if not seat.is_reviewer:
        raise PermissionDenied("Only reviewers and editors move and split claims.")
    if hidden_claims(seat, [span_id]):
        raise PermissionDenied("Give your verdict of this claim first; then move or split it.")
    return span, state


def unmarking(seat: Seat, span_id: int) -> None:
    """That it is refused where others worked on the claim would tell who has not judged it yet that somebody did: they
    take back what they marked themselves, and of that are told."""
    if hidden_claims(seat, [span_id]) and marked_by(span_id) != seat.user.pk:
        raise PermissionDenied("Give your verdict of this claim first; then remove its mark.")


def marked_by(span_id: int) -> int | None:
    """Who marked the claim that is there now."""
    first = ClaimState.objects.filter(none(state_before()), span=span_id).order_by("-created_in")
    change = Revision.objects.filter(collection=OuterRef("collection"), number=OuterRef("created_in"))
    return first.values_list(Subquery(change.values("author")), flat=True).first()


def moved_to(seat: Seat, span_id: int) -> int | None:
    """Where a claim that moved or was merged away is now, if the person may see it there."""
    there = now_at(span_id)
    return there if there and claims(seat).filter(span=there).exists() else None


def _others_worked(seat: Seat, state: ClaimState) -> bool:
    work = (
        Annotation.objects.current().exclude(reviewer=seat.user),
        Evidence.objects.current().exclude(added_by=seat.user),
        Ruling.objects.current().exclude(editor=seat.user),
    )
    if any(rows.filter(span=state.span_id).exists() for rows in work):
        return True
    reason = state.reason
    return bool(reason) and who_said_so(seat.collection, state.span_id, reason) != seat.user.pk
