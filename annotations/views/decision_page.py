"""The editor's decision screen: what the reviewers say, dissent first, what it rests on, and the form to decide."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from annotations import access_decide
from annotations.models import Status, Verdict
from annotations.views.claim_parts import Said
from annotations.views.due import Turn, turn_of
from annotations.views.fields import KEYS
from annotations.views.framing import framed
from annotations.views.legal_section import legal_read
from annotations.views.opinions import Opinion, dissent_first, opinion
from annotations.views.reading import VERDICT_WORDS, Claim, Reading, counted
from annotations.views.ruling import asked, decided, deed, withdrawing

ON_THE_TABLE = (Status.CONTESTED, Status.AGREED, Status.RULED)
"""What reviewers have brought to an end as far as they can. Of other claims an editor may be a reviewer too."""
LETTERS = {"verified": "v", "disputed": "d", "needs_source": "n"}


def decides(at: Reading, claim: Claim) -> bool:
    if not at.seat.is_editor or (at.may_mark and claim.status not in ON_THE_TABLE):
        return False
    return access_decide.may_decide(at.seat, claim.id)


def decision_of(request: HttpRequest, at: Reading, said: Said) -> dict[str, Any]:
    """What this page shows otherwise than the claim's page, or beside it."""
    claim, turn = said.claim, turn_of(at.seat, said.claim.id)
    parts = {
        "others": _opinions(at, said),
        "deciding": _form(at, said),
        "decided": decided(said.ruling) + withdrawing(at, claim, said.ruling),
    }
    return {
        **{name: framed(request, at, claim.id, html) for name, html in parts.items()},
        "summary": _summary(said.others),
        "pressing": list(_pressing(at, said)),
        "turn": turn,
        "place": _place(turn),
        "send_back": [(each.reviewer, each.name or each.username) for each in said.others],
    }


def _opinions(at: Reading, said: Said) -> str:
    groups = dissent_first(said.others, said.ruling.verdict if said.ruling else "")
    return "".join(_group(at, said, group, of=len(said.others), many=len(groups) > 1) for group in groups)


def _group(at: Reading, said: Said, group: list[Opinion], *, of: int, many: bool) -> str:
    shown = "".join(opinion(at, said.claim, each, said.review.backs) for each in group)
    if not many:
        return shown
    head = f"{Verdict(group[0].verdict).label} <span class='soft'>{len(group)} of {of}</span>"
    return f'<section class="camp"><h3>{head}</h3>{shown}</section>'


def _summary(others: list[Opinion]) -> str:
    """ "2 verified, 1 needs source" """
    counts = Counter(each.verdict for each in others)
    return ", ".join(
        f"{counts[verdict]} {words}" for verdict, words in VERDICT_WORDS.items() if counts[verdict]
    )


def _pressing(at: Reading, said: Said) -> Iterator[tuple[str, bool]]:
    """What an editor should know before anything else; whether it keeps the text from running."""
    urgent = sum(each.must_fix for each in said.others)
    if urgent:
        yield f"{counted(urgent, 'reviewer')}: must be put right before it runs", True
    if legal := legal_read(at.seat, said.claim.id):
        yield legal.state, legal.mark != "cleared"
    if said.review.backs:
        yield f"{counted(len(said.review.backs), 'review')} sent back, not looked at again yet", False


def _form(at: Reading, said: Said) -> str:
    return (
        f'<form class="sheet" id="decision" method="post" action="{at.url}claims/{said.claim.id}/decide/" data-save>'
        f"{asked(said.claim, said.ruling, keys=LETTERS)}"
        f'<p class="row"><button class="button">{deed(said.ruling)}</button>'
        f"{KEYS.replace('saves, Esc returns to the text', 'decides')}</p></form>"
    )


def _place(turn: Turn) -> str:
    """ "3 of 14 to decide" """
    if turn.place:
        return f"{turn.place} of {turn.total} to decide"
    return f"{turn.total} to decide" if turn.total else "Nothing else to decide"
