"""Both versions of what two people, or one person in two windows, changed at the same time."""

from html import escape
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince

from annotations import access
from annotations.models import (
    Annotation,
    Aspect,
    ClaimState,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    Revision,
    Ruling,
    SentBack,
    SourceDetails,
    Span,
    Stance,
    User,
    Verdict,
    VersionRow,
)
from annotations.views.lone import token, with_scripts
from annotations.views.opinions import PROBLEMS
from annotations.views.reading import Reading, of_aspect
from annotations.views.source_form import LABELS as DETAILS
from annotations.views.source_input import STORED_AS

LABELS = {
    "verdict": "Verdict",
    "why": "Why",
    "rationale": "Why",
    "problem": "What is wrong",
    "should_read": "It should read",
    "asked": "Asked whom",
    "due_on": "Answer due",
    "true_as_of": "True as of",
    "check_again_on": "Check again by",
    "stance": "What it does",
    **DETAILS,
    "locator": "Where in it",
    "excerpt": "The words that settle it",
    "comment": "Comment",
    "look_again": "What to look at again",
    "question": "Question",
    "reads": "The article reads",
    "public_text": "The correction",
    "answer": "The answer",
    "said": "What the lawyer says",
}
WORDS = dict(
    [
        *Verdict.choices,
        *Stance.choices,
        *PROBLEMS.items(),
        *LegalRead.Answer.choices,
        ("True", "yes"),
        ("False", "no"),
        ("1", "yes"),
    ]
)
PASSED_ON = (
    *("start", "end", "quote", "claim", "aspect", "join", *LABELS, "must_fix", "reason"),
    *("base", "source_base", "claim_revision"),
    *("places", "words", "away", "away_base"),
)


def compare(request: HttpRequest, at: Reading, current: VersionRow | None) -> str:
    """A card with what is stored now, what was sent, and a button for each."""
    span_id, stored = _stored(request, at, current)
    rows = "".join(
        f'<tr><th scope="row">{label}</th><td dir="auto">{_shown(stored.get(name, ""))}</td>'
        f'<td dir="auto">{_shown(request.POST[name])}</td></tr>'
        for name, label in LABELS.items()
        if name in request.POST and (request.POST[name] or stored.get(name, ""))
    )
    table = (
        f'<table class="versions"><thead><tr><td></td><th scope="col">Stored now</th><th scope="col">Yours</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    # Of the article: a page of its own has another address than the reader.
    home = "" if with_scripts(request) else at.url
    theirs = f"{home}?claim={span_id}" if span_id else f"{home}{_place(request)}"
    return (
        '<section id="card" class="claim-card conflict" aria-label="Two versions" tabindex="-1"'
        f' data-key="{escape(request.POST.get("key", ""))}">'
        f"<h2>Not saved yet</h2><p>{_which(span_id)}{_who(at, current, span_id)} Compare, then keep one.</p>"
        f"{_reviewers(request, current)}{table}"
        f'<p class="row"><a class="button quiet small" data-get href="{theirs}">Keep what is stored</a></p>'
        f'<form method="post" action="{escape(request.path)}" data-save="again">{token(request)}'
        f'{_again(request, current)}<button class="button small">Keep mine</button></form></section>'
    )


def _stored(
    request: HttpRequest, at: Reading, current: VersionRow | None
) -> tuple[int | None, dict[str, Any]]:
    """The claim, and what is live: of a citation with its source, of which either may have changed."""
    key = request.resolver_match.kwargs.get("key") if request.resolver_match else None
    row = access.evidence(at.seat).filter(key=key).first() if key else current
    span_id = getattr(row, "span_id", None)
    if not isinstance(row, Evidence) and not _may_show(at, current, span_id):
        return span_id, {}
    found = {name: getattr(row, name) for name in LABELS if hasattr(row, name)}
    if isinstance(row, Comment):
        found["comment"] = row.text
    if isinstance(row, Evidence):
        details = SourceDetails.objects.current().get(source=row.source_id)
        found |= {name: getattr(details, STORED_AS.get(name, name)) for name in DETAILS}
    return span_id, found


def _may_show(at: Reading, current: VersionRow | None, span_id: int | None) -> bool:
    own = isinstance(current, Annotation) and current.reviewer_id == at.seat.user.pk
    return own or access.may_tell(at.seat, span_id)


def _place(request: HttpRequest) -> str:
    return escape(f"?start={request.POST.get('start', '0')}&end={request.POST.get('end', '0')}")


def _again(request: HttpRequest, current: VersionRow | None) -> str:
    fields = {name: request.POST[name] for name in PASSED_ON if name in request.POST}
    if "claim_revision" in fields and isinstance(current, Ruling | ClaimState):
        fields |= _of_decision(current.span_id)
    elif isinstance(current, SourceDetails):
        fields["source_base"] = str(current.pk)
    elif isinstance(current, Annotation | Comment | Correction | Evidence | LegalRead | SentBack):
        fields["base"] = str(current.pk)
    else:
        # Of two claims to be merged, the one that changed.
        is_away = current and fields.get("away") == str(getattr(current, "span_id", ""))
        fields["away_base" if is_away else "base"] = str(current.created_in) if current else "none"
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )


def _of_decision(span_id: int) -> dict[str, str]:
    """What a decision builds on: the one that it replaces, and all that was said of the claim."""
    ruling = Ruling.objects.current().filter(span=span_id).values_list("pk", flat=True).first()
    state = ClaimState.objects.current().filter(span=span_id).values_list("created_in", flat=True).first()
    return {"base": str(ruling or "none"), "claim_revision": str(state or "")}


def _reviewers(request: HttpRequest, current: VersionRow | None) -> str:
    """For a decision: who says what now, since that is what may have changed."""
    if "claim_revision" not in request.POST or not isinstance(current, Ruling | ClaimState):
        return ""
    state = ClaimState.objects.current().filter(span=current.span_id).first()
    counts = state.counts if state else {}
    said = [f"{counts[value]} {label.lower()}" for value, label in Verdict.choices if counts.get(value)]
    return f"<p>Reviewers now: {', '.join(said) or 'no opinion'}.</p>"


def _which(span_id: int | None) -> str:
    span = Span.objects.filter(pk=span_id).only("aspect").first() if span_id else None
    return f"Claim {span.pk}{of_aspect(span.aspect)}. " if span and span.aspect != Aspect.FACT else ""


def _who(at: Reading, current: VersionRow | None, span_id: int | None) -> str:
    if current is None:
        return "It was taken back in the meantime."
    last = current.created_in if current.is_live else current.retired_in
    revision = Revision.objects.select_related("author").get(collection=at.seat.collection, number=last)
    author = revision.author
    if (author is None or author.pk != at.seat.user.pk) and not access.may_tell(at.seat, span_id):
        return "It has changed since you read it."
    ago = timesince(revision.created_at, timezone.now(), depth=1)
    return f"{_name(at.seat.user, author)} changed this {ago} ago."


def _name(me: User, author: User | None) -> str:
    if author is None:
        return "The system"
    return "You yourself, elsewhere," if author.pk == me.pk else escape(str(author))


def _shown(value: object) -> str:
    text = "" if value in (None, "") else str(value)
    return escape(WORDS.get(text, text)) or "–"
