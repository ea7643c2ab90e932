"""Where else a claim may be told: other claims of the collection with its figures or names. Whether they tell the same
is for people to say."""

from typing import Any

from annotations import access, access_articles
from annotations.domain.alike import alike, looked_for, told
from annotations.models import ArticleDetails, Revision
from annotations.models.words import NEWEST, quotes_with
from annotations.views.card import headline
from annotations.views.reading import COLUMNS, Claim, Reading, page_url, seen

LOOKED = 60
"""So many claims with a figure, the newest, are compared."""


def tellings(at: Reading, claim: Claim) -> list[dict[str, Any]]:
    text, language = at.kept.text, at.kept.details.language
    found: dict[int, tuple[Any, ...]] = {}
    for terms in looked_for(text, claim.start, claim.end, language):
        rows = access.claims(at.seat).filter(quotes_with(terms)).order_by(NEWEST)
        columns = (*COLUMNS, "span__article", "span__quote")
        found |= {row[0]: row for row in rows.values_list(*columns)[:LOOKED]}
    others = {span: row for span, row in found.items() if not _is_here(at, claim, row)}
    order = alike(text[claim.start : claim.end], ((span, row[-1]) for span, row in others.items()))
    return _lines(at, [others[span] for span in order])


def _is_here(at: Reading, claim: Claim, row: tuple[Any, ...]) -> bool:
    """The claim itself, or one that overlaps it."""
    return row[-2] == at.article_id and row[1] < claim.end and row[2] > claim.start


def _lines(at: Reading, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    shown = {each.id: each for each in seen(at, (row[:-2] for row in rows))}
    told_in = access.articles(at.seat).filter(article__in={row[-2] for row in rows})
    details = {each.article_id: each for each in told_in} if rows else {}
    return [_line(at, shown[row[0]], row[-1], details.get(row[-2])) for row in rows]


def _line(at: Reading, claim: Claim, words: str, details: ArticleDetails | None) -> dict[str, Any]:
    found = told(words)
    return {
        "url": page_url(at, claim.id),
        "id": claim.id,
        "words": words,
        "title": str(details) if details else "",
        "outlet": details.publisher if details else "",
        "published_on": details.published_on if details else None,
        "figures": ", ".join(dict.fromkeys(found.figures)),
        "dates": ", ".join(dict.fromkeys(found.dates)),
        "state": headline(at, claim),
        "tone": claim.tone,
    }


def other_articles(at: Reading) -> int:
    """How many there are to be checked, beside this one."""
    home = at.seat.collection
    head = Revision.objects.filter(collection=home, number=home.head)
    every = head.values_list("articles", flat=True).first() or 1
    return max(0, every - access_articles.reference_counts([home.pk]).get(home.pk, 0) - 1)
