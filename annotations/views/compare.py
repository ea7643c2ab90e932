"""Both versions of what two people, or one person in two windows, changed at the same time."""

import uuid
from html import escape

from django.http import HttpRequest

from annotations import access
from annotations.models import (
    Annotation,
    Aspect,
    ClaimState,
    LegalRead,
    PrivateNote,
    Revision,
    Span,
    Verdict,
    VersionRow,
)
from annotations.views.built_on import Built, Sent, sent
from annotations.views.entries import DEEDS
from annotations.views.lone import page_before, token, with_scripts
from annotations.views.moments import ago
from annotations.views.placed import words_sent
from annotations.views.reading import Reading, of_aspect, page_url
from annotations.views.source_form import LABELS as DETAILS
from annotations.views.source_form import typed as as_typed
from annotations.views.versions import Pair, last_of, left_alone, named, pairs, who_changed

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
    "text": "Note to myself",
}
ANEW = {"comments/": ("comment",), "sources/": ("stance", "locator", "excerpt")}
"""What is sent to another address once the thing itself is gone."""
MOST = 5
"""So many changes since are named."""


def compare(request: HttpRequest, at: Reading, current: VersionRow | None = None) -> str:
    """A card with what is stored now, what was sent, and the way to keep either. `current`: of what has changed."""
    form = sent(request, at)
    tell = access.may_tell(at.seat, form.span) or _is_own(at, form, current)
    may_keep = form.home is not None and not any(_is_lost(built) for built in form.built)
    told = _pairs(request, at, form) if tell else _typed(request, set())
    last, also = _since(at, form) if tell else ("", "")
    keep = _keeping(request, at, form) if may_keep else ""
    who = f"{_which(form.span)}{escape(last or _who(at, form, current, tell=tell))}"
    return _card(request, who, f"{also}{_table(request, told)}", _stored_at(request, at, form), keep)


def is_past(request: HttpRequest, at: Reading) -> bool:
    """Whether what the form builds on was there once, is no more, and the person may know that."""
    if request.method != "POST":
        return False
    form = sent(request, at)
    if not access.may_tell(at.seat, form.span):
        return False
    was_there = form.span is not None and ClaimState.objects.filter(span=form.span).exists()
    return (was_there and form.home != form.span) or any(built.is_gone for built in form.built)


def note_conflict(request: HttpRequest, at: Reading, span_id: int, note: PrivateNote | None) -> str:
    """Of a note to oneself, which is no part of the ledger."""
    changed = f"changed this {ago(note.changed_at)}" if note else "took this away"
    told = [Pair(LABELS["text"], note.text if note else "", request.POST.get("text", ""))]
    form = Sent(span_id, span_id, [])
    fields = {"text": request.POST.get("text", ""), "base": note.version if note else "none"}
    keep = _keep(request, request.path, fields)
    return _card(
        request,
        f"You yourself, elsewhere, {changed}.",
        _table(request, told),
        _stored_at(request, at, form),
        keep,
    )


def _card(request: HttpRequest, who: str, told: str, stored_at: str, keep: str) -> str:
    """HTML in, HTML out."""
    lead = "Compare, then keep one." if keep else "Yours can no longer be saved: copy what you need of it."
    scripts = with_scripts(request)
    theirs = "Keep what is stored <kbd>h</kbd>"
    return (
        '<section id="card" class="claim-card conflict" aria-label="Two versions" tabindex="-1"'
        f"{'' if scripts else ' autofocus'}"
        f' data-key="{escape(request.POST.get("key", ""))}"><h2>Not saved yet</h2><p>{who} {lead}</p>{told}'
        f'<p class="row"><a class="button quiet small" data-get href="{stored_at}">{theirs}</a></p>{keep}</section>'
    )


def _is_own(at: Reading, form: Sent, current: VersionRow | None) -> bool:
    """My opinion is no secret to me, whatever others said of the claim."""
    rows = [row for built in form.built for row in (built.seen, built.now) if row]
    rows += [current] if current else []
    return bool(rows) and all(
        isinstance(row, Annotation) and row.reviewer_id == at.seat.user.pk for row in rows
    )


def _is_lost(built: Built) -> bool:
    return built.is_gone and built.base.anew is None


def _pairs(request: HttpRequest, at: Reading, form: Sent) -> list[Pair]:
    found: list[Pair] = []
    known: set[str] = set()
    for built in form.built:
        if built.base.is_told:
            known |= {name for name in request.POST if built.base.called.get(name, name) in built.said}
            found += pairs(at.seat, built.base.model, built.seen, built.now, built.said)
    if words := words_sent(request):
        here = Span.objects.filter(pk=form.home or 0).values_list("quote", flat=True).first()
        found.append(Pair("Its words", here or "", words))
    return found + _typed(request, known)


def _typed(request: HttpRequest, known: set[str]) -> list[Pair]:
    """What was typed that no stored row has a field for."""
    names = [name for name in LABELS if name in request.POST and name not in known]
    return [Pair(LABELS[name], "", _shown(request.POST[name])) for name in names if request.POST[name]]


def _table(request: HttpRequest, told: list[Pair]) -> str:
    if not told:
        return ""
    typed = words_sent(request) or any(request.POST.get(name) for name in (*LABELS, "reason"))
    mine = "Yours" if typed else "As you read it"
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td dir="auto">{escape(stored) or "–"}</td>'
        f'<td dir="auto">{escape(yours) or "–"}</td></tr>'
        for label, stored, yours in told
    )
    return (
        f'<table class="versions"><thead><tr><td></td><th scope="col">Stored now</th><th scope="col">{mine}</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _stored_at(request: HttpRequest, at: Reading, form: Sent) -> str:
    """Of the article: a page of its own has another address than the reader."""
    is_legal = any(built.base.model is LegalRead for built in form.built)
    if is_legal and "listed" in request.POST:
        return f"/c/{at.seat.collection.slug}/legal/"
    if (before := page_before(request)) and (form.home or before == form.span):
        return page_url(at, form.home or before) if form.home else at.url
    home = "" if with_scripts(request) else at.url
    if form.home:
        return f"{home}?claim={form.home}"
    span = Span.objects.filter(pk=form.span or 0).first()
    place = (span.start, span.end) if span else (request.POST.get("start", "0"), request.POST.get("end", "0"))
    return escape(f"{home}?start={place[0]}&end={place[1]}")


def _keeping(request: HttpRequest, at: Reading, form: Sent) -> str:
    return _keep(request, *_again(request, at, form))


def _keep(request: HttpRequest, path: str, fields: dict[str, str]) -> str:
    if not with_scripts(request):
        fields["key"] = str(uuid.uuid4())
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{escape(path)}" data-save="again">{token(request)}{hidden}'
        f'<button class="button quiet small">Keep mine <kbd>y</kbd></button></form>'
    )


def _again(request: HttpRequest, at: Reading, form: Sent) -> tuple[str, dict[str, str]]:
    """Where and how to send it once more, over what is stored now."""
    fields = {name: str(value) for name, value in request.POST.items() if name not in NOT_AGAIN}
    path = request.path.replace(f"/claims/{form.span}/", f"/claims/{form.home}/")
    for built in form.built:
        fields[built.base.name] = built.version
        kept = left_alone(built.seen, built.now, built.said)
        fields |= {
            name: as_typed(getattr(built.now, built.base.called.get(name, name)))
            for name in fields
            if built.base.called.get(name, name) in kept
        }
        if built.is_gone and isinstance(built.seen, Annotation):
            fields.setdefault("verdict", built.seen.verdict)
        if built.is_gone and built.base.anew:
            path = f"{at.url}claims/{form.home}/{built.base.anew}"
            fields = {name: fields[name] for name in ANEW[built.base.anew] if name in fields}
            if source := getattr(built.seen, "source_id", None):
                fields["source"] = str(source)
            break
    return path, fields


NOT_AGAIN = frozenset({"csrfmiddlewaretoken", "key", "then"})


def _since(at: Reading, form: Sent) -> tuple[str, str]:
    """What was done last about the claim since it was read, as a sentence; and the rest of it, the last first, with
    what reviewers say now. Where the form is about all of the claim, which is where it was."""
    reads = [built.seen for built in form.built if isinstance(built.seen, ClaimState)]
    if not reads:
        return "", ""
    spans = {row.span_id for row in reads} | {form.home}
    rows = ClaimState.objects.filter(
        span__in=spans - {None}, created_in__gt=min(row.created_in for row in reads)
    )
    numbers = rows.order_by("-created_in").values_list("created_in", flat=True)[:MOST]
    done = access.revisions(at.seat).filter(number__in=list(numbers)).select_related("author")
    said = [
        f"{named(at.seat, each.author)} {_deed(each)} {ago(each.created_at)}"
        for each in done.order_by("-number")
    ]
    first = f"{said.pop(0)}." if said and form.home == form.span else ""
    lines = "".join(f"<li>{escape(each)}</li>" for each in said)
    listed = f'<ul class="since" aria-label="Since you read it">{lines}</ul>' if lines else ""
    return first, f"{listed}{_reviewers(form)}"


def _deed(revision: Revision) -> str:
    deed = DEEDS.get(revision.action, revision.action)
    return f"{deed} it" if deed.endswith((" of", " on", "into", "split", "decided", "to", ",")) else deed


def _reviewers(form: Sent) -> str:
    """For a decision: who says what now, since that is what may have changed."""
    state = next((built.now for built in form.built if built.base.name == "claim_revision"), None)
    if not isinstance(state, ClaimState):
        return ""
    said = [
        f"{state.counts[value]} {label.lower()}"
        for value, label in Verdict.choices
        if state.counts.get(value)
    ]
    return f"<p>Reviewers now: {', '.join(said) or 'no opinion'}.</p>"


def _which(span_id: int | None) -> str:
    span = Span.objects.filter(pk=span_id).only("aspect").first() if span_id else None
    return f"Claim {span.pk}{of_aspect(span.aspect)}. " if span and span.aspect != Aspect.FACT else ""


def _who(at: Reading, form: Sent, current: VersionRow | None, *, tell: bool) -> str:
    if form.span and form.home != form.span:
        return _where_it_went(at, form, tell=tell)
    gone = next((built for built in form.built if built.is_gone), None)
    if gone:
        return who_changed(at.seat, gone.seen, None, tell=tell)
    moved = [built for built in form.built if built.seen != built.now and built.now]
    latest = max(moved, key=lambda built: built.now.created_in if built.now else 0, default=None)
    return who_changed(at.seat, None, latest.now if latest else current, tell=tell)


def _where_it_went(at: Reading, form: Sent, *, tell: bool) -> str:
    last = ClaimState.objects.filter(span=form.span).order_by("-created_in").first()
    if last is None or not tell:
        return f"It is claim {form.home} now." if form.home else "It is no longer marked."
    revision = last_of(at.seat, last)
    who = named(at.seat, revision.author)
    if form.home:
        deed = "merged this claim" if revision.action == "merge" else "moved this claim"
        return f"{who} {deed} {ago(revision.created_at)}: it is claim {form.home} now."
    return f"{who} took away the mark of this claim {ago(revision.created_at)}."


def _shown(value: str) -> str:
    return {"1": "yes", "True": "yes", "False": "no"}.get(value, value)
