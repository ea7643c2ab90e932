"""Resources as the API gives them. Claims are rows of `exports.rows`."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from annotations import access
from annotations.access import Seat
from annotations.domain.offsets import Utf16
from annotations.exports.parts import EVIDENCE, with_source
from annotations.exports.rows import FORMER, STATE, Builder, Row, evidence_row, states
from annotations.exports.utf16 import utf16_of
from annotations.models import (
    LIVE,
    Annotation,
    ArticleDetails,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
)
from annotations.models.versions import VersionRow


def collection(settings: CollectionSettings, role: str, head: int) -> Row:
    return {
        "slug": settings.collection.slug,
        "name": settings.name,
        "description": settings.description,
        "language": settings.language,
        "license": settings.license,
        "blind": settings.blind,
        "reviews_needed": settings.reviews_needed,
        "verified_needs_source": settings.verified_needs_source,
        "text_exportable": settings.text_exportable,
        "role": role,
        "head": head,
        "epoch": settings.collection.epoch,
    }


ARTICLE = {
    "id": "article_id",
    "title": "title",
    "publisher": "publisher",
    "byline": "byline",
    "published_on": "published_on",
    "url": "url",
    "language": "language",
    "direction": "direction",
    "role": "role",
    "sha256": "article__sha256",
    "supersedes": "article__supersedes_id",
    "derived_from": "derived_from",
    "revision": "created_in",
}
"""Key of an article → where its details have it."""


def article(details: ArticleDetails) -> Row:
    return {key: attrgetter(path.replace("__", "."))(details) for key, path in ARTICLE.items()}


def whole_article(seat: Seat, details: ArticleDetails) -> Row:
    """With text and blocks; both are null where the collection keeps its texts in (access.text_of)."""
    text = access.text_of(seat, details.article)
    utf16 = utf16_of({details.article_id: details.article.sha256})[details.article_id]
    blocks = None if text is None else [_block(block, utf16) for block in details.blocks]
    return article(details) | {"text": text, "blocks": blocks}


def _block(block: dict[str, Any], utf16: Utf16) -> Row:
    return {
        "start": block["start"],
        "end": block["end"],
        "start_utf16": utf16.at(block["start"]),
        "end_utf16": utf16.at(block["end"]),
        "role": block["role"],
        "reason": block.get("reason", ""),
        "sentences": block.get("sentences", []),
    }


def claims(seat: Seat, found: list[tuple[Any, ...]], at: int | None = None) -> list[Row]:
    """`found`: values of STATE."""
    return Builder(seat, seat.collection.head if at is None else at).rows(found)


def claim(seat: Seat, span_id: int, at: int | None = None) -> Row | None:
    """As it is now, or was at a revision: None where the person sees no such claim."""
    if at is None:
        seat.collection.refresh_from_db(fields=["head", "epoch"])
        at = seat.collection.head
        seat = replace(seat, spoken_by=at)
    found = states(seat, at).filter(span=span_id).values_list(*STATE)
    return next(iter(claims(seat, list(found), at)), None)


def opinion(row: Annotation) -> Row:
    return {
        "span": row.span_id,
        "verdict": row.verdict,
        "why": row.why,
        "problem": row.problem,
        "should_read": row.should_read,
        "must_fix": row.must_fix,
        "confidence": row.confidence,
        "at": written_at(row),
        "revision": row.created_in,
    }


def evidence(seat: Seat, row: Evidence) -> Row:
    values = with_source(Evidence.objects.filter(pk=row.pk), LIVE - 1).values_list(*EVIDENCE).get()
    about = evidence_row(values)
    names = access.public_names(seat)
    return {
        "span": row.span_id,
        **about,
        "tier": row.source.tier,
        "added_by": names.get(row.added_by_id or 0, FORMER),
        "at": written_at(row),
        "revision": row.created_in,
    }


def ruling(seat: Seat, row: Ruling) -> Row:
    return {
        "span": row.span_id,
        "verdict": row.verdict,
        "rationale": row.rationale,
        "editor": access.public_names(seat).get(row.editor_id, FORMER),
        "at": written_at(row),
        "should_read": row.should_read,
        "true_as_of": row.true_as_of,
        "check_again_on": row.check_again_on,
        "revision": row.created_in,
    }


def written_at(row: VersionRow) -> Any:
    revisions = Revision.objects.filter(collection=row.collection_id, number=row.created_in)
    return revisions.values_list("created_at", flat=True).get()
