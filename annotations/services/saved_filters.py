"""Lists of claims that a person keeps under a name: theirs alone, as notes are, and no part of the ledger."""

from django.db import IntegrityError, transaction

from annotations.models import Collection, SavedFilter, User
from annotations.services.errors import Invalid

MOST = 50
LONGEST = 2_000


def save_filter(collection: Collection, *, user: User, name: str, query: str) -> SavedFilter:
    name = _checked(name)
    if len(query) > LONGEST:
        raise Invalid("This filter is too long to be saved: take a part of it away.", "name")
    if SavedFilter.objects.filter(collection=collection, user=user).count() >= MOST:
        raise Invalid(f"You have {MOST} saved filters here. Delete one first.", "name")
    return _written(SavedFilter(collection=collection, user=user, name=name, query=query))


def rename_filter(saved: SavedFilter, name: str) -> None:
    saved.name = _checked(name)
    _written(saved)


def delete_filter(saved: SavedFilter) -> None:
    saved.delete()


def _written(saved: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as clash:
        raise Invalid(
            "You have one of that name here. Choose another name, or delete that one.", "name"
        ) from clash
    return saved


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Give it a name.", "name")
    if len(name) > 100:
        raise Invalid("A name has at most 100 characters. Shorten it.", "name")
    if "\0" in name:
        raise Invalid("A name cannot hold a NUL character.", "name")
    return name
