"""Administration: whom its staff may manage, and why not. Staff do not touch staff, nor themselves; superusers may."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from annotations.models import ArticleWork, Assignment, Collection, Membership, User


def may_manage(staff: Any, person: User) -> bool:
    return bool(staff.is_superuser or not (person.is_staff or person.is_superuser))


def managed(staff: Any) -> QuerySet[User]:
    """Those whom `may_manage` lets through, but for the anonymised."""
    people = User.objects.filter(anonymised_at=None)
    return people if staff.is_superuser else people.filter(is_staff=False, is_superuser=False)


def refusal(staff: Any, person: User) -> str:
    """Why nothing is done to this person, in words; empty where it may be."""
    if person.anonymised_at:
        return "Anonymised: nobody's account any more."
    if may_manage(staff, person):
        return ""
    if person.pk == staff.pk:
        return "This is you. Another administrator has to do it."
    return "On staff: only a superuser may."


def no_link(staff: Any, person: User) -> str:
    if person.kind != User.Kind.PERSON:
        return "A service does not sign in; it has tokens."
    if not person.is_active:
        return refusal(staff, person) or "Deactivated: make them active first."
    return refusal(staff, person)


def no_deactivation(staff: Any, person: User) -> str:
    if person.pk == staff.pk:
        return "This is you. Another administrator has to do it."
    return refusal(staff, person) or ("" if person.is_active else "Is deactivated already.")


def no_reactivation(staff: Any, person: User) -> str:
    return refusal(staff, person) or ("Is active." if person.is_active else "")


def no_factor_reset(staff: Any, person: User) -> str:
    """A lost device is a superuser's to take away: without it administration opens to a password alone."""
    if not staff.is_superuser:
        return "Only a superuser takes a second factor away."
    return refusal(staff, person)


def no_anonymising(staff: Any, person: User) -> str:
    """Never oneself, staff or superusers, whoever asks: what cannot be undone happens to nobody who administrates."""
    if person.pk == staff.pk:
        return "This is you. Another administrator has to do it."
    if person.is_staff or person.is_superuser:
        return "On staff: a superuser takes that from them first."
    if person.kind != User.Kind.PERSON:
        return "A service has no name to protect: deactivate it."
    return refusal(staff, person)


def no_revoking(staff: Any, owner: User) -> str:
    """Whose tokens staff leave alone: those of other staff. Anybody else's may be the one that leaked."""
    return "" if owner.pk == staff.pk or may_manage(staff, owner) else "On staff: only a superuser may."


def left_behind(staff: Any, people: Sequence[User]) -> list[str]:
    """What the desk lacks once these are gone, a sentence each."""
    sentences = [
        f"{slug} has no other editor: nobody decides there any more." for slug in _last_editors(people)
    ]
    work = ArticleWork.objects.current().filter(owner__in=people).order_by("collection__slug")
    owned = work.values_list("collection__slug").annotate(Count("pk"))
    below = Membership.objects.filter(user=staff.pk, ended=None).exclude(role=Membership.Role.EDITOR)
    given = (
        Assignment.objects.current()
        .filter(reviewer__in=people)
        .exclude(collection__in=below.values("collection"))
        .order_by("collection__slug")
        .values_list("collection__slug")
        .annotate(Count("pk"))
    )
    sentences += [f"{slug}: they own {_count(n, 'article')}. Give them to others." for slug, n in owned]
    sentences += [
        f"{slug}: {_count(n, 'claim')} or articles were given to them to check." for slug, n in given
    ]
    return sentences


def _last_editors(people: Sequence[User]) -> list[str]:
    """The collections that only these edit."""
    editors = Membership.objects.filter(
        collection=OuterRef("pk"), ended=None, role=Membership.Role.EDITOR, user__is_active=True
    )
    theirs, others = editors.filter(user__in=people), editors.exclude(user__in=people)
    alone = Collection.objects.filter(Exists(theirs)).exclude(Exists(others))
    return list(alone.order_by("slug").values_list("slug", flat=True))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
