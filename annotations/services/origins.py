"""What tells of a source where it comes from (domain/origins), of sources cited for claims."""

from collections.abc import Sequence
from typing import NamedTuple

from annotations.domain.origins import Mark, marks
from annotations.models import ArticleDetails


class Known(NamedTuple):
    """What a source says of itself. `article`: the article of the collection that it is."""

    source: int
    publisher: str
    url: str
    article: int | None


def marks_of(sources: Sequence[Known]) -> list[frozenset[Mark]]:
    """Of each its marks; of an article also those of itself and of what it descends from. One query, where there is
    an article among them."""
    lineage = _lineage({each.article for each in sources if each.article})
    return [
        marks(each.publisher, each.url, each.article)
        | {("source", str(each.source))}
        | lineage.get(each.article or 0, frozenset())
        for each in sources
    ]


def _lineage(articles: set[int]) -> dict[int, frozenset[Mark]]:
    if not articles:
        return {}
    rows = ArticleDetails.objects.current().filter(article__in=articles)
    return {
        article: marks(publisher, url).union(*(_of_origin(each) for each in derived_from))
        for article, publisher, url, derived_from in rows.values_list(
            "article", "publisher", "url", "derived_from"
        )
    }


def _of_origin(origin: dict[str, object]) -> frozenset[Mark]:
    article = origin.get("article")
    return marks(
        str(origin.get("publisher") or ""),
        str(origin.get("url") or ""),
        article if isinstance(article, int) else None,
    )
