"""Who may decide a claim."""

from django.db.models import QuerySet

from annotations.access import Seat
from annotations.models import Membership, User
from annotations.services.links import reviews_of


def may_decide(seat: Seat, span_id: int) -> bool:
    """An editor who never had an opinion on the claim, nor on one that moved or was merged into it."""
    return seat.is_editor and not reviews_of(span_id).filter(reviewer=seat.user).exists()


def deciders(seat: Seat, span_id: int) -> QuerySet[User]:
    """The editors who may decide the claim: who had no opinion on it, nor on one that came to it."""
    editors = Membership.objects.filter(
        collection=seat.collection, ended=None, role=Membership.Role.EDITOR
    ).values("user")
    spoke = reviews_of(span_id).values("reviewer")
    people = User.objects.filter(pk__in=editors, is_active=True).exclude(pk__in=spoke)
    return people.order_by("display_name", "username")


def who_can(seat: Seat, span_id: int) -> str:
    """Said to an editor who reviewed the claim."""
    names = [str(user) for user in deciders(seat, span_id)[:8]]
    if not names:
        return "You reviewed this claim, so another editor has to decide it. Nobody else may yet: ask for an editor."
    return f"You reviewed this claim, so another editor decides it: {', '.join(names)}."
