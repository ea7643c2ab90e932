"""An editor's decision in the card of a claim: what it says, and the form to decide."""

from html import escape
from typing import NamedTuple

from annotations import access
from annotations.models import Status, Verdict
from annotations.views.fields import KEYS, area, button_form, choices
from annotations.views.reading import Claim, Reading

ANOTHER = '<p class="hint">You reviewed this claim, so another editor decides it.</p>'


class Decision(NamedTuple):
    version: int
    editor: int
    verdict: str
    rationale: str
    name: str
    username: str


def ruling_on(reading: Reading, claim: Claim) -> Decision | None:
    if claim.status != Status.RULED:
        return None
    columns = ("pk", "editor", "verdict", "rationale", "editor__display_name", "editor__username")
    row = access.rulings(reading.seat).filter(span=claim.id).values_list(*columns).first()
    return Decision(*row) if row else None


def decided(ruling: Decision | None) -> str:
    if ruling is None:
        return ""
    return (
        f'<div class="opinion decided {ruling.verdict}"><p><b>{escape(ruling.name or ruling.username)}</b> decided:'
        f' {Verdict(ruling.verdict).label}</p><p dir="auto">{escape(ruling.rationale)}</p></div>'
    )


def deciding(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    """For editors: the form, or why it is another's to fill in."""
    if not reading.seat.is_editor:
        return ""
    if access.may_decide(reading.seat, claim.id):
        return _form(reading, claim, ruling) + _withdrawing(reading, claim, ruling)
    due = ANOTHER if claim.status in (Status.CONTESTED, Status.RULED) else ""
    return due + _withdrawing(reading, claim, ruling)


def _form(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    label = "Change decision" if ruling else "Decide"
    base, verdict, rationale = (
        (ruling.version, ruling.verdict, ruling.rationale) if ruling else ("none", "", "")
    )
    return (
        f'<details id="decide"><summary>{label}</summary><form class="sheet" method="post"'
        f' action="{reading.url}claims/{claim.id}/decide/" data-save><input type="hidden" name="base" value="{base}">'
        f'<input type="hidden" name="claim_revision" value="{claim.revision}">'
        f"{choices('verdict', 'The decision', Verdict.choices, verdict)}"
        f"{area('rationale', 'Why', rationale, 'Goes out with the claim.', 'decision', required=True)}"
        f'<p class="row"><button class="button small">{label}</button>{KEYS}</p></form></details>'
    )


def _withdrawing(reading: Reading, claim: Claim, ruling: Decision | None) -> str:
    if ruling is None:
        return ""
    url = f"{reading.url}claims/{claim.id}/decide/withdraw/"
    return button_form(url, "Withdraw decision", base=ruling.version)
