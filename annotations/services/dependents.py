"""What stands in the way of undoing: live work that would be left without what it is on, or come back without it.

Each line goes with the change that cannot be undone because of it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from annotations.models import (
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimLink,
    ClaimState,
    Comment,
    Evidence,
    Mention,
    Ruling,
    Source,
    SourceDetails,
)
from annotations.services import attached, links
from annotations.services.lineage import among
from annotations.services.reversal import Model, Reversal

Line = tuple[int, str]
WORK: tuple[tuple[type[Any], str], ...] = (
    (Annotation, "an opinion"),
    (Evidence, "a source"),
    (Ruling, "a decision"),
    *((model, words) for model, _, words in attached.WORDS),
)


def dependents(change: Reversal) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    for number, line in _lines(change):
        said = lines.setdefault(number, [])
        if line not in said:
            said.append(line)
    return lines


def _lines(change: Reversal) -> Iterator[Line]:
    home = _homes(change)
    yield from _on_marks(change)
    yield from _on_articles(change, home)
    yield from _on_references(change, home)
    yield from _on_sources(change)
    yield from links.staying(change.gone(ClaimState), change.going(ClaimLink))
    yield from _missing_claims(change)
    yield from _missing_articles(change, home)
    yield from _missing_comments(change)
    yield from _missing_sources(change)
    yield from links.homeless(
        change.coming(ClaimLink), set(change.gone(ClaimState)), set(change.back(ClaimState))
    )


def _homes(change: Reversal) -> list[tuple[int, int]]:
    """(claim, article) of the claims that come back."""
    rows = [change.marks[span].before.pk for span in change.back(ClaimState)]  # type: ignore[union-attr]
    parts = among(ClaimState.objects.all(), "pk", rows)
    return sorted(pair for part in parts for pair in part.values_list("span_id", "span__article_id"))


def _left(change: Reversal, model: Any, field: str, things: Iterable[int], *names: str) -> list[Any]:
    """Rows that would be there: live ones on these things that stay, and whatever comes back."""
    going = change.going(model)
    parts = among(model.objects.current(), field, things)
    rows = (
        row for part in parts for row in part.values_list("pk", "span_id", "created_in", *names, named=True)
    )
    left: list[Any] = [row for row in rows if row.pk not in going] + [row for _, row in change.coming(model)]
    return sorted(left, key=lambda row: (row.span_id, row.created_in, row.pk))


def _on_marks(change: Reversal) -> Iterator[Line]:
    """Work on claims that go."""
    gone = change.gone(ClaimState)
    for model, words in WORK:
        for row in _left(change, model, "span", gone):
            if row.span_id in gone:
                yield gone[row.span_id], f"{words} of claim {row.span_id} (change {row.created_in})"


def _on_articles(change: Reversal, home: list[tuple[int, int]]) -> Iterator[Line]:
    gone, claims = change.gone(ArticleDetails), change.gone(ClaimState)
    for span, article in sorted([*_claims_in(gone), *home]):
        if article in gone and span not in claims:
            yield gone[article], f"claim {span} is marked in it"
    rows = _left(change, Evidence, "source__article", gone, "source_id")
    articles = _article_of(rows)
    for row in rows:
        if articles.get(row.source_id) in gone:
            yield gone[articles[row.source_id]], f"claim {row.span_id} cites it"


def _claims_in(articles: Iterable[int]) -> list[tuple[int, int]]:
    """(claim, article) of the live claims."""
    parts = among(ClaimState.objects.current(), "span__article", articles)
    return [pair for part in parts for pair in part.values_list("span_id", "span__article_id")]


def _on_references(change: Reversal, home: list[tuple[int, int]]) -> Iterator[Line]:
    """A reference text has no claims: none comes back to one, and no article with claims becomes one again."""
    coming = {row.article_id: (number, row.is_reference) for number, row in change.coming(ArticleDetails)}
    again = {article: number for article, (number, is_reference) in coming.items() if is_reference}
    gone, back = change.gone(ClaimState), change.back(ClaimState)
    for span, article in sorted([*_claims_in(again), *home]):
        if article in again and span not in gone:
            yield again[article], f"claim {span} is marked in it"
    now = set(_live(ArticleDetails, "article_id", {pk for _, pk in home}, role=ArticleDetails.Role.REFERENCE))
    for span, article in sorted(home, key=lambda pair: pair[::-1]):
        if article in now - coming.keys():
            yield back[span], f"article {article} is a reference text now"


def _on_sources(change: Reversal) -> Iterator[Line]:
    gone = change.gone(SourceDetails)
    for row in _left(change, Evidence, "source", gone, "source_id"):
        if row.source_id in gone:
            yield gone[row.source_id], f"claim {row.span_id} cites the source (change {row.created_in})"


def _missing_claims(change: Reversal) -> Iterator[Line]:
    """Opinions, sources and decisions do not come back to a claim that has gone since."""
    models: list[Model] = [Assignment, *(model for model, _ in WORK)]
    said = [(row.span_id, number) for model in models for number, row in change.coming(model) if row.span_id]
    missing = _absent(change, ClaimState, "span_id", {span for span, _ in said})
    for span, number in sorted(said):
        if span in missing:
            yield number, f"claim {span} is no longer marked"


def _missing_articles(change: Reversal, home: list[tuple[int, int]]) -> Iterator[Line]:
    """Claims, and where its checking stood, do not come back to an article that has gone since."""
    back = change.back(ClaimState)
    there = [(article, back[span]) for span, article in home]
    there += [
        (row.article_id, number)
        for model in (ArticleWork, Assignment)
        for number, row in change.coming(model)
    ]
    yield from _no_longer(there, change)


def _no_longer(articles: list[tuple[int, int]], change: Reversal) -> Iterator[Line]:
    missing = _absent(change, ArticleDetails, "article_id", {article for article, _ in articles})
    for article, number in sorted(articles):
        if article in missing:
            yield number, f"article {article} is no longer in the collection"


def _missing_comments(change: Reversal) -> Iterator[Line]:
    """Nobody is asked again by a comment that has gone since."""
    asked = {(row.collection_id, row.comment): number for number, row in change.coming(Mention)}
    back = {(row.collection_id, row.key) for _, row in change.coming(Comment)}
    live = {
        pair
        for part in among(Comment.objects.current(), "key", {key for _, key in asked.keys() - back})
        for pair in part.values_list("collection_id", "key")
    }
    for pair, number in asked.items():
        if pair not in back | live:
            yield number, "a comment was withdrawn"


def _missing_sources(change: Reversal) -> Iterator[Line]:
    """Evidence does not come back without its source, nor without the article that is the source."""
    coming = change.coming(Evidence)
    sources = {row.source_id for _, row in coming}
    missing = _absent(change, SourceDetails, "source_id", sources)
    articles = _article_of([row for _, row in coming])
    for number, row in coming:
        if row.source_id in missing:
            yield number, f"source {row.source_id} is no longer in the collection"
    cited = [(articles[row.source_id], number) for number, row in coming if row.source_id in articles]
    yield from _no_longer(cited, change)


def _article_of(rows: Iterable[Any]) -> dict[int, int]:
    """source → the article that it is"""
    sources = {row.source_id for row in rows}
    return {
        pk: article
        for part in among(Source.objects.filter(article__isnull=False), "pk", sources)
        for pk, article in part.values_list("pk", "article_id")
    }


def _absent(change: Reversal, model: Any, column: str, wanted: set[int]) -> set[int]:
    """Neither there nor coming back. What goes with the changes has its own lines."""
    return wanted - change.back(model).keys() - change.gone(model).keys() - _live(model, column, wanted)


def _live(model: Any, column: str, values: set[int], **where: Any) -> set[int]:
    return {
        value
        for part in among(model.objects.current().filter(**where), column, values)
        for value in part.values_list(column, flat=True)
    }
