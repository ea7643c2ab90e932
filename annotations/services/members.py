"""Many memberships of one collection changed at once: planned first, each step with what it does or why not."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import Collection, CollectionSettings, Membership, User
from annotations.services.admin_log import note
from annotations.services.errors import LedgerError
from annotations.services.settings import raise_epoch

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Wish:
    """What they shall be. `role` "": as it is; `is_lawyer` None: as it is; `ends`: members no more."""

    role: str = ""
    is_lawyer: bool | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`seat` as it shall be, None where nothing is done; then `why_not` says why."""

    user: User
    was: str
    becomes: str = ""
    remark: str = ""
    why_not: str = ""
    seat: Membership | None = None


class Moved(LedgerError):
    """Something else would happen now than what was looked at: `steps`. Nothing was done."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__("The memberships changed while you looked. Below is what would happen now.")
        self.steps = steps


def plan(
    collection: Collection, people: Sequence[User], wish: Wish, *, refuses: Callable[[User], str]
) -> list[Step]:
    """`refuses` tells why this person is none of the author's business, or "". Two queries, whatever their number."""
    blind = CollectionSettings.objects.current().filter(collection=collection, blind=True).exists()
    seats = {seat.user_id: seat for seat in _locked(collection, people)}
    return [_step(collection, user, seats.get(user.pk), wish, blind, refuses(user)) for user in people]


def digest(steps: Sequence[Step]) -> str:
    told = [(step.user.pk, step.was, step.becomes, step.why_not) for step in steps]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def change_members(
    collection: Collection,
    people: Sequence[User],
    wish: Wish,
    *,
    author: User,
    refuses: Callable[[User], str],
    seen: str,
) -> list[Step]:
    """The steps that were taken. `seen`: the digest of the steps that the author looked at; raises Moved."""
    try:
        with transaction.atomic():
            steps = plan(collection, people, wish, refuses=refuses)
            if digest(steps) != seen:
                raise Moved(steps)
            taken = [step for step in steps if step.seat]
            _write(taken, author)
            if taken:
                raise_epoch(collection)
    except IntegrityError as raced:
        raise Moved(plan(collection, people, wish, refuses=refuses)) from raced
    return taken


def without_editor(collection: Collection, steps: Sequence[Step]) -> bool:
    """Whether these steps leave the collection without anybody who decides."""
    editors = Membership.objects.filter(
        collection=collection, ended=None, role=Role.EDITOR, user__is_active=True
    )
    seats = [step.seat for step in steps if step.seat]
    if any(seat.role == Role.EDITOR and seat.ended is None for seat in seats):
        return False
    return editors.exists() and not editors.exclude(user__in=[seat.user_id for seat in seats]).exists()


def _locked(collection: Collection, people: Sequence[User]) -> QuerySet[Membership]:
    seats = Membership.objects.filter(collection=collection, user__in=people).order_by("pk")
    in_turn = connection.vendor == "postgresql" and connection.in_atomic_block
    return seats.select_for_update(no_key=True) if in_turn else seats


def _write(steps: Sequence[Step], author: User) -> None:
    seats = [(step, step.seat) for step in steps if step.seat]
    new = Membership.objects.bulk_create(seat for _, seat in seats if seat.pk is None)
    Membership.objects.bulk_update(
        [seat for _, seat in seats if seat not in new], ["role", "is_lawyer", "ended"], batch_size=200
    )
    said: dict[tuple[str, int | None], list[Membership]] = {}
    for step, seat in seats:
        words = f"{step.was} → {step.becomes}".removeprefix("no member → ")
        said.setdefault((words, ADDITION if seat in new else None), []).append(seat)
    for (words, flag), alike in said.items():
        note(author, alike, f"{words[0].upper()}{words[1:]}.", *([flag] if flag else []))


def _step(
    collection: Collection, user: User, seat: Membership | None, wish: Wish, blind: bool, why_not: str
) -> Step:
    was = in_words(seat)
    why_not = why_not or _why_not(user, seat, wish)
    if why_not:
        return Step(user, was, why_not=why_not)
    wanted = _wanted(collection, user, seat, wish)
    becomes = in_words(wanted)
    if becomes == was:
        return Step(user, was, why_not="Is that already.")
    return Step(user, was, becomes, _remark(seat, wanted) if blind else "", seat=wanted)


def _why_not(user: User, seat: Membership | None, wish: Wish) -> str:
    if wish.ends:
        return "" if seat and seat.ended is None else "Is no member."
    if not user.is_active:
        return "Deactivated: make them active first."
    if not wish.role and (seat is None or seat.ended):
        return "Is no member: choose a role for them."
    return ""


def _wanted(collection: Collection, user: User, seat: Membership | None, wish: Wish) -> Membership:
    lawyer = seat.is_lawyer if seat else False
    wanted = Membership(
        collection=collection,
        user=user,
        role=wish.role or (seat.role if seat else ""),
        is_lawyer=lawyer if wish.is_lawyer is None else wish.is_lawyer,
        ended=timezone.now() if wish.ends else None,
    )
    if seat:
        wanted.pk, wanted.pseudonym, wanted.started = seat.pk, seat.pseudonym, seat.started
    return wanted


def _remark(seat: Membership | None, wanted: Membership) -> str:
    """What a change of role means where reviewers check blind."""
    before = seat.role if seat and seat.ended is None else ""
    after = wanted.role if wanted.ended is None else ""
    if before == after:
        return ""
    if after == Role.EDITOR:
        return "Sees everybody's work from then on, and gives no verdicts here."
    if before == Role.EDITOR and after == Role.REVIEWER:
        return "Has seen everybody's work here: their verdicts will not be independent."
    return ""


def in_words(seat: Membership | None) -> str:
    if seat is None:
        return "no member"
    lawyer = ", lawyer" if seat.is_lawyer else ""
    return f"no member any more (was {seat.role}{lawyer})" if seat.ended else f"{seat.role}{lawyer}"
