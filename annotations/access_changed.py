"""What one change wrote and ended, as far as the person may see it. The change itself is from `access.revisions`."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations import access, access_work
from annotations.access import Seat, spoke
from annotations.access_desk import visible_comments
from annotations.models import (
    LIVE,
    VERSION_MODELS,
    Annotation,
    ArticleWork,
    Assignment,
    ClaimLink,
    ClaimState,
    Collection,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    Mention,
    Revision,
    Ruling,
    SentBack,
    SourceDetails,
    Status,
    VersionRow,
)
from annotations.models.claims import state_before
from annotations.models.versions import none
from annotations.services.claims import who_said_so
from annotations.services.lineage import key_names, key_of, narrowest
from annotations.services.reversal import Reversal

MOST = 50
"""Of each kind no more are looked at: an import, or a change of the settings, may touch every claim."""

Model = type[VersionRow]
Rows = QuerySet[Any]


class Thing(NamedTuple):
    """Something that a change touched. `before` None: it was not there; `after` None: it is not there any more.

    What the person may not see of either row is blank.
    """

    model: Model
    before: Any
    after: Any


def changed(seat: Seat, number: int) -> tuple[list[Thing], bool]:
    """The things, and whether there are more of them than are told."""
    things, more = list[Thing](), False
    for model in _models(seat.collection, number):
        pairs = list(_pairs(seat, model, number))
        things += [Thing(model, *pair) for pair in pairs[:MOST]]
        more = more or len(pairs) > MOST
    _blank_claims(seat, things)
    _blank_notes(seat, things)
    return things, more


def to_come(seat: Seat, change: Reversal) -> tuple[list[Thing], bool]:
    """The same of changes that are to be undone: as the things are now, and as they would be."""
    things, more = list[Thing](), False
    for model in VERSION_MODELS:
        if model is ClaimState:
            turns = [(turn.live, turn.before) for turn in change.marks.values()]
        else:
            turns = [(turn.live, turn.before) for turn in change.turns[model].values()]
            turns += [(pk, None) for pk in sorted(change.along[model] - {live for live, _ in turns})]
        turns = [turn for turn in turns if turn != (None, None)]
        rows = _seen(seat, model, turns[: MOST + 1])
        pairs = [(rows.get(live or 0), before and rows.get(before.pk)) for live, before in turns[: MOST + 1]]
        things += [Thing(model, *pair) for pair in pairs[:MOST] if any(pair)]
        more = more or len(turns) > MOST
    _blank_claims(seat, things)
    _blank_notes(seat, things)
    return [_without_result(thing) if thing.model is ClaimState else thing for thing in things], more


def _seen(seat: Seat, model: Model, turns: list[tuple[int | None, Any]]) -> dict[int, Any]:
    """Those of the rows that the person may see, by id."""
    wanted = {live for live, _ in turns if live} | {before.pk for _, before in turns if before}
    rows = model._base_manager.filter(pk__in=wanted)
    return {row.pk: row for row in (VISIBLE[model](seat, rows) if model in VISIBLE else rows)}


def _without_result(thing: Thing) -> Thing:
    """What the claim will come to is derived when it is done."""
    for row in (thing.before, thing.after):
        if row:
            row.status, row.verdict = "", None
    return thing


def _models(collection: Collection, number: int) -> list[Model]:
    """Those of which the change wrote or ended a row: one question for all of them."""
    there = [
        Exists(model._base_manager.filter(collection=OuterRef("pk"), **when))
        for model in VERSION_MODELS
        for when in ({"created_in": number}, {"retired_in": number, "retired_in__lt": LIVE})
    ]
    found = Collection.objects.filter(pk=collection.pk).values_list(*there).get()
    return [
        model
        for model, pair in zip(VERSION_MODELS, zip(found[::2], found[1::2], strict=True), strict=True)
        if any(pair)
    ]


def _pairs(seat: Seat, model: Model, number: int) -> Iterator[tuple[Any, Any]]:
    """(before, after), at most one more than are told."""
    rows = model._base_manager.filter(collection=seat.collection)
    rows = VISIBLE[model](seat, rows) if model in VISIBLE else rows
    after = {key_of(row): row for row in rows.filter(created_in=number).order_by("pk")[: MOST + 1]}
    ended = rows.filter(retired_in=number, retired_in__lt=LIVE)
    if len(after) > MOST:
        name = key_names(model)[narrowest(model)]
        ended = ended.filter(**{f"{name}__in": {getattr(row, name) for row in after.values()}})
    before = {key_of(row): row for row in ended.order_by("pk")[: MOST + 1]}
    for key in list(dict.fromkeys([*before, *after]))[: MOST + 1]:
        yield before.get(key), after.get(key)


def shown_since(seat: Seat, states: Rows, number: int, at: int) -> Rows:
    """Of claims as of a revision those whose last change that the person sees is this one or a later: of a claim that
    is hidden from them, its marking."""
    written = Q(created_in__gte=number)
    if not seat.hides:
        return states.filter(written)
    marks = ClaimState.objects.filter(
        none(state_before()), span=OuterRef("span"), created_in__range=(number, at)
    )
    return states.filter(Q(spoke(seat), written) | Q(~spoke(seat), Exists(marks)))


def _own_or_open(person: str) -> Callable[[Seat, Rows], Rows]:
    """Of a hidden claim only what the person said themselves."""

    def visible(seat: Seat, rows: Rows) -> Rows:
        return rows.filter(Q(**{person: seat.user}) | spoke(seat)) if seat.hides else rows

    return visible


def _open(seat: Seat, rows: Rows) -> Rows:
    return rows.filter(spoke(seat)) if seat.hides else rows


def _assignments(seat: Seat, rows: Rows) -> Rows:
    return rows.filter(reviewer=seat.user) if seat.is_blind else rows


def _sent_back(seat: Seat, rows: Rows) -> Rows:
    return rows if seat.is_editor else rows.filter(reviewer=seat.user)


def _sources(seat: Seat, rows: Rows) -> Rows:
    cited = Evidence.objects.filter(source=OuterRef("source"), added_by=seat.user)
    return rows.filter(Exists(cited)) if seat.is_blind else rows


VISIBLE: dict[Any, Callable[[Seat, Rows], Rows]] = {
    Annotation: _own_or_open("reviewer"),
    Evidence: _own_or_open("added_by"),
    Ruling: _own_or_open("editor"),
    SourceDetails: _sources,
    ClaimLink: _open,
    Assignment: _assignments,
    SentBack: _sent_back,
    Comment: visible_comments,
    Mention: _open,
    LegalRead: _open,
    Correction: _open,
}
"""As the rows are seen while they stand. A place is seen by all, and so is what an article is."""


def _blank_claims(seat: Seat, things: list[Thing]) -> None:
    """What a hidden claim came to is untold, as everywhere: it is to be checked."""
    rows = [row for thing in things if thing.model is ClaimState for row in thing[1:] if row]
    hidden = access.hidden_claims(seat, [row.span_id for row in rows])
    for row in rows:
        if row.span_id not in hidden:
            continue
        row.status, row.verdict = Status.TO_CHECK, None
        if row.reason and who_said_so(seat.collection, row.span_id, row.reason) != seat.user.pk:
            row.reason = ""


def _blank_notes(seat: Seat, things: list[Thing]) -> None:
    rows = [row for thing in things if thing.model is ArticleWork for row in thing[1:] if row and row.note]
    if not seat.hides or not rows:
        return
    wrote = dict(
        Revision.objects.filter(
            collection=seat.collection, number__in={row.created_in for row in rows}
        ).values_list("number", "author")
    )
    for row in rows:
        if not access_work.may_read_note(seat, row, wrote.get(row.created_in)):
            row.note = ""
