"""Two versions of one thing, field by field: what is stored now, and what somebody sends who read an earlier one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from annotations.access import Seat
from annotations.models import (
    ArticleDetails,
    CollectionSettings,
    Evidence,
    Revision,
    SourceDetails,
    User,
    VersionRow,
)
from annotations.views.moments import ago
from annotations.views.said import FIELDS, Field, Names, parts_of_lines

INDEPENDENT = (ArticleDetails, CollectionSettings, Evidence, SourceDetails)
"""Their fields say one thing each: what I left alone stays as somebody else has made it since."""
UNTOLD = frozenset({"span_id", "source_id", "added_by_id", "file"})
"""What no form changes."""
PERSONS = frozenset({"editor_id", "asked_by_id", "lawyer_id", "drafted_by_id", "approved_by_id"})
"""Who changed it is said above the two versions."""
LINES = 40


class Pair(NamedTuple):
    """In words. `mine`: as it would be stored."""

    label: str
    stored: str
    mine: str


def as_stored(model: type[VersionRow], said: Mapping[str, Any]) -> dict[str, Any]:
    """field → value of what a form says; as it was typed where it cannot be read."""
    return {name: _read(model, name, value) for name, value in said.items()}


def _read(model: type[VersionRow], name: str, value: Any) -> Any:
    field: Any = model._meta.get_field(name)
    if value == "":
        return None if field.null else False if field.get_internal_type() == "BooleanField" else ""
    try:
        return field.to_python(
            {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value
        )
    except ValidationError:
        return value


def left_alone(seen: VersionRow | None, now: VersionRow | None, said: Mapping[str, Any]) -> set[str]:
    """Of the fields that were sent, those that say what was read: somebody else's change of them stays."""
    if seen is None or now is None or not isinstance(now, INDEPENDENT):
        return set()
    return {name for name, value in said.items() if value == getattr(seen, name)}


def pairs(
    seat: Seat,
    model: type[VersionRow],
    seen: VersionRow | None,
    now: VersionRow | None,
    said: Mapping[str, Any],
) -> list[Pair]:
    """Where the two differ. `seen`: the version that the sender read; `said`: field → what they say of it now."""
    if seen is None and not said:
        return []
    names = Names(_people(seat, [seen, now], said), {}, {})
    kept = left_alone(seen, now, said)
    found = []
    for field in FIELDS[model]:
        if field.name not in UNTOLD | PERSONS:
            mine = now if field.name in kept else said.get(field.name, seen)
            found.append(Pair(field.label, _say(field, now, names), _say(field, mine, names)))
    return [pair for pair in found if pair.stored != pair.mine]


def line_pairs(now: ArticleDetails, mine: list[dict[str, Any]]) -> list[Pair]:
    """Of an article: the lines that have another part in mine."""
    return [Pair(*part) for part in parts_of_lines(now.blocks, mine, now.article.text)[:LINES]]


def _say(field: Field, value: Any, names: Names) -> str:
    if isinstance(value, VersionRow):
        value = getattr(value, field.name)
    return "" if value is None else field.say(value, names)


def _people(seat: Seat, rows: Iterable[VersionRow | None], said: Mapping[str, Any]) -> dict[int, str]:
    wanted = {getattr(row, "owner_id", None) for row in rows} | {said.get("owner_id")}
    return {pk: str(user) for pk, user in User.objects.in_bulk(wanted - {None}).items()}


def who_changed(seat: Seat, seen: VersionRow | None, now: VersionRow | None, *, tell: bool = True) -> str:
    """ "Ana changed this 2 minutes ago." `tell`: whether the person may know of others' work on it."""
    row = now or seen
    if row is None:
        return "It was taken back in the meantime."
    revision = last_of(seat, row)
    if revision.author_id != seat.user.pk and not tell:
        return "It has changed since you read it."
    deed = "changed this" if now else "took this back"
    return f"{named(seat, revision.author)} {deed} {ago(revision.created_at)}."


def changed_it(seat: Seat, revision: Revision) -> str:
    """ "Ana changed it 2 minutes ago" """
    return f"{named(seat, revision.author)} changed it {ago(revision.created_at)}"


def last_of(seat: Seat, row: VersionRow) -> Revision:
    """The change that wrote it, or, where it is live no more, took it away."""
    number = row.created_in if row.is_live else row.retired_in
    return Revision.objects.select_related("author").get(collection=seat.collection, number=number)


def named(seat: Seat, author: User | None) -> str:
    if author is None:
        return "The system"
    return "You yourself, elsewhere," if author.pk == seat.user.pk else str(author)
