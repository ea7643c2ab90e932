"""The card of one claim, written without templates: it goes out with every tag."""

from datetime import date
from html import escape
from typing import NamedTuple

from annotations import access
from annotations.models import LIVE, Aspect, PrivateNote, Problem, Source, Stance, Status, Verdict
from annotations.models.prepared import Prepared
from annotations.views import recent
from annotations.views.fields import SAVE, SAVE_BUTTON, area, button_form, check, choices, line
from annotations.views.reading import Claim, Reading, counted, state_words
from annotations.views.ruling import decided, deciding, ruling_on

LONGEST_QUOTE = 600
WHAT = "What it does"
TITLES = {"v": "verified", "d": "disputed", "n": "needs_source"}
REASONS = {"opinion": "An opinion", "prediction": "A prediction", "common knowledge": "Common knowledge"}


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


class Cited(NamedTuple):
    version: int
    key: str
    stance: str
    locator: str
    excerpt: str
    added_by: int | None
    first_citer: int | None
    kind: str
    article: int | None
    title: str
    publisher: str
    url: str
    published_on: date | None
    role: str
    note: str
    details: int
    """version of what is said of the source itself"""


OPINION = (
    "pk",
    "reviewer",
    "reviewer__display_name",
    "reviewer__username",
    *("verdict", "why", "problem", "should_read", "must_fix", "confidence"),
)
CITED = (
    *("pk", "key", "stance", "locator", "excerpt", "added_by", "first_citer"),
    *("source__kind", "source__article"),
    *(
        f"source__versions__{name}"
        for name in ("title", "publisher", "url", "published_on", "person_role", "note", "pk")
    ),
)


def opinions_on(reading: Reading, span_id: int) -> list[Opinion]:
    return [Opinion(*row) for row in _OPINIONS(reading.seat, span_id)]


_OPINIONS = access.Seated(
    lambda seat, span: access.opinions(seat).filter(span=span).order_by("pk").values_list(*OPINION), int
)


def sources_on(reading: Reading, span_id: int) -> list[Cited]:
    return [Cited(*row) for row in _CITED(reading.seat, span_id)]


_CITED = access.Seated(
    lambda seat, span: (
        access.evidence(seat)
        .filter(span=span, source__versions__retired_in=LIVE)
        .annotate(first_citer=access.FIRST_CITER)
        .order_by("pk")
        .values_list(*CITED)
    ),
    int,
)


def card(reading: Reading, claim: Claim) -> str:
    seat = reading.seat
    opinions = opinions_on(reading, claim.id)
    # Counts are blank for what is hidden, where one's own sources still show.
    cited = sources_on(reading, claim.id) if claim.counts.get("sources") or seat.is_blind else []
    mine = next((each for each in opinions if each.reviewer == seat.user.pk), None)
    ruling = ruling_on(reading, claim)
    parts = [_head(reading, claim, mine), decided(ruling), _mine(reading, claim, mine)]
    parts += [
        _others(reading, claim, [each for each in opinions if each is not mine]),
        _sources(reading, claim, cited),
        deciding(reading, claim, ruling),
    ]
    if seat.is_reviewer:
        parts.append(_note(reading, claim))
        parts.append(_foot(reading, claim))
    base = "none" if mine is None else mine.version
    aspect = f' data-aspect="{claim.aspect}"' if claim.aspect != Aspect.FACT else ""
    return (
        f'<section id="card" class="claim-card {claim.tone}" aria-label="Claim {claim.id}" data-n="{claim.id}"'
        f' data-start="{claim.start}" data-end="{claim.end}" data-base="{base}"{aspect}>{"".join(parts)}</section>'
    )


def empty_card(words: str, touch: str = "") -> str:
    """`touch`: the words where there is no keyboard."""
    others = f'</p><p class="by-touch">{escape(touch)}' if touch else ""
    kind = ' class="by-key"' if touch else ""
    return (
        f'<section id="card" class="claim-card none" aria-label="Claim in hand"><p{kind}>{escape(words)}{others}</p>'
        "</section>"
    )


def short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:58].rstrip()}…"


def choice(reading: Reading, found: list[Claim]) -> str:
    """Which claims are here, when there are several."""
    rows = "".join(claim_row(reading, each) for each in found).replace(' id="c', ' id="k')
    return (
        f'<section id="card" class="claim-card choice" aria-label="Claims here"><h2>{counted(len(found), "claim")} here'
        f'</h2><ol class="claims">{rows}</ol></section>'
    )


def claim_row(reading: Reading, claim: Claim) -> str:
    quote = reading.kept.text[claim.start : claim.end]
    short = quote if len(quote) <= 160 else quote[:150].rstrip() + "…"
    reviewers = f" · {counted(claim.reviewers, 'reviewer')}" if claim.reviewers else ""
    return (
        f'<li class="claim {claim.tone}" id="c{claim.id}" data-n="{claim.id}" data-start="{claim.start}"'
        f' data-end="{claim.end}"><a href="?claim={claim.id}#r{claim.id}"><span class="no">{claim.id}</span>'
        f'<span class="words" dir="auto"{language(reading)}>{escape(short)}</span></a>'
        f'<span class="state">{headline(reading, claim)}{reviewers}</span></li>'
    )


def language(reading: Reading) -> str:
    tag = reading.kept.details.language
    return f' lang="{escape(tag)}"' if tag else ""


def headline(reading: Reading, claim: Claim) -> str:
    """The state, and the verdict where there is one to tell."""
    state = state_words(reading.seat, claim)
    if claim.verdict:
        return f"{Verdict(claim.verdict).label} · {state.lower()}"
    if claim.status == Status.OPEN and len(claim.verdicts) == 1:
        return f"{Verdict(claim.verdicts[0]).label} · {state.lower()}"
    return state


def _head(reading: Reading, claim: Claim, mine: Opinion | None) -> str:
    quote = reading.kept.text[claim.start : claim.end]
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 20].rstrip() + " …"
    reason = f" · {escape(claim.reason)}" if claim.reason else ""
    return (
        f'<header class="claim-head"><h2><span class="no">{claim.id}</span> {headline(reading, claim)}{reason}</h2>'
        f'<button type="button" class="close" data-do="clear" aria-label="Close this claim"></button></header>'
        f'<blockquote class="quote" dir="auto"{language(reading)}>{escape(quote)}</blockquote>'
    )


def _mine(reading: Reading, claim: Claim, mine: Opinion | None) -> str:
    if not reading.seat.may_annotate:
        return ""
    if mine is None:
        return _no_verdict(claim)
    url = f"{reading.url}claims/{claim.id}/"
    withdraw = button_form(f"{url}withdraw/", "Withdraw", mine=mine.version)
    problems = "".join(
        f'<option value="{value}"{" selected" if value == mine.problem else ""}>{label}</option>'
        for value, label in [("", "No particular problem"), *Problem.choices]
    )
    return (
        f'<div class="opinion mine {mine.verdict}"><div class="verdict">'
        f"<p><b>You</b>: {Verdict(mine.verdict).label}</p>{withdraw}</div>"
        f'{_why_of(mine)}<details id="why"><summary>{"Change why" if mine.why else "Say why"}</summary>'
        f'<form class="sheet" method="post" action="{url}why/" data-save="mine">'
        f'<input type="hidden" name="base" value="{mine.version}">'
        f"{area('why', 'Why', mine.why, 'Goes out with the claim.')}"
        f'<div class="field"><label for="f-problem">What is wrong</label>'
        f'<select id="f-problem" name="problem">{problems}'
        f"</select></div>{area('should_read', 'It should read', mine.should_read)}"
        f"{check('must_fix', 'Must be put right before it runs', mine.must_fix)}{SAVE}</form></details></div>"
    )


def _no_verdict(claim: Claim) -> str:
    if claim.status == Status.NOT_CHECKABLE:
        return '<p class="hint mine">It needs no verdict.</p>'
    return '<p class="hint mine">No verdict of yours yet<span class="by-key">: press v, d or n</span>.</p>'


def _why_of(opinion: Opinion) -> str:
    parts = []
    if opinion.problem or opinion.must_fix:
        label = Problem(opinion.problem).label if opinion.problem else ""
        words = [label, "must be put right" if opinion.must_fix else ""]
        parts.append(f'<p class="problem">{" · ".join(filter(None, words))}</p>')
    if opinion.why:
        parts.append(f'<p dir="auto">{escape(opinion.why)}</p>')
    if opinion.should_read:
        parts.append(f'<p class="reads" dir="auto"><i>Should read:</i> {escape(opinion.should_read)}</p>')
    return "".join(parts)


def _others(reading: Reading, claim: Claim, others: list[Opinion]) -> str:
    if reading.seat.is_blind and not others:
        return '<p class="hint">What others say is hidden until you give your verdict.</p>' * (
            not claim.counts
        )
    return "".join(
        f'<div class="opinion {each.verdict}"><p><b>{escape(each.name or each.username)}</b>:'
        f" {Verdict(each.verdict).label}</p>{_why_of(each)}</div>"
        for each in others
    )


def _sources(reading: Reading, claim: Claim, cited: list[Cited]) -> str:
    seat = reading.seat
    rows = "".join(_source(reading, each) for each in cited)
    if not cited:
        needed = seat.settings.verified_needs_source and _may_be_verified(claim)
        rows = f'<li class="hint">No source yet.{" Verified needs one." if needed else ""}</li>'
    adding = _adding(reading, claim) if seat.is_reviewer else ""
    return f'<h3>Sources</h3><ul class="sources">{rows}</ul>{adding}'


def _may_be_verified(claim: Claim) -> bool:
    said = [claim.verdict] if claim.verdict else claim.verdicts
    return claim.status != Status.NOT_CHECKABLE and (not said or Verdict.VERIFIED in said)


def _source(reading: Reading, each: Cited) -> str:
    title = each.title or each.url or each.note or each.role or Source.Kind(each.kind).label
    shown = escape(title)
    if each.url.startswith(("https://", "http://")):
        shown = f'<a href="{escape(each.url)}" rel="noreferrer noopener" target="_blank">{shown}</a>'
    elif each.article:
        shown = f'<a href="/c/{reading.seat.collection.slug}/articles/{each.article}/">{shown}</a>'
    when = f"{each.published_on:%-d %B %Y}" if each.published_on else ""
    facts = [Source.Kind(each.kind).label, each.role, each.publisher, when, each.locator]
    about = " · ".join(escape(fact) for fact in facts if fact)
    excerpt = f'<blockquote dir="auto">{escape(each.excerpt)}</blockquote>' if each.excerpt else ""
    note = f'<p dir="auto">{escape(each.note)}</p>' if each.note and each.note != title else ""
    own = reading.seat.is_editor or each.added_by == reading.seat.user.pk
    change = _changing(reading, each) if own and reading.seat.is_reviewer else ""
    return (
        f'<li class="source {each.stance}" data-key="{each.key}"><p><span class="stance">{Stance(each.stance).label}'
        f'</span> {shown}</p><p class="about">{about}</p>{excerpt}{note}{change}</li>'
    )


def _changing(reading: Reading, each: Cited) -> str:
    url = f"{reading.url}sources/{each.key}/"
    base = f'<input type="hidden" name="base" value="{each.version}">'
    return (
        f'<details class="change"><summary>Change</summary><form class="sheet" method="post" action="{url}" data-save>'
        f"{base}{choices('stance', WHAT, Stance.choices, each.stance)}{_what_it_is(reading, each)}"
        f"{line('locator', 'Where in it', each.locator, each.key)}"
        f"{area('excerpt', 'The words that settle it', each.excerpt, own=each.key)}"
        f'<p class="row">{SAVE_BUTTON}'
        f'<button class="button small plain danger" formaction="{url}remove/">Remove</button></p></form></details>'
    )


def _what_it_is(reading: Reading, each: Cited) -> str:
    if not access.may_change_source(reading.seat, each.first_citer):
        return (
            '<p class="hint">Others brought this source in, so its title and address are theirs to change: add a'
            " source of your own instead where they are wrong.</p>"
        )
    return (
        f'<input type="hidden" name="source_base" value="{each.details}">'
        f"{line('title', 'Title or name', each.title, each.key)}{line('url', 'Address', each.url, each.key)}"
    )


def _adding(reading: Reading, claim: Claim) -> str:
    kinds = "".join(
        f'<option value="{value}">{label}</option>'
        for value, label in Source.Kind.choices
        if value != "image"
    )
    url, last = f"{reading.url}claims/{claim.id}/sources/", recent.cited(reading)
    again = last and (
        '<button class="button small quiet again" name="again" value="1" formnovalidate>Same source again:'
        f' <span dir="auto">{escape(short(last[1]))}</span></button>'
    )
    hint = _AGAIN_BY_KEY.format(escape(short(last[1]))) if last else "A title or an address is needed."
    return (
        f'<details id="add-source"><summary>Add source <kbd>e</kbd></summary>'
        f'<form class="sheet adding" method="post" action="{url}" data-save>'
        f"{choices('stance', WHAT, Stance.choices, 'supports')}"
        f"{line('title', 'Title or name', '', 'new', hint)}"
        f'<div class="field"><label for="f-kind">Kind</label><select id="f-kind" name="kind">{kinds}</select></div>'
        f"{_ADDED_FIELDS}"
        f'<p class="row">{SAVE_BUTTON}{again or ""}</p></form></details>'
    )


def _note(reading: Reading, claim: Claim) -> str:
    kept = _NOTE.first(claim.id, reading.seat.user.pk)
    text = kept[0] if kept else ""
    url = f"{reading.url}claims/{claim.id}/note/"
    shown = f'<p class="private" dir="auto">{escape(text)}</p>' if text else ""
    return (
        f'{shown}<details id="note"><summary>{"Change my note" if text else "Note to myself"}</summary>'
        f'<form class="sheet" method="post" action="{url}" data-save>'
        f"{area('text', 'Note to myself', text, 'Only you ever see it.', own='note')}{SAVE}</form></details>"
    )


_NOTE = Prepared(
    lambda span, author: PrivateNote.objects.filter(span=span, author=author).values_list("text"), int, int
)


def _foot(reading: Reading, claim: Claim) -> str:
    url = f"{reading.url}claims/{claim.id}/"
    parts = [button_form(f"{url}unmark/", "Remove the mark", base=claim.revision or None)]
    if claim.status == Status.NOT_CHECKABLE:
        parts.append(button_form(f"{url}checkable/", "It can be checked", base=claim.revision))
    return f'<footer class="row">{"".join(parts)}</footer>'


_AGAIN_BY_KEY = '<span class="by-key">Enter alone: the same source again, <span dir="auto">{}</span>.</span>'
_ADDED_FIELDS = (
    line("url", "Address", "", "new")
    + line("publisher", "Publisher", "", "new")
    + '<div class="field f-published_on"><label for="f-date-new">Published on</label>'
    '<input type="date" id="f-date-new" name="published_on"></div>'
    + line("person_role", "Who they are", "", "new")
    + line("article", "Number or address of the article", "", "new")
    + area("note", "The working", "", own="new")
    + line("locator", "Where in it", "", "new", "Page, paragraph, minute.")
    + area("excerpt", "The words that settle it", "", own="new")
)
