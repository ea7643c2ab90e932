"""A collection's beginning, its settings and its members."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Model, OuterRef, Subquery
from django.utils import timezone

from annotations.models import ClaimState, Collection, CollectionSettings, Membership, User
from annotations.services import kept_exports
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Stale, commit
from annotations.services.states import rederive

FIELDS = (
    "name",
    "description",
    "language",
    "license",
    "blind",
    "reviews_needed",
    "verified_needs_source",
    "text_exportable",
    "show_names",
    "public",
)
DERIVE = frozenset({"reviews_needed", "verified_needs_source"})
SIGHT = frozenset({"blind", "text_exportable", "show_names"})
"""Settings that change what a client may see: they raise the epoch."""


def create_collection(slug: str, *, author: User | None, **settings: Any) -> Collection:
    _check(settings)
    values = {"name": slug} | settings
    _validate(Collection(slug=slug))
    _validate(CollectionSettings(**values), exclude=["collection", "created_in"])
    collection, _ = Collection.objects.get_or_create(slug=slug)
    with commit(collection, author=author, action="create") as revision:
        if revision.number > 1:
            raise Invalid("There is a collection of that name already. Choose another.", "slug")
        revision.insert(CollectionSettings, **values)
    return collection


def change_settings(collection: Collection, *, author: User, base: int, changes: dict[str, Any]) -> int:
    """Returns the id of the settings' live version. `base`: the id of the version that the author saw."""
    _check(changes)
    try:
        with commit(collection, author=author, action="settings") as revision:
            live = CollectionSettings.objects.current().get(collection=collection)
            if live.pk != base:
                raise Stale(live)
            before = {name: getattr(live, name) for name in FIELDS}
            changed = {name for name, value in changes.items() if before[name] != value}
            if not changed:
                raise _Unchanged
            revision.retire(CollectionSettings, base)
            version = revision.insert(CollectionSettings, **before | changes)
            settings_changed(revision, changed)
    except _Unchanged:
        return base
    return version


class _Unchanged(Exception):
    pass


def set_member(collection: Collection, user: User, role: str, *, is_lawyer: bool | None = None) -> Membership:
    """Give the user this role, now. A membership that had ended begins again, under its old pseudonym.

    `is_lawyer` None: as it was.
    """
    if role not in Membership.Role.values:
        raise Invalid(f"The role is one of {', '.join(Membership.Role.values)}.", "role")
    with transaction.atomic():
        membership, _ = Membership.objects.update_or_create(
            collection=collection,
            user=user,
            defaults={"role": role, "ended": None} | ({} if is_lawyer is None else {"is_lawyer": is_lawyer}),
        )
        raise_epoch(collection)
    return membership


def end_membership(collection: Collection, user: User) -> None:
    with transaction.atomic():
        ended = Membership.objects.filter(collection=collection, user=user, ended=None).update(
            ended=timezone.now()
        )
        if not ended:
            raise NotThere("They are not a member of this collection.")
        raise_epoch(collection)


def raise_epoch(collection: Collection) -> None:
    """What clients may see has changed: the changes feed tells them to read anew."""
    raise_epochs([collection.pk])


def raise_epochs(collection_ids: Sequence[int]) -> None:
    Collection.objects.filter(pk__in=collection_ids).update(epoch=F("epoch") + 1)
    transaction.on_commit(partial(kept_exports.forget, collection_ids), robust=True)


def settings_changed(revision: Commit, changed: set[str]) -> set[int]:
    """Follow a change of settings through: the epoch, and the state of each claim that now comes to something else.

    Returns those claims' ids.
    """
    if changed & SIGHT:
        raise_epoch(revision.collection)
    return rederive(revision) if changed & DERIVE else set()


def restated(collection: Collection, number: int) -> list[tuple[str, str, int]]:
    """(status before, status after, how many claims) of what this revision derived anew, the most first."""
    states = ClaimState.objects.filter(collection=collection)
    before = states.filter(span=OuterRef("span"), retired_in=number).values("status")[:1]
    anew = states.filter(created_in=number).annotate(before=Subquery(before)).exclude(before=None)
    counted = anew.values("before", "status").annotate(count=Count("pk")).order_by("-count")
    return list(counted.values_list("before", "status", "count"))


def _validate(row: Model, exclude: Sequence[str] = ()) -> None:
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as wrong:
        field, messages = next(iter(wrong.message_dict.items()))
        raise Invalid(messages[0], field) from wrong


def _check(settings: dict[str, Any]) -> None:
    unknown = set(settings) - set(FIELDS)
    if unknown:
        raise Invalid(f"No such setting: {', '.join(sorted(unknown))}.")
    if settings.get("reviews_needed", 1) < 1:
        raise Invalid("At least one review is needed.", "reviews_needed")
    if "name" in settings and not settings["name"].strip():
        raise Invalid("Give the collection a name.", "name")
