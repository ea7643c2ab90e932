"""A claim's correction, in its card and on its page: what readers are told, and for editors the forms."""

from datetime import datetime
from html import escape
from typing import NamedTuple

from annotations import access, access_corrections
from annotations.services.corrections import is_out
from annotations.views.fields import KEYS, area, button_form
from annotations.views.reading import Claim, Reading


class Drawn(NamedTuple):
    """A correction as the page needs it."""

    version: int
    reads: str
    should_read: str
    public_text: str
    published_at: datetime | None
    drafter: str
    drafter_username: str
    approver: str | None
    approver_username: str | None

    @property
    def state(self) -> str:
        if self.published_at is None:
            return f"Draft of a correction, by {self.drafter or self.drafter_username}"
        approver = self.approver or self.approver_username
        return f"Correction published {self.published_at:%-d %B %Y}, approved by {approver}"


DRAWN = (
    *("pk", "reads", "should_read", "public_text", "published_at"),
    *("drafted_by__display_name", "drafted_by__username"),
    *("approved_by__display_name", "approved_by__username"),
)
_ON = access.Seated(
    lambda seat, span: access_corrections.corrections(seat).filter(span=span).values_list(*DRAWN), int
)


def correction_section(at: Reading, claim: Claim) -> str:
    if at.seat.is_viewer:
        return ""
    drawn = next((Drawn(*row) for row in _ON(at.seat, claim.id)), None)
    url = f"{at.url}claims/{claim.id}/correction/"
    if drawn is None:
        may = access_corrections.may_begin(at.seat, claim.status, claim.verdict)
        return _form(at, claim, url, None) if may else ""
    forms = _form(at, claim, url, drawn) + _buttons(at, url, drawn) if at.seat.is_editor else ""
    return (
        f'<section class="opinion correction" aria-label="Correction"><p><b>{escape(drawn.state)}</b></p>'
        f"{told(drawn)}{forms}</section>"
    )


def told(drawn: Drawn) -> str:
    return (
        f'<p class="reads" dir="auto"><i>Reads:</i> {escape(drawn.reads)}</p>'
        f'<p class="reads" dir="auto"><i>Should read:</i> {escape(drawn.should_read)}</p>'
        f'<p dir="auto">{escape(drawn.public_text)}</p>'
    )


def _form(at: Reading, claim: Claim, url: str, drawn: Drawn | None) -> str:
    words = at.kept.text[claim.start : claim.end]
    reads, should_read, public_text = (
        (drawn.reads, drawn.should_read, drawn.public_text) if drawn else (words, _proposed(at, claim.id), "")
    )
    label, save = ("Change it", "Save") if drawn else ("Correct in public", "Save draft")
    hint = "What readers see, with the two above."
    if drawn and drawn.published_at:
        hint += " A change is public at once, and says so."
        save = "Publish the change"
    return (
        f'<details id="correction"><summary>{label}</summary><form class="sheet" method="post" action="{url}"'
        f' data-save><input type="hidden" name="base" value="{drawn.version if drawn else "none"}">'
        f"{area('reads', 'The article reads', reads, own='correction', required=True)}"
        f"{area('should_read', 'It should read', should_read, own='correction', required=True)}"
        f"{area('public_text', 'The correction', public_text, hint, 'correction', required=True)}"
        f'<p class="row"><button class="button small">{save}</button>{KEYS}</p></form>'
        f"{'' if drawn else _not_yet(at)}</details>"
    )


def _not_yet(at: Reading) -> str:
    """What keeps a correction from being published, and where to put it right; empty where nothing does."""
    details = at.kept.details
    if is_out(details.published_on):
        return ""
    unsaid = "do not say on which day it was published"
    lacks = "say that it comes out on a day to come" if details.published_on else unsaid
    link = f'<a href="{at.url}details/">Correct the details</a>'
    return f'<p class="hint">The article’s details {lacks}, so its correction cannot be published yet. {link}</p>'


def _buttons(at: Reading, url: str, drawn: Drawn) -> str:
    if drawn.published_at:
        return button_form(f"{url}withdraw/", "Withdraw the correction", base=drawn.version)
    publish = _not_yet(at) or button_form(f"{url}publish/", "Publish the correction", base=drawn.version)
    return publish + button_form(f"{url}withdraw/", "Throw the draft away", base=drawn.version)


def _proposed(at: Reading, span_id: int) -> str:
    """What the decision, or else a reviewer, says that it should read."""
    for rows in (access.rulings(at.seat), access.opinions(at.seat).order_by("pk")):
        found = (
            rows.filter(span=span_id).exclude(should_read="").values_list("should_read", flat=True).first()
        )
        if found:
            return str(found)
    return ""
