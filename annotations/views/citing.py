"""The sources of a claim, in its card, and the form that adds one."""

from datetime import date
from html import escape
from typing import NamedTuple

from annotations import access
from annotations.models import LIVE, Source, Stance, Status, Verdict
from annotations.views import recent
from annotations.views.fields import SAVE_BUTTON, area, choices, line
from annotations.views.reading import Claim, Reading

WHAT = "What it does"


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


CITED = (
    *("pk", "key", "stance", "locator", "excerpt", "added_by", "first_citer"),
    *("source__kind", "source__article"),
    *(
        f"source__versions__{name}"
        for name in ("title", "publisher", "url", "published_on", "person_role", "note", "pk")
    ),
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


def short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:58].rstrip()}…"


def sources(reading: Reading, claim: Claim, cited: list[Cited]) -> str:
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
