"""The sources of a claim, in its card."""

from datetime import date, datetime
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from annotations import access, access_sources
from annotations.access import Seat
from annotations.domain.quoting import compared
from annotations.domain.worddiff import in_the_article
from annotations.models import LIVE, Aspect, Source, Stance, Status, Verdict
from annotations.services.evidence import DESK_KINDS
from annotations.views.diffs import diffed
from annotations.views.reading import Claim, Reading
from annotations.views.source_form import adding, changing
from annotations.views.stored import described


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
    archived_url: str
    captured_at: datetime | None
    accessed_on: date | None
    reached_how: str
    reached_on: date | None
    on_record: bool | None
    file: str
    source: int
    tier: str
    is_primary: bool
    details: int
    """version of what is said of the source itself"""


CITED = (
    *("pk", "key", "stance", "locator", "excerpt", "added_by", "first_citer"),
    *("source__kind", "source__article"),
    *(
        f"source__versions__{name}"
        for name in (
            *(
                "title",
                "publisher",
                "url",
                "published_on",
                "person_role",
                "note",
                "archived_url",
                "captured_at",
            ),
            *("accessed_on", "reached_how", "reached_on", "on_record", "file"),
        )
    ),
    *("source", "source__tier", "source__versions__is_primary", "source__versions__pk"),
)


def sources_on(reading: Reading, span_id: int) -> list[Cited]:
    return [Cited(*row) for row in _CITED(reading.seat, span_id)]


_CITED = access.Seated(
    lambda seat, span: (
        access.evidence(seat)
        .filter(span=span, source__versions__retired_in=LIVE)
        .annotate(first_citer=access_sources.FIRST_CITER)
        .order_by("pk")
        .values_list(*CITED)
    ),
    int,
)


def sources(reading: Reading, claim: Claim, cited: list[Cited]) -> str:
    seat = reading.seat
    rows = "".join(source_item(reading, claim, each) for each in cited)
    if not cited:
        rows = f'<li class="hint">{no_source(seat, claim)}</li>'
    form = adding(reading, claim) if seat.is_reviewer else ""
    return f'<h3>Sources</h3><ul class="sources">{rows}</ul>{form}'


def no_source(seat: Seat, claim: Claim) -> str:
    needed = seat.settings.verified_needs_source and _may_be_verified(claim)
    return f"No source yet.{' Verified needs one.' if needed else ''}"


def _may_be_verified(claim: Claim) -> bool:
    said = [claim.verdict] if claim.verdict else claim.verdicts
    return claim.status != Status.NOT_CHECKABLE and (not said or Verdict.VERIFIED in said)


def source_item(reading: Reading, claim: Claim, each: Cited) -> str:
    title = each.title or each.url or each.note or each.role or Source.Kind(each.kind).label
    about = " · ".join(filter(None, _facts(reading, each)))
    excerpt = f'<blockquote dir="auto">{escape(each.excerpt)}</blockquote>' if each.excerpt else ""
    note = f'<p dir="auto">{escape(each.note)}</p>' if each.note and each.note != title else ""
    own = reading.seat.is_editor or each.added_by == reading.seat.user.pk
    change = changing(reading, each) if own and reading.seat.is_reviewer else ""
    excerpt += differing(reading, claim, each)
    return (
        f'<li class="source {each.stance}" data-key="{each.key}"><p><span class="stance">{Stance(each.stance).label}'
        f'</span> {_named(reading, each, title)}</p><p class="about">{about}</p>{excerpt}{note}{change}</li>'
    )


def differing(reading: Reading, claim: Claim, each: Cited) -> str:
    """A quotation and its origin, word by word: for the eye, and in words."""
    if not each.article or not each.excerpt:
        return ""
    said = reading.kept.text[claim.start : claim.end]
    changes = compared(said, each.excerpt, whole=claim.aspect != Aspect.FACT)
    if changes is None:
        return ""
    if not changes:
        return '<p class="hint">The words quoted are not among these.</p>'
    return diffed(changes, in_the_article(changes))


def _named(reading: Reading, each: Cited, title: str) -> str:
    if each.url:
        return _outside(each.url, escape(title))
    if each.article:
        path = f"/c/{reading.seat.collection.slug}/articles/{each.article}/{_passage(each.excerpt)}"
        return f'<a href="{escape(path)}">{escape(title)}</a>'
    return escape(title)


def _outside(url: str, shown: str) -> str:
    if not url.startswith(("https://", "http://")):
        return shown
    return f'<a href="{escape(url)}" rel="noreferrer noopener" target="_blank">{shown}</a>'


def _passage(excerpt: str) -> str:
    """The browser goes to these words and shows them."""
    line = max(excerpt[:300].split("\n"), key=len).strip()
    return f"#:~:text={quote(line, safe='').replace('-', '%2D')}" if line else ""


def _facts(reading: Reading, each: Cited) -> list[str]:
    """In HTML, in the order in which they are read."""
    facts = [
        Source.Kind(each.kind).label,
        "first hand" if each.is_primary else "",
        each.role,
        each.publisher,
        _day(each.published_on),
        each.locator,
    ]
    facts += [_reached(each)]
    if each.on_record is not None:
        facts.append("on the record" if each.on_record else "not on the record")
    if each.tier != _usual(each.kind):
        facts.append({"public": "for everybody", "desk": "for the desk", "legal": "for lawyers"}[each.tier])
    shown = [escape(fact) for fact in facts]
    if each.article and each.article != reading.article_id:
        shown.append(
            f'<a href="{reading.url}?beside={each.article}" data-do="beside:{each.article}">beside</a>'
        )
    if each.archived_url:
        when = f", captured {_day(each.captured_at)}" if each.captured_at else ""
        shown.append(_outside(each.archived_url, f"archived copy{when}"))
    if each.file:
        path = f"/c/{reading.seat.collection.slug}/sources/{each.source}/document/"
        shown.append(f'<a href="{path}" download>Download: {described(each.file)}</a>')
    return shown


def _reached(each: Cited) -> str:
    when = f"on {_day(each.reached_on)}" if each.reached_on else ""
    how = " ".join(filter(None, [each.reached_how, when]))
    return f"reached {how}" if how and not each.reached_how else how


def _usual(kind: str) -> str:
    return Source.Tier.DESK if kind in DESK_KINDS else Source.Tier.PUBLIC


def _day(when: date | None) -> str:
    return f"{when:%-d %B %Y}" if when else ""
