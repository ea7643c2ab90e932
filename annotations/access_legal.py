"""Legal reads: reviewers and editors ask, lawyers of the collection answer, whatever their role; others see nothing.

Who checks blind and has not spoken on a claim sees no legal read of it either, a lawyer no more than others.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404

from annotations.access import Seat, hidden_claims, spoke
from annotations.models import LIVE, LegalRead, Membership


def is_lawyer(seat: Seat) -> bool:
    members = Membership.objects.filter(collection=seat.collection, user=seat.user, ended=None)
    return members.filter(is_lawyer=True).exists()


def may_read(seat: Seat) -> bool:
    """Whether legal reads concern this person at all."""
    return seat.is_reviewer or is_lawyer(seat)


def reading_legal(seat: Seat) -> None:
    if not may_read(seat):
        raise PermissionDenied("Legal reads are for reviewers, editors and lawyers of this collection.")


def legal_reads(seat: Seat, at: int | None = None) -> QuerySet[LegalRead]:
    """Those that the person may see, now or then, each with `holds` and `newer`."""
    rows = LegalRead.objects.current() if at is None else LegalRead.objects.at(at)
    seen = visible_reads(seat, rows, LIVE - 1 if at is None else at)
    return seen if may_read(seat) else seen.none()


def visible_reads(seat: Seat, rows: QuerySet[LegalRead], at: int = LIVE - 1) -> QuerySet[LegalRead]:
    """For whom `may_read` lets in."""
    rows = rows.filter(collection=seat.collection).with_hold(at)  # type: ignore[attr-defined]
    if not seat.hides:
        return rows
    return rows.filter(spoke(seat))


def waiting_for_lawyer(seats: Iterable[Seat], most: int) -> QuerySet[LegalRead]:
    """For a lawyer of all these collections: what is asked and not answered, in each the oldest `most`."""
    seen = Q(pk__in=[])
    for seat in seats:
        seen |= Q(spoke(seat), collection=seat.collection) if seat.hides else Q(collection=seat.collection)
    asked = LegalRead.objects.current().filter(seen, answer=LegalRead.Answer.ASKED)
    nth = Window(RowNumber(), partition_by="collection", order_by=("created_in", "pk"))
    found = asked.select_related("asked_by").annotate(nth=nth).filter(nth__lte=most)
    return found.order_by("collection", "created_in", "pk")


def legal_in_the_way(seat: Seat) -> QuerySet[LegalRead]:
    """Asked and not answered, objected to, or answered for an earlier text: it cannot run like that."""
    if not seat.is_reviewer:
        return LegalRead.objects.none()
    return visible_reads(seat, LegalRead.objects.current().in_the_way())


def asking(seat: Seat, span_id: int) -> None:
    """The claim is one that the person may see."""
    if not seat.is_reviewer:
        raise PermissionDenied("Only reviewers and editors ask for a legal read.")
    if hidden_claims(seat, [span_id]):
        raise PermissionDenied("Give your verdict of this claim first; then ask for a legal read.")


def may_take_back(seat: Seat, asked_by: int) -> bool:
    """An open question: whoever asked it, and editors, change it or take it back."""
    return seat.is_editor or (seat.is_reviewer and asked_by == seat.user.pk)


def taking_back(seat: Seat, span_id: int) -> None:
    asking(seat, span_id)
    rows = legal_reads(seat).filter(span=span_id, answer=LegalRead.Answer.ASKED)
    asked_by = rows.values_list("asked_by", flat=True).first()
    if asked_by is not None and not may_take_back(seat, asked_by):
        raise PermissionDenied("Somebody else asked for this legal read; ask them, or an editor.")


def answering(seat: Seat, span_id: int) -> LegalRead:
    """The legal read of the claim, for a lawyer to answer: there may be no other way for them to see the claim."""
    if not is_lawyer(seat):
        raise PermissionDenied("Only lawyers of this collection answer; an administrator says who they are.")
    row = legal_reads(seat).filter(span=span_id).select_related("span").first()
    if row is None:
        raise Http404("No legal read of this claim is asked for.")
    return row
