"""What waits for an editor's decision, and who may give it."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from annotations.access import Seat
from annotations.models import Annotation, Membership, Ruling, User
from annotations.services.links import forebears


def due_again(seat: Seat, today: date) -> QuerySet[Ruling]:
    """Decisions to be checked again by today, the longest overdue first: for editors who never reviewed the claim."""
    rows = Ruling.objects.current().filter(collection=seat.collection, check_again_on__lte=today)
    if not seat.is_editor:
        return rows.none()
    spoke = Annotation.objects.filter(reviewer=seat.user, span=OuterRef("span"))
    return rows.exclude(Exists(spoke)).order_by("check_again_on", "span")


def deciders(seat: Seat, span_id: int) -> QuerySet[User]:
    """The editors who may decide the claim: who had no opinion on it, nor on one that came to it."""
    editors = Membership.objects.filter(
        collection=seat.collection, ended=None, role=Membership.Role.EDITOR
    ).values("user")
    spoke = Annotation.objects.filter(span__in=[span_id, *forebears(span_id)]).values("reviewer")
    people = User.objects.filter(pk__in=editors, is_active=True).exclude(pk__in=spoke)
    return people.order_by("display_name", "username")


def who_can(seat: Seat, span_id: int) -> str:
    """Said to an editor who reviewed the claim."""
    names = [str(user) for user in deciders(seat, span_id)[:8]]
    if not names:
        return "You reviewed this claim, so another editor has to decide it. Nobody else may yet: ask for an editor."
    return f"You reviewed this claim, so another editor decides it: {', '.join(names)}."
