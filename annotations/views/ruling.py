"""An editor's decision in the card of a claim: what it says, and the form to decide."""

from datetime import date
from html import escape
from typing import NamedTuple

from django.utils import timezone

from annotations import access, access_decide
from annotations.models import Status, Verdict
from annotations.views.fields import KEYS, area, button_form, choices, line
from annotations.views.reading import Claim, Reading

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


def deciding(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    """For editors: the form, or why it is another's to fill in."""
    if not reading.seat.is_editor:
        return ""
    if access.may_decide(reading.seat, claim.id):
        return _form(reading, claim, ruling) + _withdrawing(reading, claim, ruling)
    if claim.status not in (Status.CONTESTED, Status.RULED):
        return ""
    another = f'<p class="hint" dir="auto">{escape(access_decide.who_can(reading.seat, claim.id))}</p>'
    return another + _withdrawing(reading, claim, ruling)


def _form(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    label = "Change decision" if ruling else "Decide"
    return (
        f'<details id="decide"><summary>{label}</summary><form class="sheet" method="post"'
        f' action="{reading.url}claims/{claim.id}/decide/" data-save>{asked(claim, ruling)}'
        f'<p class="row"><button class="button small">{label}</button>{KEYS}</p></form></details>'
    )


def asked(claim: Claim, ruling: Decision | None) -> str:
    """The fields of a decision, with what it builds on."""
    verdict, rationale, should_read = (
        (ruling.verdict, ruling.rationale, ruling.should_read) if ruling else ("", "", "")
    )
    days = "".join(
        line(name, label, day.isoformat() if day else "", "decision", kind="date")
        for name, label, day in (
            ("true_as_of", "True as of", ruling and ruling.true_as_of),
            ("check_again_on", "Check again by", ruling and ruling.check_again_on),
        )
    )
    return (
        f'<input type="hidden" name="base" value="{ruling.version if ruling else "none"}">'
        f'<input type="hidden" name="claim_revision" value="{claim.revision}">'
        f"{choices('verdict', 'The decision', Verdict.choices, verdict)}"
        f"{area('should_read', 'It should read', should_read, own='decision')}"
        f"{area('rationale', 'Why', rationale, 'Goes out with the claim.', 'decision', required=True)}"
        f'<div class="facts">{days}</div>'
    )


def _withdrawing(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    if ruling is None:
        return ""
    url = f"{reading.url}claims/{claim.id}/decide/withdraw/"
    return button_form(url, "Withdraw decision", base=ruling.version)
