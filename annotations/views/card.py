"""The card of one claim, written without templates: it goes out with every tag."""

from html import escape

from annotations.access_places import marked_by
from annotations.models import Aspect, PrivateNote, Status, Verdict
from annotations.models.prepared import Prepared
from annotations.views.aspects import at_place, rows
from annotations.views.citing import sources, sources_on
from annotations.views.comment_section import comments_section
from annotations.views.correction_section import correction_section
from annotations.views.family import Family, family_of, relations
from annotations.views.fields import SAVE, area, button_form
from annotations.views.legal_section import legal_section
from annotations.views.opinions import Opinion, my_opinion, opinions_on, others_opinions
from annotations.views.reading import Claim, Reading, counted, page_url, state_words
from annotations.views.review_section import assigned, my_sent_back, review_of
from annotations.views.ruling import barred, decided, deciding, ruling_on
from annotations.views.waiting import answers_due

LONGEST_QUOTE = 600
CLOSE = '<button type="button" class="close" data-do="clear" aria-label="Close this claim"></button>'
CLOSE_LIST = CLOSE.replace("this claim", "this list")
REASONS = {"opinion": "An opinion", "prediction": "A prediction", "common knowledge": "Common knowledge"}


def card(
    reading: Reading, claim: Claim, near: list[Claim] | None = None, family: Family | None = None
) -> str:
    """`near`: the claims around, `family`: its parts and wholes, where they are at hand."""
    seat = reading.seat
    here = at_place(reading, claim.start, claim.end, near)
    opinions = opinions_on(reading, claim.id)
    # Counts are blank for what is hidden, where one's own sources still show.
    cited = sources_on(reading, claim.id) if claim.counts.get("sources") or seat.is_blind else []
    mine = next((each for each in opinions if each.reviewer == seat.user.pk), None)
    ruling, review = ruling_on(reading, claim), review_of(reading, claim.id)
    why_not = "" if mine or not seat.may_annotate else barred(reading, claim, ruling)
    parts = [
        _head(reading, claim, mine),
        rows(reading, claim.start, claim.end, claim.aspect, here),
        relations(reading, family or family_of(reading, claim.id)),
        decided(ruling),
        my_opinion(reading, claim, mine, why_not),
        my_sent_back(reading, claim, review.backs.get(seat.user.pk)),
    ]
    parts += [
        others_opinions(reading, claim, [each for each in opinions if each is not mine], review.backs),
        sources(reading, claim, cited),
        deciding(reading, claim, ruling),
        legal_section(reading, claim),
        correction_section(reading, claim),
    ]
    parts += [comments_section(reading, claim), assigned(reading, claim, review.asked)]
    parts.append(
        f'<p class="own-page"><a href="{page_url(reading, claim.id)}">This claim on a page of its own</a></p>'
    )
    if seat.is_reviewer:
        parts.append(note(reading, claim))
        alone = all(each is mine for each in opinions) and all(
            each.added_by == seat.user.pk for each in cited
        )
        parts.append(foot(reading, claim, movable=seat.is_editor or (alone and ruling is None)))
    base = "none" if mine is None else mine.version
    aspect = f' data-aspect="{claim.aspect}"' if claim.aspect != Aspect.FACT else ""
    return (
        f'<section id="card" class="claim-card {claim.tone}" aria-label="Claim {claim.id}" data-n="{claim.id}"'
        f' data-start="{claim.start}" data-end="{claim.end}" data-base="{base}"{aspect}'
        f' data-revision="{claim.revision}">{"".join(parts)}</section>'
    )


def empty_card(words: str, touch: str = "") -> str:
    """`touch`: the words where there is no keyboard."""
    others = f'</p><p class="by-touch">{escape(touch)}' if touch else ""
    kind = ' class="by-key"' if touch else ""
    return (
        f'<section id="card" class="claim-card none" aria-label="Claim in hand"><p{kind}>{escape(words)}{others}</p>'
        "</section>"
    )


def choice(reading: Reading, found: list[Claim]) -> str:
    """Which claims are here, when there are several."""
    due = answers_due(reading, found)
    lines = "".join(claim_row(reading, each, due=due.get(each.id, "")) for each in found).replace(
        ' id="c', ' id="k'
    )
    return (
        '<section id="card" class="claim-card" aria-label="Claims here"><header class="claim-head">'
        f'<h2>{counted(len(found), "claim")} here</h2>{CLOSE_LIST}</header><ol class="claims">{lines}</ol></section>'
    )


def unjudged(reading: Reading, start: int, end: int, aspect: str) -> str:
    """The card of an aspect that nobody has marked yet: nothing is written by looking."""
    here, text = at_place(reading, start, end), reading.kept.text[start:end]
    label = Aspect(aspect).label
    return (
        f'<section id="card" class="claim-card m" aria-label="{label}" data-start="{start}" data-end="{end}"'
        f' data-aspect="{aspect}" data-base="none"><header class="claim-head"><h2>{label}</h2>{CLOSE}</header>'
        f'<blockquote class="quote" dir="auto"{language(reading)}>{escape(text[:LONGEST_QUOTE])}</blockquote>'
        f"{rows(reading, start, end, aspect, here)}"
        '<p class="hint">Not marked yet: mark it, or give a verdict.</p></section>'
    )


def claim_row(reading: Reading, claim: Claim, parts: str = "", due: str = "") -> str:
    """`parts`: what its parts come to, `due`: what answer is waited for, in words."""
    quote = reading.kept.text[claim.start : claim.end]
    short = quote if len(quote) <= 160 else quote[:150].rstrip() + "…"
    reviewers = f" · {counted(claim.reviewers, 'reviewer')}" if claim.reviewers else ""
    aspect = f"{Aspect(claim.aspect).label} · " if claim.aspect != Aspect.FACT else ""
    waits = f' · <span class="due" dir="auto">{escape(due)}</span>' if due else ""
    in_parts = f' · <span class="in-parts">in parts: {parts}</span>' if parts else ""
    return (
        f'<li class="claim {claim.tone}" id="c{claim.id}" data-n="{claim.id}" data-start="{claim.start}"'
        f' data-end="{claim.end}"><a href="?claim={claim.id}#r{claim.id}"><span class="no">{claim.id}</span>'
        f'<span class="words" dir="auto"{language(reading)}>{escape(short)}</span></a>'
        f'<span class="state">{aspect}{headline(reading, claim)}{reviewers}{waits}{in_parts}</span></li>'
    )


def language(reading: Reading) -> str:
    tag = reading.kept.details.language
    return f' lang="{escape(tag)}"' if tag else ""


def headline(reading: Reading, claim: Claim) -> str:
    """The state, and the verdict where there is one to tell."""
    state = state_words(reading.seat, claim)
    said = claim.verdict or (
        claim.verdicts[0] if claim.status == Status.OPEN and len(claim.verdicts) == 1 else None
    )
    return f"{Verdict(said).label} · {state[:1].lower()}{state[1:]}" if said else state


def _head(reading: Reading, claim: Claim, mine: Opinion | None) -> str:
    quote = reading.kept.text[claim.start : claim.end]
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 20].rstrip() + " …"
    reason = f" · {escape(claim.reason)}" if claim.reason else ""
    return (
        f'<header class="claim-head"><h2><span class="no">{claim.id}</span> {headline(reading, claim)}{reason}</h2>'
        f"{CLOSE}</header>"
        f'<blockquote class="quote" dir="auto"{language(reading)}>{escape(quote)}</blockquote>'
    )


def note(reading: Reading, claim: Claim) -> str:
    kept = _NOTE.first(claim.id, reading.seat.user.pk)
    text, version = (kept[0], f"{kept[1]}-{kept[2]}") if kept else ("", "none")
    url = f"{reading.url}claims/{claim.id}/note/"
    shown = f'<p class="private" dir="auto">{escape(text)}</p>' if text else ""
    return (
        f'{shown}<details id="note"><summary>{"Change my note" if text else "Note to myself"}</summary>'
        f'<form class="sheet" method="post" action="{url}" data-save>'
        f'<input type="hidden" name="base" value="{version}">'
        f"{area('text', 'Note to myself', text, 'Only you ever see it.', own='note')}{SAVE}</form></details>"
    )


_NOTE = Prepared(
    lambda span, author: PrivateNote.objects.filter(span=span, author=author).values_list(
        "text", "pk", "times"
    ),
    *(int, int),
)


DOORS = {"move": ("Move", "o"), "split": ("Split into parts", "p"), "merge": ("Merge with…", "g")}


def _door(url: str, name: str) -> str:
    label, key = DOORS[name]
    return f'<a class="button small plain" href="{url}{name}/" data-do="{name}">{label} <kbd>{key}</kbd></a>'


def foot(reading: Reading, claim: Claim, *, movable: bool) -> str:
    url = f"{reading.url}claims/{claim.id}/"
    parts = []
    if not claim.is_hidden or marked_by(claim.id) == reading.seat.user.pk:
        parts.append(button_form(f"{url}unmark/", "Remove the mark", base=claim.revision or None))
    if not claim.is_hidden:
        doors = ["move"] * movable + ["split"] + ["merge"] * reading.seat.is_editor
        parts += [_door(url, name) for name in doors]
    history = f"/c/{reading.seat.collection.slug}/history/?claim={claim.id}"
    parts.append(f'<a class="button small plain" href="{history}">History</a>')
    if claim.status == Status.NOT_CHECKABLE:
        parts.append(button_form(f"{url}checkable/", "It can be checked", base=claim.revision))
    return f'<footer class="row">{"".join(parts)}</footer>'
