"""What a change did to each thing that it touched, field by field, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import mark_safe

from annotations import access
from annotations.access import Seat
from annotations.access_changed import Thing, changed, to_come
from annotations.domain.worddiff import in_words, word_diff
from annotations.models import (
    Article,
    ArticleDetails,
    ClaimState,
    CollectionSettings,
    Evidence,
    Revision,
    SourceDetails,
    Span,
    User,
)
from annotations.services.reversal import Reversal
from annotations.views.diffs import diffed
from annotations.views.entries import claim_url, titles_of
from annotations.views.said import FIELDS, Field, Names, parts_of_lines, what

DONE = {"new": "new", "changed": "changed", "gone": "taken away"}
TO_COME = {"new": "comes back", "changed": "changes", "gone": "goes"}
COMMON_GROUND = 0.2
"""Of two texts that share less, each is better read by itself."""
LINES = 40
"""So many lines of an article whose part changed are told."""
FOLLOWED = "Claims that follow from it have another state now."
COMES_TO = "What the claim comes to"
SAME = "Only white space or quotation marks differ."
Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    before: str
    after: str
    diff: str = ""
    """HTML: both, word by word"""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`fate`: new, changed or gone."""

    what: str
    fate: str
    words: str
    lines: list[Line]


@dataclass(slots=True)
class Group:
    """All that was done about one claim, article or source."""

    title: str
    url: str = ""
    quote: str = ""
    article: str = ""
    article_url: str = ""
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """`was`, `now`: over the columns of what changes."""

    was: str
    now: str
    groups: list[Group]
    notes: list[str]


def what_changed(seat: Seat, revision: Revision) -> Page:
    things, more = changed(seat, revision.number)
    notes = ["More was touched than is shown here."] * more
    if any(thing.model is CollectionSettings for thing in things):
        settled = [thing for thing in things if thing.model is not ClaimState]
        notes += [FOLLOWED] * (len(settled) < len(things))
        things = settled
    groups = _groups(seat, things, DONE, revision.result.get("span"))
    return Page("Before", "After", list(groups), notes)


def what_would_change(seat: Seat, change: Reversal) -> Page:
    things, more = to_come(seat, change)
    notes = ["More would change than is shown here."] * more
    return Page("Now", "Then", list(_groups(seat, things, TO_COME)), notes)


def _follows(thing: Thing) -> bool:
    """What a claim comes to follows from what was said of it."""
    return thing.model is ClaimState and bool(thing.before and thing.after)


def _groups(
    seat: Seat, things: list[Thing], words: dict[str, str], span: int | None = None
) -> Iterator[Group]:
    """`span`: the claim that all of it is about, where it is one."""
    names = _names(seat, things)
    cited = {row.source_id: row.span_id for row in _rows(things) if isinstance(row, Evidence)}
    told: dict[Subject, list[Told]] = {}
    for thing in sorted(things, key=_follows):
        said = _told(thing, names, words)
        if said.lines or said.fate != "changed" or thing.model is not ClaimState:
            told.setdefault(_subject(thing, span, cited), []).append(said)
    heads = _heads(seat, told, names)
    for subject, parts in told.items():
        group = heads[subject]
        group.told = parts
        yield group


def _rows(things: list[Thing]) -> Iterator[Any]:
    return (row for thing in things for row in (thing.before, thing.after) if row)


def _subject(thing: Thing, span: int | None, cited: dict[int, int]) -> Subject:
    """What the thing is about. What is said of a source stands with the claim for which it was said."""
    row = thing.after or thing.before
    if thing.model is SourceDetails:
        span = span or cited.get(row.source_id)
        return ("claim", span) if span else ("source", row.source_id)
    if of := getattr(row, "span_id", None):
        return "claim", of
    return ("article", row.article_id) if hasattr(row, "article_id") else ("collection", 0)


def _heads(seat: Seat, subjects: Iterable[Subject], names: Names) -> dict[Subject, Group]:
    slug = seat.collection.slug
    wanted = list(subjects)
    spans = Span.objects.in_bulk([pk for kind, pk in wanted if kind == "claim"])
    live = set(access.claims(seat).filter(span__in=list(spans)).values_list("span_id", flat=True))
    articles = {pk for kind, pk in wanted if kind == "article"}
    titles = titles_of(seat, articles | {span.article_id for span in spans.values()})
    heads = {}
    for kind, pk in wanted:
        if kind == "claim":
            heads[kind, pk] = _claim(slug, spans[pk], pk in live, titles.get(spans[pk].article_id))
        elif kind == "article":
            details = titles.get(pk)
            url = f"/c/{slug}/articles/{pk}/" if details else f"/c/{slug}/history/?article={pk}"
            heads[kind, pk] = Group(str(details) if details else f"Article {pk}", url)
        else:
            heads[kind, pk] = Group(names.sources.get(pk, "") if kind == "source" else "The collection")
    return heads


def _claim(slug: str, span: Span, is_live: bool, details: ArticleDetails | None) -> Group:
    url = claim_url(slug, span.article_id, span.pk) if is_live else f"/c/{slug}/history/?claim={span.pk}"
    group = Group(f"Claim {span.pk}", url, span.quote)
    if details:
        group.article, group.article_url = str(details), f"/c/{slug}/articles/{span.article_id}/"
    return group


def _names(seat: Seat, things: list[Thing]) -> Names:
    people, sources, texts = set[int](), set[int](), set[int]()
    for row in _rows(things):
        people |= {getattr(row, f.attname) for f in row._meta.concrete_fields if f.related_model is User}
        sources |= {row.source_id} if isinstance(row, Evidence | SourceDetails) else set()
    for thing in things:
        if thing.model is ArticleDetails and thing.before and thing.after:
            texts |= {thing.after.article_id} if thing.before.blocks != thing.after.blocks else set()
    titled = SourceDetails.objects.filter(collection=seat.collection, source__in=sources).order_by("pk")
    return Names(
        {pk: str(user) for pk, user in User.objects.in_bulk(people - {None}).items()},
        {row.source_id: row.title or row.url or row.note or f"source {row.source_id}" for row in titled},
        dict(Article.objects.filter(pk__in=texts).values_list("pk", "text")),
    )


def _told(thing: Thing, names: Names, words: dict[str, str]) -> Told:
    before, after = thing.before, thing.after
    fate = "changed" if before and after else "new" if after else "gone"
    lines = [found for each in FIELDS[thing.model] if (found := _line(each, before, after, names))]
    if thing.model is ArticleDetails and fate == "changed" and before.article_id in names.texts:
        parts = parts_of_lines(before.blocks, after.blocks, names.texts[before.article_id])
        lines += [Line(*part) for part in parts[:LINES]]
        lines += [Line(f"and {len(parts) - LINES:,} lines more", "", "")] * (len(parts) > LINES)
    title = COMES_TO if _follows(thing) else what(thing.model, after or before, names)
    return Told(title, fate, words[fate], lines)


def _line(each: Field, before: Any, after: Any, names: Names) -> Line | None:
    """None where there is nothing to tell: the same as before, or empty."""
    was, now = (each.say(getattr(row, each.name), names) if row else "" for row in (before, after))
    if was == now or (each.name == "span_id" and not (before and after)):
        return None
    if not each.is_prose or not was or not now:
        return Line(each.label, was, now)
    changes = word_diff(was, now)
    kept = sum(len(change.text) for change in changes if change.kind == "kept")
    if kept < COMMON_GROUND * max(len(was), len(now)):
        return Line(each.label, was, now)
    if all(change.kind == "kept" for change in changes):
        return Line(each.label, was, now, hint=SAME)
    return Line(each.label, was, now, diff=mark_safe(diffed(changes, in_words(changes))))  # noqa: S308
