"""Both versions of what two people, or one person in two windows, changed at the same time."""

from html import escape

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince

from annotations.models import Annotation, Evidence, Revision, Stance, User, Verdict, VersionRow
from annotations.views.reading import Reading

LABELS = {
    "verdict": "Verdict",
    "why": "Why",
    "problem": "What is wrong",
    "should_read": "It should read",
    "stance": "What it does",
    "locator": "Where in it",
    "excerpt": "The words that settle it",
}
WORDS = dict([*Verdict.choices, *Stance.choices])
PASSED_ON = ("start", "end", "quote", *LABELS, "must_fix", "title", "url", "reason")


def compare(request: HttpRequest, at: Reading, current: VersionRow | None) -> str:
    """A card with what is stored now, what was sent, and a button for each."""
    span_id = getattr(current, "span_id", None)
    rows = "".join(
        f'<tr><th scope="row">{label}</th><td dir="auto">{_shown(getattr(current, name, ""))}</td>'
        f'<td dir="auto">{_shown(request.POST[name])}</td></tr>'
        for name, label in LABELS.items()
        if name in request.POST and (request.POST[name] or getattr(current, name, ""))
    )
    table = (
        f'<table class="versions"><thead><tr><td></td><th scope="col">Stored now</th><th scope="col">Yours</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    theirs = f"?claim={span_id}" if span_id else _place(request)
    return (
        '<section id="card" class="claim-card conflict" aria-label="Two versions" tabindex="-1">'
        f"<h2>Not saved yet</h2><p>{_who(at, current)} Compare, then keep one.</p>{table}"
        f'<p class="row"><a class="button quiet small" data-get href="{theirs}">Keep what is stored</a></p>'
        f'<form method="post" action="{escape(request.path)}" data-save="again">{_again(request, current)}'
        '<button class="button small">Keep mine</button></form></section>'
    )


def _place(request: HttpRequest) -> str:
    return f"?start={request.POST.get('start', '0')}&end={request.POST.get('end', '0')}".replace('"', "")


def _again(request: HttpRequest, current: VersionRow | None) -> str:
    fields = {name: request.POST[name] for name in PASSED_ON if name in request.POST}
    if isinstance(current, Annotation | Evidence):
        fields["base"] = str(current.pk)
    else:
        fields["base"] = str(current.created_in) if current else "none"
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )


def _who(at: Reading, current: VersionRow | None) -> str:
    if current is None:
        return "It was taken back in the meantime."
    last = current.created_in if current.is_live else current.retired_in
    revision = Revision.objects.select_related("author").get(collection=at.seat.collection, number=last)
    author = revision.author
    ago = timesince(revision.created_at, timezone.now(), depth=1)
    return f"{_name(at.seat.user, author)} changed this {ago} ago."


def _name(me: User, author: User | None) -> str:
    if author is None:
        return "The system"
    return "You yourself, elsewhere," if author.pk == me.pk else escape(str(author))


def _shown(value: object) -> str:
    text = str(value or "")
    return escape(WORDS.get(text, text)) or "–"
