"""One change of many claims: of those that nobody has touched since somebody looked at them, in one revision."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from django.db.models import Q

from annotations.models import LIVE, ClaimState, Collection, User, VersionRow
from annotations.services.errors import Invalid
from annotations.services.ledger import Commit, Replayed, commit, digest_of
from annotations.services.lineage import among

MOST = 500
"""Of claims in one change: so many can be named on a page, and looked through by whoever confirms."""

Write = Callable[[Commit, list[int]], Iterable[int]]
"""Writes what there is to write on these claims; returns those on which it did."""


@dataclass(frozen=True, slots=True)
class Many:
    """`revision` None: nothing was left to write. `touched`: claims; `changed`: claims left out, since somebody changed
    them, or took them away, in between; the others were so already."""

    revision: int | None
    touched: list[int]
    changed: list[int]


class Picked(TypedDict):
    """Who changes which claims. `seen`: the number of the collection's last change when they looked."""

    author: User
    span_ids: Iterable[int]
    seen: int
    key: NotRequired[str | None]


def change_many(
    collection: Collection,
    *,
    author: User,
    action: str,
    span_ids: Iterable[int],
    seen: int,
    write: Write,
    on: Sequence[type[VersionRow]] = (),
    said: dict[str, Any] | None = None,
    key: str | None = None,
) -> Many:
    """As `Picked`. `on`: what `write` writes, beside the claims' own states, and must not be changed in between either.
    `said`: what else tells two requests apart."""
    spans = sorted(set(span_ids))
    if not spans:
        raise Invalid("Pick at least one claim.")
    if len(spans) > MOST:
        raise Invalid(f"At most {MOST} claims at a time: pick fewer.")
    digest = digest_of(do=action, spans=spans, **(said or {})) if key else None
    try:
        with commit(collection, author=author, action=action, idempotency_key=key, digest=digest) as revision:
            fresh = untouched(collection, spans, seen, on)
            changed = sorted(set(spans) - set(fresh))
            touched = sorted(write(revision, fresh)) if fresh else []
            if not touched:
                raise _Nothing(changed)
            revision.result = _told(touched) | {"touched": touched, "changed": changed}
    except Replayed as replay:
        return Many(replay.number, replay.result["touched"], replay.result["changed"])
    except _Nothing as nothing:
        return Many(None, [], nothing.changed)
    return Many(revision.number, touched, changed)


def untouched(
    collection: Collection, span_ids: Sequence[int], seen: int, on: Sequence[type[VersionRow]] = ()
) -> list[int]:
    """Those of the claims that stand as they did after change `seen`, as do the rows of `on` about them."""
    live = ClaimState.objects.current().filter(collection=collection, created_in__lte=seen)
    spans = {span for part in among(live, "span", span_ids) for span in part.values_list("span", flat=True)}
    since = Q(created_in__gt=seen) | Q(retired_in__gt=seen, retired_in__lt=LIVE)
    for model in on:
        for part in among(model._base_manager.filter(since), "span", spans):
            spans -= set(part.values_list("span", flat=True))
    return sorted(spans)


class _Nothing(Exception):
    def __init__(self, changed: list[int]) -> None:
        self.changed = changed


def _told(touched: list[int]) -> dict[str, Any]:
    """For the history: the claim where there is only one, or how many they are."""
    return {"span": touched[0]} if len(touched) == 1 else {"title": f"{len(touched):,} claims"}
