"""Bringing an article in, and correcting what is known about it."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from annotations.domain.text import sha256
from annotations.models import Article, ArticleDetails, ClaimState, Collection, User
from annotations.models.versions import LIVE
from annotations.services.errors import DuplicateText, Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, insert_row


@dataclass(frozen=True, slots=True)
class Details:
    """Fields of ArticleDetails, see there for `blocks` and `derived_from`."""

    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_on: date | None = None
    url: str = ""
    language: str = ""
    direction: str = "ltr"
    role: str = "checked"
    blocks: list[dict[str, Any]] = field(default_factory=list)
    derived_from: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stored:
    article_id: int
    version: int
    """id of the details' version row: the base of the next edit"""
    revision: int
    changed: bool = True


def import_article(
    collection: Collection,
    *,
    author: User | None,
    text: str,
    details: Details,
    supersedes: int | None = None,
    key: str | None = None,
) -> Stored:
    """Store a text, already normalised by `domain.text.normalize`. The same text twice: DuplicateText."""
    check_blocks(text, details.blocks)
    digest_hex = sha256(text)
    digest = _import_digest(digest_hex, details, supersedes) if key else None
    try:
        with commit(
            collection, author=author, action="import", idempotency_key=key, digest=digest
        ) as revision:
            _check_superseded(collection, supersedes)
            article_id = _identity(revision, text, digest_hex, supersedes)
            version = revision.insert(ArticleDetails, article_id=article_id, **asdict(details))
            revision.articles += 1
            revision.result = {"article": article_id, "version": version}
    except Replayed as replay:
        return Stored(replay.result["article"], replay.result["version"], replay.number, changed=False)
    return Stored(article_id, version, revision.number)


def import_several(
    collection: Collection, *, author: User, brought: list[tuple[str, Details]], key: str | None = None
) -> list[int]:
    """Store these texts, all different, in one revision: all or none. Returns the articles' ids."""
    for text, details in brought:
        check_blocks(text, details.blocks)
    named = [(sha256(text), details) for text, details in brought]
    digest = _several_digest(named) if key else None
    try:
        with commit(
            collection, author=author, action="import", idempotency_key=key, digest=digest
        ) as revision:
            ids = []
            for (text, _), (digest_hex, details) in zip(brought, named, strict=True):
                ids.append(_identity(revision, text, digest_hex, None))
                revision.insert(ArticleDetails, article_id=ids[-1], **asdict(details))
            revision.articles += len(ids)
            revision.result = {"article": ids[0], "articles": ids}
    except Replayed as replay:
        return list(replay.result["articles"])
    return ids


def edit_details(
    collection: Collection,
    *,
    author: User,
    article_id: int,
    base: int,
    changes: dict[str, Any],
    key: str | None = None,
) -> Stored:
    """`base`: id of the details' version that the author saw. `changes`: fields of Details."""
    if unknown := sorted(changes.keys() - Details.__dataclass_fields__.keys()):
        raise Invalid(f"No such detail of an article: {', '.join(unknown)}.", unknown[0])
    if "blocks" in changes and (text := _text_of(collection, article_id)) is not None:
        check_blocks(text, changes["blocks"])
    digest = digest_of(do="details", article=article_id, base=base, changes=changes) if key else None
    try:
        with commit(
            collection, author=author, action="edit-details", idempotency_key=key, digest=digest
        ) as revision:
            row = ArticleDetails.objects.current().filter(collection=collection, article=article_id).first()
            if row is None:
                raise NotThere("There is no such article in this collection.")
            if row.pk != base:
                raise Stale(row)
            _check_role(row, changes)
            before = {name: getattr(row, name) for name in Details.__dataclass_fields__}
            if before == before | changes:
                raise _Unchanged(Stored(article_id, row.pk, row.created_in, changed=False))
            revision.retire(ArticleDetails, row.pk)
            version = revision.insert(ArticleDetails, article_id=article_id, **before | changes)
            revision.result = {"article": article_id, "version": version}
    except Replayed as replay:
        return Stored(article_id, replay.result["version"], replay.number, changed=False)
    except _Unchanged as same:
        return same.stored
    return Stored(article_id, version, revision.number)


def _check_role(row: ArticleDetails, changes: dict[str, Any]) -> None:
    """A reference text has no claims: nobody is asked to check one."""
    if changes.get("role") != ArticleDetails.Role.REFERENCE or row.is_reference:
        return
    if marked := ClaimState.objects.current().filter(span__article=row.article_id).count():
        claims = "1 claim is" if marked == 1 else f"{marked} claims are"
        raise Invalid(f"{claims} marked in it: a reference text has none. Remove the marks first.", "role")


def _text_of(collection: Collection, article_id: int) -> str | None:
    texts = Article.objects.filter(pk=article_id, collection=collection).values_list("text", flat=True)
    return texts.first()


def _import_digest(text_sha256: str, details: Details, supersedes: int | None) -> str:
    return digest_of(do="import", sha256=text_sha256, details=asdict(details), supersedes=supersedes)


def _several_digest(named: list[tuple[str, Details]]) -> str:
    return digest_of(do="import-several", brought=[(digest, asdict(details)) for digest, details in named])


class _Unchanged(Exception):
    def __init__(self, stored: Stored) -> None:
        self.stored = stored


def find_text(collection: Collection, text: str) -> int | None:
    """The id of the live article with this text."""
    return (
        Article.objects.filter(collection=collection, sha256=sha256(text), versions__retired_in=LIVE)
        .values_list("pk", flat=True)
        .first()
    )


def check_blocks(text: str, blocks: list[dict[str, Any]]) -> None:
    """Blocks lie in the text, in order, without overlap, and leave out white space alone."""
    at = 0
    for block in [*blocks, {"start": len(text), "end": len(text)}]:
        start, end = block["start"], block["end"]
        if not at <= start <= end <= len(text) or text[at:start].strip():
            raise Invalid("The blocks do not cover the text. Import it again.", "blocks")
        at = end


def _identity(revision: Commit, text: str, digest_hex: str, supersedes: int | None) -> int:
    """The row for this text: a new one, or that of an import since undone."""
    known = (
        Article.objects.filter(collection=revision.collection, sha256=digest_hex)
        .values_list("pk", "supersedes")
        .first()
    )
    if known is None:
        return insert_row(
            Article,
            collection_id=revision.collection.pk,
            text=text,
            sha256=digest_hex,
            supersedes_id=supersedes,
        )
    article_id, replaced = known
    if ArticleDetails.objects.current().filter(article=article_id).exists():
        raise DuplicateText(article_id)
    if supersedes != replaced:
        words = f"article {replaced}" if replaced else "no other"
        raise Invalid(f"This text was here before and replaced {words}: import it as it was.", "supersedes")
    return article_id


def _check_superseded(collection: Collection, article_id: int | None) -> None:
    if (
        article_id
        and not ArticleDetails.objects.current().filter(article=article_id, collection=collection).exists()
    ):
        raise Invalid("The article that this one replaces is not in this collection.", "supersedes")
