"""The two versions on a page whose form somebody else was quicker with."""

from dataclasses import dataclass
from typing import Any, TypeVar

from annotations import access
from annotations.access import Seat
from annotations.forms.collections import VersionedForm
from annotations.models import VersionRow
from annotations.views.versions import Pair, left_alone, pairs, who_changed

Form = TypeVar("Form", bound=VersionedForm)


@dataclass(slots=True)
class Conflict:
    """`may_keep`: whether the person may still save theirs; `follows`: what they left alone follows what is stored."""

    who: str
    pairs: list[Pair]
    mine: str = "Yours, below"
    of: str = "Field"
    may_keep: bool = True
    follows: bool = False


def conflict_of(
    seat: Seat, form: Form, base: int | None, now: VersionRow | None, unread: frozenset[str] = frozenset()
) -> tuple[Form, Conflict]:
    """The form over what is stored now, and what to say above it. `unread`: fields of which the person may not know
    what others say."""
    model: type[VersionRow] = form._meta.model
    seen = model._base_manager.filter(pk=base or 0, collection=seat.collection).first()
    if seen and now and any(getattr(seen, name) != getattr(now, name) for name in model.KEY):
        seen = None  # of another article
    said: dict[str, Any] = {name: value for name, value in form.said.items() if name not in unread}
    kept = left_alone(seen, now, said)
    told = pairs(seat, model, _blank(seen, unread), _blank(now, unread), said)
    follows = any(getattr(seen, name) != getattr(now, name) for name in kept)
    return form.rebased(now, kept), Conflict(
        who_changed(seat, seen, now, tell=access.may_tell(seat)), told, follows=follows
    )


def seen_since(seat: Seat, seen: VersionRow | None, now: VersionRow) -> Conflict:
    """Where nothing was typed: what has become of what was read."""
    return Conflict(
        who_changed(seat, seen, now), pairs(seat, type(now), seen, now, {}), mine="As you read it"
    )


def _blank(row: VersionRow | None, unread: frozenset[str]) -> VersionRow | None:
    for name in unread if row else ():
        setattr(row, name, "")
    return row
