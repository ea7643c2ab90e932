"""A claim's legal read, in its card and on its page: what was asked, what a lawyer said, and the forms for both."""

from html import escape
from typing import NamedTuple

from annotations import access, access_legal
from annotations.access import Seat
from annotations.models import LegalRead
from annotations.views.fields import KEYS, area, button_form, choices
from annotations.views.reading import Claim, Reading

Answer = LegalRead.Answer
ANSWERS = [(Answer.CLEARED, "Clear it"), (Answer.OBJECTED, "Object")]
LAPSED = "{} for an earlier text: ask again"
STATES = {
    Answer.ASKED: "Legal read asked for",
    Answer.CLEARED: "Cleared by a lawyer",
    Answer.OBJECTED: "A lawyer objects",
}
MARKS = {Answer.ASKED: "waits", Answer.CLEARED: "cleared", Answer.OBJECTED: "objected"}


class Legal(NamedTuple):
    """A legal read as the page needs it."""

    version: int
    answer: str
    question: str
    said: str
    asked_by: int
    holds: bool
    newer: int | None
    """the article that took the place of the one the lawyer read"""
    asker: str
    asker_username: str
    lawyer: str | None
    lawyer_username: str | None

    @property
    def has_lapsed(self) -> bool:
        return self.answer != Answer.ASKED and not self.holds

    @property
    def state(self) -> str:
        """In words."""
        if not self.has_lapsed:
            return STATES[Answer(self.answer)]
        return LAPSED.format("Cleared" if self.answer == Answer.CLEARED else "Objected to")

    @property
    def mark(self) -> str:
        return "lapsed" if self.has_lapsed else MARKS[Answer(self.answer)]


LEGAL = (
    *("pk", "answer", "question", "said", "asked_by", "holds", "newer"),
    *("asked_by__display_name", "asked_by__username", "lawyer__display_name", "lawyer__username"),
)
_READ = access.Seated(
    lambda seat, span: (
        access_legal.visible_reads(seat, LegalRead.objects.current()).filter(span=span).values_list(*LEGAL)
    ),
    int,
)


def legal_read(seat: Seat, span_id: int) -> Legal | None:
    if seat.is_viewer and not access_legal.is_lawyer(seat):
        return None
    return next((Legal(*row) for row in _READ(seat, span_id)), None)


def legal_section(at: Reading, claim: Claim) -> str:
    seat, read = at.seat, legal_read(at.seat, claim.id)
    url = f"{at.url}claims/{claim.id}/legal/"
    if read is None:
        return _ask(url, "Ask for a legal read", None) if _may_ask(seat, claim) else ""
    forms = answer_form(url, read) if access_legal.is_lawyer(seat) else ""
    if read.answer == Answer.ASKED:
        if access_legal.may_take_back(seat, read.asked_by):
            forms += button_form(f"{url}withdraw/", "Withdraw the request", base=read.version)
    elif _may_ask(seat, claim) and not read.newer:
        forms += _ask(url, "Ask again", read, "ask-legal" if forms else "legal")
    newer = _newer(at, read) if read.newer else ""
    return f'<section class="opinion legal {read.mark}" aria-label="Legal read">{told(read)}{newer}{forms}</section>'


def told(read: Legal) -> str:
    """What was asked and answered, and by whom."""
    asker = escape(read.asker or read.asker_username)
    question = f': <span dir="auto">{escape(read.question)}</span>' if read.question else ""
    parts = [f"<p><b>{read.state}</b></p>", f"<p>{asker} asked{question}</p>"]
    if read.answer != Answer.ASKED:
        lawyer = escape(read.lawyer or read.lawyer_username or "")
        deed = "cleared it" if read.answer == Answer.CLEARED else "objected"
        said = f': <span dir="auto">{escape(read.said)}</span>' if read.said else ""
        parts.append(f"<p>{lawyer} {deed}{said}</p>")
    return "".join(parts)


def answer_form(url: str, read: Legal, own: str = "legal", along: str = "") -> str:
    """Outside the reader `own` tells the form's fields from another's on the page, and `along` has hidden fields."""
    label = "Answer" if read.answer == Answer.ASKED else "Change the answer"
    key, keys = (" <kbd>l</kbd>", KEYS) if own == "legal" else ("", "")
    chosen = "" if read.answer == Answer.ASKED else read.answer
    return (
        f'<details id="{own}"><summary>{label}{key}</summary><form class="sheet" method="post"'
        f' action="{url}answer/" data-save><input type="hidden" name="base" value="{read.version}">{along}'
        f"{choices('answer', 'The answer', ANSWERS, chosen)}"
        f"{area('said', 'What you say', read.said, 'An objection needs its words. Stays at the desk.', own)}"
        f'<p class="row"><button class="button small">{label}</button>{keys}</p></form></details>'
    )


def _may_ask(seat: Seat, claim: Claim) -> bool:
    return seat.is_reviewer and not (seat.hides and claim.is_hidden)


def _ask(url: str, label: str, read: Legal | None, own: str = "legal") -> str:
    base = read.version if read else "none"
    hint = "What the lawyer should look at. May stay empty; stays at the desk."
    key = " <kbd>l</kbd>" if own == "legal" else ""
    return (
        f'<details id="{own}"><summary>{label}{key}</summary><form class="sheet" method="post" action="{url}ask/"'
        f' data-save><input type="hidden" name="base" value="{base}">'
        f"{area('question', 'Question', '', hint, own)}"
        f'<p class="row"><button class="button small">{label}</button>{KEYS}</p></form></details>'
    )


def _newer(at: Reading, read: Legal) -> str:
    address = f"/c/{at.seat.collection.slug}/articles/{read.newer}/"
    return f'<p class="hint"><a href="{address}">A newer text</a> took the place of this one: ask about it there.</p>'
