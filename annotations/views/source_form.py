"""The forms that add a source to a claim and change one: of a kind, only its fields."""

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

from django.utils import timezone

from annotations import access_sources
from annotations.models import Source, Stance
from annotations.views import recent
from annotations.views.fields import SAVE_BUTTON, area, choices, line, select, tick
from annotations.views.reading import Claim, Reading
from annotations.views.source_input import FIELDS, STORED_AS

if TYPE_CHECKING:
    from annotations.views.citing import Cited

WHAT = "What it does"
KINDS = {
    Source.Kind.WEB: "Web page",
    Source.Kind.DOCUMENT: "Document or picture",
    Source.Kind.PERSON: "Person",
    Source.Kind.CALCULATION: "Calculation",
    Source.Kind.RECORDING: "Recording",
    Source.Kind.ARTICLE: "Article of this collection",
}
LABELS = {
    "title": "Title or name",
    "url": "Address",
    "publisher": "Publisher",
    "published_on": "Published on",
    "archived_url": "Address of an archived copy",
    "captured_at": "Captured at (UTC)",
    "accessed_on": "Read on",
    "person_role": "Who they are",
    "reached_how": "Reached how",
    "reached_on": "Reached on",
    "on_record": "On the record",
    "is_primary": "First hand",
    "note": "The working",
    "shows": "What does it show?",
}
HINTS = {
    "person_role": "People stay at the desk: viewers and exports see nothing of them.",
    "reached_how": "By telephone, by mail, in person.",
    "shows": "For those who cannot see it.",
    "is_primary": "The record, the data or the person itself, not somebody’s account of it.",
}
INPUTS = {
    **dict.fromkeys(["published_on", "accessed_on", "reached_on"], "date"),
    "captured_at": "datetime-local",
}
RECORD = [("", "Not said"), ("yes", "Yes"), ("no", "No")]
TIERS = [("", "As usual for its kind"), ("public", "Everybody"), ("desk", "The desk"), ("legal", "Lawyers")]
USUAL = "As usual: people, documents and pictures stay at the desk, all else is for everybody."
TYPES = "application/pdf,image/png,image/jpeg"


def short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:58].rstrip()}…"


def adding(reading: Reading, claim: Claim) -> str:
    url, last = f"{reading.url}claims/{claim.id}/sources/", recent.cited(reading)
    kind = Source.Kind.DOCUMENT if last and last[2] == Source.Kind.IMAGE else last[2] if last else "web"
    return (
        f'<details id="add-source"><summary>Add source <kbd>e</kbd></summary>'
        f'<form class="sheet adding" method="post" enctype="multipart/form-data" action="{url}" data-save>'
        f"{choices('stance', WHAT, Stance.choices, 'supports')}"
        f"{select('kind', 'Kind', KINDS.items(), kind, 'new')}{_new_fields()}"
        f"{_where('', '', 'new')}{_tier(reading)}"
        f'<p class="row">{SAVE_BUTTON}{_again(last[1]) if last else ""}</p></form></details>'
    )


def changing(reading: Reading, each: "Cited") -> str:
    url = f"{reading.url}sources/{each.key}/"
    base = f'<input type="hidden" name="base" value="{each.version}">'
    return (
        f'<details class="change"><summary>Change</summary><form class="sheet" method="post" action="{url}" data-save>'
        f"{base}{choices('stance', WHAT, Stance.choices, each.stance)}{_what_it_is(reading, each)}"
        f"{_where(each.locator, each.excerpt, each.key)}"
        f'<p class="row">{SAVE_BUTTON}'
        f'<button class="button small plain danger" formaction="{url}remove/">Remove</button></p></form></details>'
    )


def _what_it_is(reading: Reading, each: "Cited") -> str:
    if not access_sources.may_change_source(reading.seat, each.first_citer):
        return (
            '<p class="hint">Others brought this source in, so its title and address are theirs to change: add a'
            " source of your own instead where they are wrong.</p>"
        )
    now = {name: getattr(each, _CITED_AS.get(name, name)) for name in FIELDS[each.kind]}
    fields = "".join(_field(name, typed(value), each.key) for name, value in now.items())
    return f'<input type="hidden" name="source_base" value="{each.details}"><div class="facts">{fields}</div>'


_CITED_AS = STORED_AS | {"person_role": "role"}


def _new_fields() -> str:
    """Every field once; the style sheet shows those of the kind chosen."""
    today = timezone.localdate().isoformat()
    more = {"title": _SUGGESTS.format("sources"), "url": _SUGGESTS.format("sources")}
    names = dict.fromkeys(name for names in FIELDS.values() for name in names)
    parts = [
        _UPLOAD,
        line("article", "Title of the article", "", "new", _BY_TITLE, more=_SUGGESTS.format("article")),
    ]
    for name in sorted(names, key=list(LABELS).index):
        value = today if name == "accessed_on" else ""
        parts.append(_field(name, value, "new", more.get(name, "")))
    return f'<div class="facts">{"".join(parts)}</div>'


_SUGGESTS = ' role="combobox" aria-expanded="false" aria-autocomplete="list" data-known="{}"'
_BY_TITLE = "Type some of it, then choose. Its number or address will do as well."
_UPLOAD = (
    '<div class="field f-file"><label for="f-file-new">PDF, PNG or JPEG, up to 20 MB</label>'
    f'<input type="file" id="f-file-new" name="file" accept="{TYPES}"><p id="uploaded" class="hint"></p></div>'
)


def _field(name: str, value: str, own: str, more: str = "") -> str:
    if name in ("note", "shows"):
        return area(name, LABELS[name], value, HINTS.get(name, ""), own)
    if name == "is_primary":
        return tick(name, LABELS[name], value == "yes", own, HINTS[name])
    if name == "on_record":
        return select(name, LABELS[name], RECORD, value, own)
    return line(name, LABELS[name], value, own, HINTS.get(name, ""), kind=INPUTS.get(name, ""), more=more)


def typed(value: object) -> str:
    """As the field of a form writes it."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "")


def _where(locator: str, excerpt: str, own: str) -> str:
    return line("locator", "Where in it", locator, own, "Page, paragraph, minute.") + area(
        "excerpt", "The words that settle it", excerpt, own=own
    )


def _tier(reading: Reading) -> str:
    if not reading.seat.is_editor:
        return ""
    return select("tier", "Who sees it", TIERS, "", "new") + f'<p class="hint">{USUAL}</p>'


def _again(name: str) -> str:
    shown = f'<span dir="auto">{escape(short(name))}</span>'
    return (
        f'<button class="button small quiet again" name="again" value="1" formnovalidate>Same source again: {shown}'
        f'</button><span class="hint by-key">Enter alone does the same.</span>'
    )
