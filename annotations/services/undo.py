"""Undo of any changes: retire what stands by them, insert again what they retired, in a new revision."""

from collections.abc import Collection as Many
from dataclasses import dataclass

from annotations.models import (
    VERSION_MODELS,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Revision,
    Undoing,
    User,
)
from annotations.services import settings, states
from annotations.services.dependents import dependents
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, payload
from annotations.services.lineage import among, deeds, standing_undos
from annotations.services.reversal import Later, Reversal, reverse

LASTING = "create"
"""The revision that a collection begins with; without it there is no collection."""
UNDOING = ("undo", "undo-many")
ALONE = "the settings bear upon all claims: it is undone on its own"
MOST = 200
"""So many changes are undone at once."""


def undo(collection: Collection, *, author: User, number: int, key: str | None = None) -> int:
    """Returns the number of the new revision. OthersWork names what depends on what would go.

    Who may undo whose revision is for `access_undo.undoable` to say.
    """
    digest = digest_of(do="undo", number=number) if key else None
    try:
        with commit(collection, author=author, action="undo", idempotency_key=key, digest=digest) as revision:
            _check(collection, [number])
            change, later = reverse(collection, [number])
            _refuse(collection, number, change, later)
            touched = _carry_out(revision, change)
            revision.result = {"undone": number, "spans": sorted(touched)}
            revision.undoes([number])
    except Replayed as replay:
        return replay.number
    return revision.number


@dataclass(frozen=True, slots=True)
class Plan:
    """What undoing some changes at once would come to. `refused`: those that have to be left out, and why."""

    numbers: list[int]
    change: Reversal
    refused: dict[int, list[str]]

    @property
    def seen(self) -> str:
        """What somebody agrees to who has read it."""
        return self.change.fingerprint()


def plan(collection: Collection, numbers: Many[int]) -> Plan:
    """Nothing is written. Leaving one out may be why another one cannot be undone either."""
    _check(collection, numbers)
    left, refused = set(numbers), dict[int, list[str]]()
    while left:
        change, blocked = _weigh(collection, left)
        if not blocked:
            return Plan(sorted(left), change, refused)
        refused |= blocked
        left -= blocked.keys()
    return Plan([], Reversal(), refused)


def not_undone(collection: Collection, numbers: Many[int]) -> list[int]:
    """Those of the changes of which something stands: without what has been undone, and without undos of nothing but
    changes among these."""
    chosen = set(numbers)
    undone = standing_undos(collection, chosen)
    targets: dict[int, set[int]] = {}
    undoings = Undoing.objects.filter(collection=collection, number__in=chosen)
    for number, undid in undoings.values_list("number", "undid"):
        targets.setdefault(number, set()).add(undid)
    spent = {number for number, undid in targets.items() if number not in undone and undid <= chosen}
    # What an undo of these and others undid stays: without it the undo cannot be looked at as a whole.
    needed = {number for number, undo in undone.items() if undo in chosen - spent}
    return sorted(chosen - spent - (undone.keys() - needed))


def undo_many(
    collection: Collection,
    *,
    author: User,
    numbers: Many[int],
    seen: str | None = None,
    key: str | None = None,
) -> int:
    """All of them, in one revision, or none: OthersWork, or Stale where no longer comes of it what was `seen`."""
    numbers = sorted(set(numbers))
    digest = digest_of(do="undo-many", numbers=numbers) if key else None
    try:
        with commit(
            collection, author=author, action="undo-many", idempotency_key=key, digest=digest
        ) as revision:
            _check(collection, numbers)
            change, blocked = _weigh(collection, numbers)
            if blocked:
                lines = [f"change {n}: {line}" for n, said in sorted(blocked.items()) for line in said]
                raise OthersWork("These changes cannot be undone together.", lines)
            if seen is not None and seen != change.fingerprint():
                raise Stale(None)
            touched = _carry_out(revision, change)
            revision.result = {"undone": numbers, "spans": sorted(touched)}
            revision.undoes(numbers)
    except Replayed as replay:
        return replay.number
    return revision.number


def _check(collection: Collection, numbers: Many[int]) -> None:
    if not numbers:
        raise Invalid("Choose at least one change.")
    if len(numbers) > MOST:
        raise Invalid(f"At most {MOST} changes are undone at once: choose fewer.")
    actions = dict(
        Revision.objects.filter(collection=collection, number__in=numbers).values_list("number", "action")
    )
    if actions.keys() < set(numbers):
        raise NotThere("There is no such change in this collection.")
    if LASTING in actions.values():
        raise Invalid("The beginning of a collection cannot be undone.")


def _weigh(collection: Collection, numbers: Many[int]) -> tuple[Reversal, dict[int, list[str]]]:
    """And those of them that cannot be undone with the rest, each with what stands in the way."""
    if len(numbers) > 1:
        alone = {n for n, ends in deeds(collection, numbers).items() if "settings" in ends}
        if alone:
            return Reversal(), {number: [ALONE] for number in alone}
    change, later = reverse(collection, numbers)
    return change, _in_words(collection, later) or dependents(change)


def _refuse(collection: Collection, number: int, change: Reversal, later: Later) -> None:
    if standing := _in_words(collection, later):
        raise OthersWork(
            f"Change {number} cannot be undone any more: undo what came later first.", standing[number]
        )
    if depends := dependents(change):
        lines = [line for said in depends.values() for line in said]
        raise OthersWork(f"Change {number} cannot be undone: later work depends on it.", lines)


def _in_words(collection: Collection, later: Later) -> dict[int, list[str]]:
    undone = standing_undos(collection, set(later))
    return {
        number: [
            f"change {n} undid it already"
            if n == undone.get(number)
            else f"change {n} came later and builds on it"
            for n in sorted(standing)
        ]
        for number, standing in later.items()
    }


def _carry_out(revision: Commit, change: Reversal) -> set[int]:
    """Returns the ids of the claims touched."""
    for model in VERSION_MODELS:
        if model is not ClaimState:
            revision.retire_many(model, sorted(change.going(model)))
            revision.insert_many(model, (payload(row) for _, row in change.coming(model)))
    revision.articles += len(change.coming(ArticleDetails)) - len(change.going(ArticleDetails))
    touched = _renew_claims(revision, change)
    for turn in change.turns[CollectionSettings].values():
        live = CollectionSettings.objects.get(pk=turn.live or 0)
        changed = {name for name in settings.FIELDS if getattr(live, name) != getattr(turn.before, name)}
        touched |= settings.settings_changed(revision, changed)
    return touched


def _renew_claims(revision: Commit, change: Reversal) -> set[int]:
    """A claim that began with the changes ends, one that ended with them begins again, the others follow."""
    begun, ended = set(change.gone(ClaimState)), change.back(ClaimState)
    said = {span: turn.before.reason for span, turn in change.marks.items() if turn.before}
    renewed = _end_claims(revision, begun)
    for span_id in sorted(change.claims - begun):
        work = states.work_on(span_id, revision.collection.pk)
        if not work.is_live and span_id not in ended:
            continue
        renewed.add(span_id)
        if span_id in said:
            states.renew(revision, span_id, work, not_checkable=bool(said[span_id]), reason=said[span_id])
        else:
            states.renew(revision, span_id, work)
    return renewed


def _end_claims(revision: Commit, span_ids: set[int]) -> set[int]:
    for part in among(ClaimState.objects.current(), "span", span_ids):
        rows = list(part.values_list("pk", "status", "verdict"))
        revision.retire_many(ClaimState, [pk for pk, _, _ in rows])
        for _, status, verdict in rows:
            revision.tally[states.tally_key(status, verdict)] -= 1
    return set(span_ids)
