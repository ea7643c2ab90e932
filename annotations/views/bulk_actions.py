"""What can be done to many claims at once.

To add one: an Action in `ACTIONS`. `fields` are what it asks for; `left_out` says of the claims picked which it would
not touch, and why; `do` is one call of a service that goes through `services.many.change_many`, which leaves out what
changed since the preview. The page, the preview and the way back are `bulk`'s, one template for all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from annotations import access_desk
from annotations.access import Seat
from annotations.models import Assignment, ClaimState, LegalRead
from annotations.services import many_claims
from annotations.services.assignments import rulers
from annotations.services.claims import LONGEST_REASON
from annotations.services.many import Many, Picked

Left = Iterator[tuple[int, str]]
"""(claim, why it is left out)"""
Chosen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was confirmed. `seen`: the collection's last change when the preview was made."""

    spans: list[int]
    chosen: Chosen
    seen: int
    key: str


@dataclass(frozen=True, slots=True)
class Action:
    """`title`: what it does, with {claims} for "3 claims" and {whom} for the reviewer chosen. `done`: "3 claims: " and
    this."""

    label: str
    title: str
    done: str
    do: Callable[[Seat, Asked], Many]
    left_out: Callable[[Seat, list[ClaimState], Chosen], Left]
    fields: Callable[[Seat], dict[str, forms.Field]] = lambda seat: {}
    may: Callable[[Seat], bool] = lambda seat: seat.is_editor


def form_of(action: Action, seat: Seat, data: Any = None) -> forms.Form:
    form = forms.Form(data, prefix="with")
    form.fields |= action.fields(seat)
    return form


def _reviewer(seat: Seat) -> dict[str, forms.Field]:
    field = forms.ModelChoiceField(access_desk.judges(seat), empty_label="Choose somebody", label="Reviewer")
    field.error_messages["required"] = "Choose whom."
    field.widget.attrs["class"] = "weighs"  # chosen, the preview is made anew
    return {"reviewer": field}


def _given_away(seat: Seat, claims: list[ClaimState], chosen: Chosen) -> Left:
    who = chosen.get("reviewer")
    if who is None:
        return
    spans, articles = [row.span_id for row in claims], {row.span.article_id for row in claims}
    mine = Assignment.objects.current().filter(collection=seat.collection, reviewer=who)
    own = set(mine.filter(span__in=spans).values_list("span", flat=True))
    whole = set(mine.filter(span=None, article__in=articles).values_list("article", flat=True))
    decided = {span for span, editor in rulers(spans) if editor == who.pk}
    for row in claims:
        if row.span_id in own:
            yield row.span_id, f"{who} has it already."
        elif row.span.article_id in whole:
            yield row.span_id, f"{who} has it already, with the whole article."
        elif row.span_id in decided:
            yield row.span_id, f"{who} decided it, and is not asked to judge it."


def _not_given(seat: Seat, claims: list[ClaimState], chosen: Chosen) -> Left:
    who = chosen.get("reviewer")
    rows = Assignment.objects.current().filter(
        collection=seat.collection, span__in=[row.span_id for row in claims]
    )
    held = set((rows.filter(reviewer=who) if who else rows).values_list("span", flat=True))
    for row in claims:
        if row.span_id not in held:
            yield row.span_id, f"It is not {who}'s by itself." if who else "It is nobody's by itself."


def _uncheckable(seat: Seat, claims: list[ClaimState], chosen: Chosen) -> Left:
    for row in claims:
        if row.reason:
            yield row.span_id, f"Not checkable already: {row.reason}"


def _checkable(seat: Seat, claims: list[ClaimState], chosen: Chosen) -> Left:
    for row in claims:
        if not row.reason:
            yield row.span_id, "It can be checked as it is."


def _read(seat: Seat, claims: list[ClaimState], chosen: Chosen) -> Left:
    spans = [row.span_id for row in claims]
    reads = dict(LegalRead.objects.current().filter(span__in=spans).values_list("span", "answer"))
    for row in claims:
        if row.span_id in reads:
            asked = reads[row.span_id] == LegalRead.Answer.ASKED
            yield (
                row.span_id,
                "A lawyer is asked already." if asked else "A lawyer has answered: ask again on the claim.",
            )


def _reason(seat: Seat) -> dict[str, forms.Field]:
    field = forms.CharField(max_length=LONGEST_REASON, label="Why")
    field.widget.attrs["placeholder"] = "Opinion, prediction, common knowledge …"
    field.error_messages["required"] = "Say why they cannot be checked."
    return {"reason": field}


def _question(seat: Seat) -> dict[str, forms.Field]:
    words = forms.Textarea(attrs={"class": "short", "rows": 2})
    return {
        "question": forms.CharField(
            max_length=2_000, required=False, label="Question to the lawyer", widget=words
        )
    }


def _common(seat: Seat, asked: Asked) -> Picked:
    return {"author": seat.user, "span_ids": asked.spans, "seen": asked.seen, "key": asked.key}


def _assign(seat: Seat, asked: Asked) -> Many:
    who = asked.chosen["reviewer"].pk
    return many_claims.assign_many(seat.collection, reviewer=who, **_common(seat, asked))


def _unassign(seat: Seat, asked: Asked) -> Many:
    who = asked.chosen["reviewer"].pk
    return many_claims.unassign_many(seat.collection, reviewer=who, **_common(seat, asked))


def _set_checkable(seat: Seat, asked: Asked) -> Many:
    reason = asked.chosen.get("reason", "")
    return many_claims.set_checkable_many(seat.collection, reason=reason, **_common(seat, asked))


def _ask_legal(seat: Seat, asked: Asked) -> Many:
    question = asked.chosen["question"]
    return many_claims.ask_legal_many(seat.collection, question=question, **_common(seat, asked))


def _may_annotate(seat: Seat) -> bool:
    return seat.is_editor and seat.may_annotate


ACTIONS: dict[str, Action] = {
    "assign": Action(
        "Assign to a reviewer", "Assign {claims} to {whom}", "assigned", _assign, _given_away, _reviewer
    ),
    "unassign": Action(
        "Take off a reviewer", "Take {claims} off {whom}", "taken off", _unassign, _not_given, _reviewer
    ),
    "legal": Action(
        "Ask for a legal read",
        "Ask for a legal read of {claims}",
        "to be read by a lawyer",
        _ask_legal,
        _read,
        _question,
    ),
    "not-checkable": Action(
        "Not checkable",
        "Call {claims} not checkable",
        "not checkable",
        _set_checkable,
        _uncheckable,
        _reason,
        _may_annotate,
    ),
    "checkable": Action(
        "Checkable again",
        "Call {claims} checkable again",
        "checkable again",
        _set_checkable,
        _checkable,
        may=_may_annotate,
    ),
}


def actions_of(seat: Seat) -> list[tuple[str, str]]:
    """(name, label) of those that the person may take."""
    return [(name, action.label) for name, action in ACTIONS.items() if action.may(seat)]
