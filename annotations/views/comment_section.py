"""What people say to each other about a claim, folded, in its card and on its page."""

from datetime import datetime
from html import escape
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone
from django.utils.timesince import timesince

from annotations import access, access_desk
from annotations.models import Comment, Mention, Revision
from annotations.views.fields import KEYS, area, button_form
from annotations.views.reading import Claim, Reading

HIDDEN = '<p class="hint">What others say here is hidden until you give your verdict.</p>'
HINT = "@username, or @&quot;their name&quot;, asks somebody to answer. Stays at the desk."


class Said(NamedTuple):
    version: int
    key: str
    author: int
    text: str
    created_in: int
    name: str
    username: str

    @property
    def is_first(self) -> bool:
        """No version came before: a comment's key has the number of the change that it came with."""
        return self.key.split("-")[0] == str(self.created_in)


_SAID = access.Seated(
    lambda seat, span: (
        access_desk.visible_comments(seat, Comment.objects.current())
        .filter(span=span)
        .values_list("pk", "key", "author", "text", "created_in", "author__display_name", "author__username")
    ),
    int,
)


def comments_section(at: Reading, claim: Claim) -> str:
    if not at.seat.is_reviewer:
        return ""
    said = [Said(*row) for row in _SAID(at.seat, claim.id)]
    said.sort(key=lambda each: [int(part) for part in each.key.split("-")])
    asked = _asked(at, claim) if said else set()
    hidden = at.seat.hides and claim.is_hidden
    count = f" ({len(said)})" if said else ""
    times = _times(at, said)
    lines = "".join(_line(at, each, times[each.created_in], waits=each.key in asked) for each in said)
    opened = " open" if any(each.key in asked for each in said) else ""
    return (
        f'<details id="comments" class="comments"{opened}><summary>Comments{count}</summary>'
        f"{HIDDEN * hidden}{f'<ol>{lines}</ol>' if lines else ''}{_form(at, claim)}</details>"
    )


def _asked(at: Reading, claim: Claim) -> set[str]:
    """Keys of the comments that wait for this person."""
    rows = Mention.objects.current().filter(collection=at.seat.collection, person=at.seat.user, span=claim.id)
    return set(rows.values_list("comment", flat=True))


def _form(at: Reading, claim: Claim) -> str:
    url = f"{at.url}claims/{claim.id}/comments/"
    return (
        f'<form class="sheet" method="post" action="{url}" data-save><input type="hidden" name="key"'
        f' value="{uuid4()}">{_area("", "new", "Add a comment")}'
        f'<p class="row"><button class="button small">Comment</button>{KEYS}</p></form>'
    )


def _area(text: str, own: str, label: str) -> str:
    return area("comment", label, text, HINT, own, required=True)


def _line(at: Reading, each: Said, written: datetime, *, waits: bool) -> str:
    mine = each.author == at.seat.user.pk
    who = "You" if mine else escape(each.name or each.username)
    changed = "" if each.is_first else " · changed"
    tools = _tools(at, each) if mine else ""
    if waits:
        tools += _aside(at, each.key)
    ago = f"{escape(timesince(written, timezone.now(), depth=1))} ago"
    ago = "just now" if ago.startswith("0") else ago
    return (
        f'<li class="comment" id="comment-{each.key}"><p class="by"><b>{who}</b>'
        f' <span class="soft"><time datetime="{written.isoformat()}">{ago}</time>{changed}</span></p>'
        f'<p class="text" dir="auto">{escape(each.text)}</p>{tools}</li>'
    )


def _tools(at: Reading, each: Said) -> str:
    url = f"{at.url}comments/{each.key}/"
    return (
        f'<div class="row"><details id="edit-{each.key}"><summary>Change</summary>'
        f'<form class="sheet" method="post" action="{url}" data-save><input type="hidden" name="base"'
        f' value="{each.version}">{_area(each.text, each.key, "Your comment")}'
        f'<p class="row"><button class="button small">Save</button>{KEYS}</p></form></details>'
        f"{button_form(f'{url}withdraw/', 'Withdraw', base=each.version)}</div>"
    )


def _aside(at: Reading, key: str) -> str:
    put = button_form(f"{at.url}comments/{key}/aside/", "Put it aside")
    return f'<div class="row waits"><span>You are asked to answer.</span>{put}</div>'


def _times(at: Reading, said: list[Said]) -> dict[int, datetime]:
    """When each was last written: its change says so."""
    if not said:
        return {}
    rows = Revision.objects.filter(
        collection=at.seat.collection, number__in={each.created_in for each in said}
    )
    return dict(rows.values_list("number", "created_at"))
