"""What of a file's claims can be written into a collection, and where; of each other line, why not.

`placed` reads texts and looks at the lines themselves; `standing` what the collection has come to, under its lock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.domain.consensus import derive
from annotations.domain.offsets import find_in_context
from annotations.domain.text import context
from annotations.imports.claim_rows import ClaimRow, Decision, Read, SourceRow
from annotations.imports.json_lines import BadLine, Remark
from annotations.models import (
    Annotation,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Ruling,
    Source,
    SourceDetails,
    Span,
)
from annotations.services.errors import Invalid
from annotations.services.import_people import People
from annotations.services.ledger import check_text
from annotations.services.rulings import today

TEXTS_AT_ONCE = 50


class Told(NamedTuple):
    line: int
    what: str


@dataclass(slots=True)
class Placed:
    """A line that can be written. `people`: user ids, as the claim names them; `span`: of a mark that was taken away
    from the place; `sources`: source → the article that it is."""

    claim: ClaimRow
    article: int
    start: int
    end: int
    reviewers: list[int]
    editor: int | None
    sources: dict[SourceRow, int]
    prefix: str
    suffix: str
    span: int | None = None

    @property
    def place(self) -> tuple[int, int, int, str]:
        return self.article, self.start, self.end, self.claim.aspect


@dataclass(slots=True)
class Plan:
    """`faults`: lines that cannot be written; `notes`: what to know of others, `remarks` of the file; `there`: claims
    here already."""

    placed: list[Placed] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    there: int = 0

    def unfit(self, line: int, what: object) -> None:
        self.faults.append(Told(line, str(what)))


def placed(collection: Collection, people: People, read: Iterable[Read]) -> Plan:
    found, rows = Plan(), []
    for each in read:
        if isinstance(each, ClaimRow):
            rows.append(each)
        elif isinstance(each, Remark):
            found.remarks.append(each.words)
        else:
            found.unfit(*each)
    cited = _cited_articles(collection, rows)
    by_text = defaultdict(list)
    for row in rows:
        by_text[row.sha256].append(row)
    for sha256, article, role, text in _articles(collection, list(by_text)):
        for row in by_text.pop(sha256):
            try:
                found.placed.append(_placed(row, article, role, text, people, cited))
                if found.placed[-1].start != row.start:
                    found.notes.append(Told(row.line, _moved(found.placed[-1])))
            except (BadLine, Invalid) as bad:
                found.unfit(row.line, bad)
    found.faults += _without_article(collection, [row for some in by_text.values() for row in some])
    found.placed.sort(key=lambda each: each.claim.line)
    found.faults.sort()
    return found


def _articles(collection: Collection, texts: Sequence[str]) -> Iterator[tuple[str, int, str, str]]:
    """(sha256, id, role, text) of the live ones."""
    live = ArticleDetails.objects.current().filter(collection=collection, article__collection=collection)
    for first in range(0, len(texts), TEXTS_AT_ONCE):
        some = live.filter(article__sha256__in=texts[first : first + TEXTS_AT_ONCE])
        yield from some.values_list("article__sha256", "article_id", "role", "article__text")


def _placed(
    row: ClaimRow, article: int, role: str, text: str, people: People, cited: dict[SourceRow, list[int]]
) -> Placed:
    if role == ArticleDetails.Role.REFERENCE:
        raise BadLine(f"Article {article} is a reference text here: no claims are marked in one.")
    start, end = _anchored(row, text)
    _check_texts(row)
    _check_days(row.ruling)
    reviewers = [_person(people, review.reviewer) for review in row.reviews]
    if len(set(reviewers)) < len(reviewers):
        raise BadLine("Two of its reviews are one person's here. Say who each is.")
    editor = _person(people, row.ruling.editor, decide=True) if row.ruling else None
    if editor in reviewers:
        raise BadLine("Whoever decided it reviewed it too, which nobody may. Say who each is.")
    return Placed(
        row, article, start, end, reviewers, editor, _sources(row, cited), *context(text, start, end)
    )


def _anchored(row: ClaimRow, text: str) -> tuple[int, int]:
    if not row.quote.strip():
        raise BadLine("The quote is empty: a claim has words.")
    if text[row.start : row.end] == row.quote:
        return row.start, row.end
    anew = find_in_context(text, row.quote, row.prefix, row.suffix)
    if anew is None:
        raise BadLine(
            f"At {row.start}–{row.end} the text says “{text[row.start : row.end][:40]}”, not the quote, and the quote "
            "stands nowhere else, or more than once, between its prefix and suffix. Correct start and end, in code "
            "points."
        )
    return anew


def _moved(each: Placed) -> str:
    return f"placed anew at {each.start}–{each.end}, the only place where the quote stands in its context."


def _person(people: People, name: str, *, decide: bool = False) -> int:
    user = people.user(name)
    if user is None:
        raise BadLine(f"Nobody here is “{name[:60]}”. Say who it is.")
    if not people.may(user, decide=decide):
        here = "here" if decide or not people.blind else "here, where they check blind,"
        act = "decide" if decide else "review"
        raise BadLine(f"“{name[:60]}” is {people.roles[user]} {here} and may not {act}. Say who it is.")
    return user


def _check_texts(row: ClaimRow) -> None:
    """What one field or another cannot hold."""
    if row.ruling and not row.ruling.rationale.strip():
        raise BadLine("ruling.rationale is empty: a decision needs its reasons.")
    parts: list[tuple[Any, object, tuple[str, ...]]] = [(ClaimState, row, ("reason",))]
    parts += [(Annotation, review, ("why", "should_read")) for review in row.reviews]
    parts += [(Ruling, row.ruling, ("rationale", "should_read"))] if row.ruling else []
    for cited in row.evidence:
        parts.append((Evidence, cited, ("locator", "excerpt")))
        parts.append((SourceDetails, cited.source, ("title", "publisher", "url", "archived_url")))
    for model, part, names in parts:
        for name in names:
            check_text(model._meta.get_field(name), getattr(part, name))


def _check_days(said: Decision | None) -> None:
    """As of a decision that is made here, but that a day to check again may have come since."""
    if said is None or said.true_as_of is None:
        return
    if said.true_as_of > today():
        raise BadLine("ruling.true_as_of is a day to come: a decision is true as of today or an earlier day.")
    if said.check_again_on and said.check_again_on <= said.true_as_of:
        raise BadLine("ruling.check_again_on is to be later than true_as_of.")


def _cited_articles(collection: Collection, rows: Sequence[ClaimRow]) -> dict[SourceRow, list[int]]:
    """Sources that are articles, each with the live articles of the text that its row names, or where it names none, as
    those of earlier versions, of its title and publisher."""
    sources = {
        cited.source for row in rows for cited in row.evidence if cited.source.kind == Source.Kind.ARTICLE
    }
    texts = {source.article for source in sources if source.article}
    titles = {source.title for source in sources if source.title and not source.article}
    live = ArticleDetails.objects.current().filter(collection=collection)
    live = live.filter(Q(article__sha256__in=texts) | Q(title__in=titles))
    known = list(live.values_list("article_id", "article__sha256", "title", "publisher")) if sources else []
    return {
        source: [
            article
            for article, sha256, title, publisher in known
            if source.article == sha256
            or (not source.article and title == source.title and source.publisher in ("", publisher))
        ]
        for source in sources
    }


def _sources(row: ClaimRow, cited: dict[SourceRow, list[int]]) -> dict[SourceRow, int]:
    found = {}
    for source in {each.source for each in row.evidence}:
        if source.kind == Source.Kind.ARTICLE:
            if len(cited[source]) != 1:
                raise BadLine(_not_cited(source, len(cited[source])))
            found[source] = cited[source][0]
    return found


def _not_cited(source: SourceRow, found: int) -> str:
    if source.article:
        named = f"its text (sha256 {source.article[:12]}…)"
        return (
            f"It cites an article, “{source.title[:60]}”, and no article here has {named}. Import it first."
        )
    many = "several articles here have" if found else "no article here has"
    return f"It cites an article, and {many} the title “{source.title[:60]}”."


def _without_article(collection: Collection, rows: Sequence[ClaimRow]) -> list[Told]:
    titles = {row.title for row in rows if row.title}
    live = ArticleDetails.objects.current().filter(collection=collection, title__in=titles)
    same = dict(live.values_list("title", "article_id")) if titles else {}
    return [Told(row.line, _no_text(row, same.get(row.title))) for row in rows]


def _no_text(row: ClaimRow, article: int | None) -> str:
    if article is None:
        return f"No article here has its text (sha256 {row.sha256[:12]}…). Import the article first."
    return (
        f"Article {article}, “{row.title[:60]}”, has another text here (the file's has sha256 {row.sha256[:12]}…): "
        "claims are not carried from text to text. Import the text that they were marked in."
    )


def standing(collection: Collection, found: Plan) -> Plan:
    """The lines whose place is free, with what the others came to grief on."""
    now = Plan(faults=list(found.faults), notes=list(found.notes), remarks=found.remarks)
    articles = {each.article for each in found.placed}
    live = ArticleDetails.objects.current().filter(collection=collection, article__in=articles)
    there = set(live.values_list("article_id", flat=True))
    spans = _spans(articles, {each.start for each in found.placed})
    dead = [spans[each.place][0] for each in found.placed if each.place in spans]
    reviewed = _ever(Annotation.objects.all(), "reviewer", dead)
    decided = _ever(Ruling.objects.all(), "editor", dead)
    taken: dict[object, int] = {}
    for each in found.placed:
        line = each.claim.line
        each.span, is_live = spans.get(each.place, (None, False))
        if each.article not in there:
            now.unfit(line, f"Article {each.article} was taken away meanwhile.")
        elif is_live:
            now.there += 1
            now.notes.append(Told(line, f"is claim {each.span} here already, which is left as it is."))
        elif each.place in taken:
            now.notes.append(Told(line, f"is the claim of line {taken[each.place]} again: left out."))
        elif reviewed[each.span] & {each.editor} or decided[each.span] & set(each.reviewers):
            now.unfit(
                line,
                "Somebody would have reviewed and decided it, with what they said here before. Mark it anew.",
            )
        else:
            taken[each.place] = line
            now.placed.append(each)
    return now


def _spans(
    articles: Iterable[int], starts: Iterable[int]
) -> dict[tuple[int, int, int, str], tuple[int, bool]]:
    """Place → (span, whether it is a live claim)."""
    live = Exists(ClaimState.objects.current().filter(span=OuterRef("pk")))
    rows = Span.objects.filter(article__in=articles, start__in=starts).annotate(live=live).order_by()
    return {
        (article, start, end, aspect): (span, is_live)
        for article, start, end, aspect, span, is_live in rows.values_list(
            "article_id", "start", "end", "aspect", "pk", "live"
        )
    }


def _ever(rows: QuerySet[Any], person: str, spans: Sequence[int]) -> dict[int | None, set[int | None]]:
    found: dict[int | None, set[int | None]] = defaultdict(set)
    for span, who in rows.filter(span__in=spans).values_list("span_id", f"{person}_id").distinct():
        found[span].add(who)
    return found


def outcome(rule: CollectionSettings, claim: ClaimRow) -> tuple[str, str | None]:
    """(status, verdict) by this collection's settings."""
    return derive(
        verdicts=[review.verdict for review in claim.reviews],
        has_source=bool(claim.evidence),
        ruling=claim.ruling.verdict if claim.ruling else None,
        not_checkable=claim.status == "not_checkable",
        reviews_needed=rule.reviews_needed,
        verified_needs_source=rule.verified_needs_source,
    )
