"""What people say of a claim, in its card: mine with its reasons, then the others'."""

from datetime import date
from html import escape
from typing import NamedTuple

from annotations import access
from annotations.models import Problem, Status, Verdict
from annotations.views.fields import SAVE, area, button_form, check, line, select
from annotations.views.reading import Claim, Reading
from annotations.views.review_section import Back, sending_back
from annotations.views.waiting import asked_of

PROBLEMS = {
    Problem.FIGURE: "Figure is wrong",
    Problem.SUBJECT: "Said of the wrong thing",
    Problem.DATE: "Date is wrong",
    Problem.NAME: "Name is wrong",
    Problem.WORDING: "Wording misleads",
    Problem.ATTRIBUTION: "Not who said it",
    Problem.MISSING_CONTEXT: "Context is missing",
    Problem.OUTDATED: "Out of date",
    Problem.OVERSTATED: "Exaggerated",
    Problem.SOURCES_CONFLICT: "Sources conflict",
}


class Opinion(NamedTuple):
    version: int
    reviewer: int
    name: str
    username: str
    verdict: str
    why: str
    problem: str
    should_read: str
    must_fix: bool
    confidence: int | None
    asked: str
    due_on: date | None


OPINION = (
    "pk",
    "reviewer",
    "reviewer__display_name",
    "reviewer__username",
    *("verdict", "why", "problem", "should_read", "must_fix", "confidence", "asked", "due_on"),
)


def opinions_on(reading: Reading, span_id: int) -> list[Opinion]:
    """Whom somebody asked for a source stays at the desk: viewers are not told."""
    found = [Opinion(*row) for row in _OPINIONS(reading.seat, span_id)]
    if reading.seat.is_viewer:
        return [each._replace(asked="", due_on=None) for each in found]
    return found


_OPINIONS = access.Seated(
    lambda seat, span: access.opinions(seat).filter(span=span).order_by("pk").values_list(*OPINION), int
)


def my_opinion(reading: Reading, claim: Claim, mine: Opinion | None, why_not: str) -> str:
    """`why_not`: that the person gives none, since they decided the claim."""
    if not reading.seat.may_annotate:
        return ""
    if mine is None:
        return f'<p class="hint mine" data-barred>{why_not}</p>' if why_not else _no_verdict(claim)
    url = f"{reading.url}claims/{claim.id}/"
    withdraw = button_form(f"{url}withdraw/", "Withdraw", mine=mine.version)
    return (
        f'<div class="opinion mine {mine.verdict}"><div class="verdict">'
        f"<p><b>You</b>: {Verdict(mine.verdict).label}</p>{withdraw}</div>"
        f'{_why_of(mine)}<details id="why"><summary>{_asks(mine)} <kbd>w</kbd></summary>'
        f'<form class="sheet" method="post" action="{url}why/" data-save="mine">'
        f'<input type="hidden" name="base" value="{mine.version}">'
        f"{_follow_up(reading, claim, mine)}{SAVE}</form></details></div>"
    )


def _asks(mine: Opinion) -> str:
    if mine.why or _why_of(mine):
        return "Change my reasons"
    return {Verdict.DISPUTED: "What is wrong?", Verdict.NEEDS_SOURCE: "Whom did you ask?"}.get(
        Verdict(mine.verdict), "Say why"
    )


def _follow_up(reading: Reading, claim: Claim, mine: Opinion) -> str:
    """What is asked depends on the verdict; all of it is optional."""
    why = area("why", "Why", mine.why, "Goes out with the claim.")
    if mine.verdict == Verdict.NEEDS_SOURCE:
        due = mine.due_on.isoformat() if mine.due_on else ""
        return (
            f"{line('asked', 'Asked whom', mine.asked, 'mine', 'Stays at the desk.', more=' data-first')}"
            f"{line('due_on', 'Answer due', due, 'mine', kind='date')}{why}"
        )
    if mine.verdict != Verdict.DISPUTED:
        return why
    words = reading.kept.text[claim.start : claim.end]
    problems = [("", "Not said"), *PROBLEMS.items()]
    return (
        f"{select('problem', 'What is wrong', problems, mine.problem, 'mine', ' data-first')}"
        f'<p class="reads" dir="auto"><i>Reads now:</i> {escape(words)}</p>'
        f"{area('should_read', 'It should read', mine.should_read)}"
        f"{check('must_fix', 'Must be put right before it runs', mine.must_fix)}{why}"
    )


def _no_verdict(claim: Claim) -> str:
    if claim.status == Status.NOT_CHECKABLE:
        return '<p class="hint mine">It needs no verdict.</p>'
    return '<p class="hint mine">No verdict of yours yet<span class="by-key">: press v, d or n</span>.</p>'


def _why_of(opinion: Opinion) -> str:
    parts = []
    words = [
        PROBLEMS[Problem(opinion.problem)] if opinion.problem else "",
        "must be put right" if opinion.must_fix else "",
        f"{opinion.confidence} % sure" if opinion.confidence is not None else "",
    ]
    if any(words):
        parts.append(f'<p class="problem">{" · ".join(filter(None, words))}</p>')
    if waiting := asked_of(opinion.asked, opinion.due_on):
        parts.append(f'<p class="problem" dir="auto">{escape(waiting)}</p>')
    if opinion.why:
        parts.append(f'<p dir="auto">{escape(opinion.why)}</p>')
    if opinion.should_read:
        parts.append(f'<p class="reads" dir="auto"><i>Should read:</i> {escape(opinion.should_read)}</p>')
    return "".join(parts)


def others_opinions(reading: Reading, claim: Claim, others: list[Opinion], sent_back: dict[int, Back]) -> str:
    if reading.seat.is_blind and not others:
        return '<p class="hint">What others say is hidden until you give your verdict.</p>' * (
            not claim.counts
        )
    return "".join(opinion(reading, claim, each, sent_back) for each in others)


def opinion(reading: Reading, claim: Claim, each: Opinion, sent_back: dict[int, Back]) -> str:
    back = sending_back(reading, claim, each.reviewer, each.version, sent_back.get(each.reviewer))
    return (
        f'<div class="opinion {each.verdict}"><p><b>{escape(each.name or each.username)}</b>:'
        f" {Verdict(each.verdict).label}</p>{_why_of(each)}{back}</div>"
    )


def dissent_first(found: list[Opinion], decided: str = "") -> list[list[Opinion]]:
    """Those of one verdict together: whoever differs from the decision before who agrees with it, whichever are more;
    then the fewest first; of as many, what doubts the claim before what affirms it.

    `decided`: the verdict of the decision, where there is one."""
    groups: dict[str, list[Opinion]] = {}
    for each in found:
        groups.setdefault(each.verdict, []).append(each)
    return sorted(
        groups.values(),
        key=lambda group: (group[0].verdict == decided, len(group), _DOUBT.index(group[0].verdict)),
    )


_DOUBT = ("disputed", "needs_source", "verified")
