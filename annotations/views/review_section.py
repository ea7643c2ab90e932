"""Independent review in a claim's card: who is asked to judge it, and a review that was sent back."""

from html import escape
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from annotations import access, access_desk
from annotations.access import Seat
from annotations.models import Status
from annotations.views.fields import KEYS, area, button_form, select
from annotations.views.reading import Claim, Reading

BACK_HINT = "What to look at again. They see it; it stays at the desk."


class Back(NamedTuple):
    """A review that waits to be looked at again. `name`: the editor's."""

    version: int
    reviewer: int
    reason: str
    name: str


class Asked(NamedTuple):
    """Somebody asked to judge the claim, or with the `whole` of its article."""

    reviewer: int
    whole: bool
    is_mine: bool
    name: str


class Review(NamedTuple):
    """What was said at the desk about who judges a claim, as far as the person may know."""

    backs: dict[int, Back]
    """reviewer → what waits for them"""
    asked: list[Asked]


_COLUMNS = ("kind", "pk", "reviewer", "said", "is_mine")


def _rows(seat: Seat, article: int, span: int, person: int) -> QuerySet[Any, Any]:
    """One statement for both: it is on the path of every tag."""
    backs = access_desk.sent_back(seat, person).filter(span=span)
    mine = Case(When(reviewer=person, then=Value(1)), default=Value(0))
    backs = backs.annotate(kind=Value("back"), said=F("reason"), is_mine=mine)
    asked = access_desk.assignments(seat).filter(article=article)
    asked = asked.filter(Q(span=span) | Q(span=None))
    whole = Case(When(span=None, then=Value("article")), default=Value("claim"))
    asked = asked.annotate(kind=whole, said=Value("", output_field=TextField()), is_mine=mine)
    return backs.values_list(*_COLUMNS, *_names("editor")).union(
        asked.values_list(*_COLUMNS, *_names("reviewer")), all=True
    )


def _names(who: str) -> tuple[str, str]:
    return f"{who}__display_name", f"{who}__username"


_REVIEW = access.Seated(_rows, int, int, int)


def review_of(at: Reading, span_id: int) -> Review:
    review = Review({}, [])
    if at.seat.is_viewer:
        return review
    rows = _REVIEW(at.seat, at.article_id, span_id, at.seat.user.pk)
    for kind, pk, reviewer, said, is_mine, name, username in rows:
        if kind == "back":
            review.backs[reviewer] = Back(pk, reviewer, said, name or username)
        else:
            review.asked.append(Asked(reviewer, kind == "article", bool(is_mine), name or username))
    review.asked.sort(key=lambda each: (each.name.casefold(), each.reviewer))
    return review


def my_sent_back(at: Reading, claim: Claim, back: Back | None) -> str:
    """For the reviewer: the reason, and the way to stand by what they said. Another verdict ends it by itself."""
    if back is None:
        return ""
    url = f"{at.url}claims/{claim.id}/stand-by/"
    who = escape(back.name)
    return (
        f'<section class="sent-back" id="sent-back" aria-label="Sent back"><p><b>Sent back</b> by {who}</p>'
        f'<p dir="auto">{escape(back.reason)}</p>'
        '<p class="hint">Give another verdict, change your reasons, or stand by what you said.</p>'
        f'<details id="stand-by"><summary>I stand by it</summary><form class="sheet" method="post" action="{url}"'
        f' data-save><input type="hidden" name="base" value="{back.version}">'
        f"{area('comment', 'Why you stand by it', '', 'Becomes a comment.', 'stand', required=True)}"
        f'<p class="row"><button class="button small">I stand by it</button>{KEYS}</p></form></details></section>'
    )


def sending_back(at: Reading, claim: Claim, reviewer: int, version: int, back: Back | None) -> str:
    """For an editor, under one reviewer's opinion."""
    if not at.seat.is_editor or reviewer == at.seat.user.pk:
        return ""
    url, own = f"{at.url}claims/{claim.id}/opinions/{reviewer}/", f"back-{reviewer}"
    waits = ""
    if back:
        waits = (
            f'<div class="sent-back"><p><b>Sent back</b> by {escape(back.name)}, not looked at again yet</p>'
            f'<p dir="auto">{escape(back.reason)}</p>'
            f"{button_form(f'{url}call-off/', 'Call it off', base=back.version)}</div>"
        )
    label = "Send back with another reason" if back else "Send back"
    return (
        f'{waits}<details id="{own}"><summary>{label}</summary><form class="sheet" method="post"'
        f' action="{url}send-back/" data-save><input type="hidden" name="base" value="{version}">'
        f'<input type="hidden" name="back_base" value="{back.version if back else "none"}">'
        f"{area('look_again', 'What to look at again', '', BACK_HINT, own, required=True)}"
        f'<p class="row"><button class="button small">Send back</button>{KEYS}</p></form></details>'
    )


def assigned(at: Reading, claim: Claim, asked: list[Asked]) -> str:
    """Who is asked to judge it; for editors, the way to ask somebody else."""
    names = dict.fromkeys("you" if each.is_mine else escape(each.name) for each in asked)
    line = f'<p class="hint assigned">Assigned to {", ".join(names)}</p>' if names else ""
    return line + (_assigning(at, claim, asked) if at.seat.is_editor else "")


def _assigning(at: Reading, claim: Claim, asked: list[Asked]) -> str:
    taken = {each.reviewer for each in asked}
    people = [
        (str(person.pk), escape(str(person)))
        for person in access_desk.judges(at.seat)
        if person.pk not in taken
    ]
    url = f"{at.url}claims/{claim.id}/"
    off = "".join(f"<li>{escape(each.name)} {_off(url, each)}</li>" for each in asked if not each.whole)
    listed = f'<ul class="asked">{off}</ul>' if off else ""
    if not (listed or (people and claim.status != Status.RULED)):
        return ""
    form = (
        f'<form class="sheet" method="post" action="{url}assign/" data-save>'
        f"{select('reviewer', 'Assign to', people, '', 'assign')}"
        f'<p class="row"><button class="button small">Assign</button>{KEYS}</p></form>'
        if people
        else ""
    )
    return f'<details id="assign"><summary>Assign</summary>{listed}{form}</details>'


def _off(url: str, each: Asked) -> str:
    return (
        f'<form method="post" action="{url}unassign/" data-save><input type="hidden" name="reviewer"'
        f' value="{each.reviewer}"><button class="button small plain" aria-label="Take it back from'
        f' {escape(each.name)}">Take it back</button></form>'
    )
