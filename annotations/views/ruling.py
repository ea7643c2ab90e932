"""An editor's decision in the card of a claim: what it says, and the form to decide."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from annotations import access, access_decide
from annotations.models import Ruling, Status, Verdict
from annotations.models.prepared import Prepared
from annotations.services.links import came_to
from annotations.views.fields import KEYS, area, button_form, choices, line
from annotations.views.reading import Claim, Reading, due_again

NO_KEYS: dict[str, str] = {}
TERMS = ("should_read", "true_as_of", "check_again_on")


class Decision(NamedTuple):
    version: int
    editor: int
    verdict: str
    rationale: str
    name: str
    username: str
    should_read: str
    true_as_of: date | None
    check_again_on: date | None


DECISION = ("pk", "editor", "verdict", "rationale", "editor__display_name", "editor__username", *TERMS)


def ruling_on(reading: Reading, claim: Claim) -> Decision | None:
    if claim.status != Status.RULED:
        return None
    row = access.rulings(reading.seat).filter(span=claim.id).values_list(*DECISION).first()
    return Decision(*row) if row else None


def decided(ruling: Decision | None) -> str:
    if ruling is None:
        return ""
    return (
        f'<div class="opinion decided {ruling.verdict}"><p><b>{escape(ruling.name or ruling.username)}</b> decided:'
        f' {Verdict(ruling.verdict).label}</p><p dir="auto">{escape(ruling.rationale)}</p>{_terms(ruling)}</div>'
    )


def _terms(ruling: Decision) -> str:
    shown = ""
    if ruling.should_read:
        shown = f'<p class="reads" dir="auto"><i>Should read:</i> {escape(ruling.should_read)}</p>'
    days = " · ".join(filter(None, [as_of(ruling.true_as_of), again_by(ruling.check_again_on)]))
    return shown + (f'<p class="problem">{days}</p>' if days else "")


def as_of(day: date | None) -> str:
    return f"True as of {day:%-d %B %Y}" if day else ""


def again_by(day: date | None) -> str:
    """ "Check again by 4 May"; from that day on, that it is due."""
    if day is None:
        return ""
    today = timezone.localdate()
    if day <= today:
        return f"Check again: due since {day:%-d %B %Y}"
    return f"Check again by {day:%-d %B}" + (f" {day:%Y}" if day.year != today.year else "")


def barred(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    """Why a person who has no opinion of the claim may give none, and what they may do; nothing where they may."""
    me = reading.seat.user.pk
    if ruling and ruling.editor == me:
        if not reading.seat.is_editor:
            return "You decided this claim, so it gets no verdict of yours."
        again = "Decide it again" if due_again(ruling.check_again_on) else "Change the decision"
        return f"You decided this claim, so it gets no verdict of yours. {again}, or withdraw it."
    if not _DECIDED(me, claim.id, claim.id):
        return ""
    again = " Decide it again, or leave it to another editor." if reading.seat.is_editor else ""
    return f"You decided this claim before, so it gets no verdict of yours.{again}"


_DECIDED = Prepared(
    lambda person, span, other: (
        Ruling.objects.filter(editor=person)
        .filter(Q(span=span) | Q(span__in=came_to(other)))
        .order_by("pk")
        .values_list("pk")[:1]
    ),
    *(int, int, int),
)
"""Whether the person ever decided the claim, or one that came to it."""


def deciding(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    """For editors: the form, or why it is another's to fill in."""
    if not reading.seat.is_editor:
        return ""
    if access_decide.may_decide(reading.seat, claim.id):
        return _form(reading, claim, ruling) + withdrawing(reading, claim, ruling)
    another = f'<p class="hint" dir="auto">{escape(access_decide.who_can(reading.seat, claim.id))}</p>'
    return another + withdrawing(reading, claim, ruling)


def _form(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    label = deed(ruling)
    return (
        f'<details id="decide"><summary>{label}</summary><form class="sheet" method="post"'
        f' action="{reading.url}claims/{claim.id}/decide/" data-save>{asked(claim, ruling)}'
        f'<p class="row"><button class="button small">{label}</button>{KEYS}</p></form></details>'
    )


def deed(ruling: Decision | None) -> str:
    """What an editor does who fills in the form."""
    if ruling is None:
        return "Decide"
    return "Decide again" if due_again(ruling.check_again_on) else "Change decision"


def asked(claim: Claim, ruling: Decision | None, *, keys: Mapping[str, str] = NO_KEYS) -> str:
    """The fields of a decision, with what it builds on. `keys`: verdict → the key that chooses it."""
    verdict, rationale, should_read = (
        (ruling.verdict, ruling.rationale, ruling.should_read) if ruling else ("", "", "")
    )
    as_of, again = (ruling.true_as_of, ruling.check_again_on) if ruling else (None, None)
    was = f"It was {again:%-d %B %Y}: a new day, or none." if again and due_again(again) else ""
    days = line("true_as_of", "True as of", as_of.isoformat() if as_of else "", "decision", kind="date")
    day = again.isoformat() if again and not was else ""
    days += line("check_again_on", "Check again by", day, "decision", was, kind="date")
    options = [
        (value, f"{label} <kbd>{keys[value]}</kbd>" if value in keys else label)
        for value, label in Verdict.choices
    ]
    return (
        f'<input type="hidden" name="base" value="{ruling.version if ruling else "none"}">'
        f'<input type="hidden" name="claim_revision" value="{claim.revision}">'
        f"{choices('verdict', 'The decision', options, verdict)}"
        f"{area('should_read', 'It should read', should_read, own='decision')}"
        f"{area('rationale', 'Why', rationale, 'Goes out with the claim.', 'decision', required=True)}"
        f'<div class="facts">{days}</div>'
    )


def withdrawing(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    if ruling is None:
        return ""
    url = f"{reading.url}claims/{claim.id}/decide/withdraw/"
    return button_form(url, "Withdraw decision", base=ruling.version)
