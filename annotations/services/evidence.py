"""Citing sources for a claim."""

from dataclasses import asdict, dataclass, field
from typing import Any

from annotations.models import ArticleDetails, Collection, Evidence, Source, SourceDetails, Stance, User
from annotations.services import states
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, insert_row

DESK_KINDS = frozenset({Source.Kind.PERSON, Source.Kind.DOCUMENT, Source.Kind.IMAGE})
DETAILS = frozenset(
    "title publisher url archived_url captured_at published_on accessed_on person_role reached_how reached_on"
    " on_record note is_primary".split()
)


@dataclass(frozen=True, slots=True)
class NewSource:
    """`details`: fields of SourceDetails. `tier` "" takes the kind's default: people and documents are desk."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    tier: str = ""
    article_id: int | None = None
    file: str = ""
    """of an upload: its name, from `documents.keep` and from nowhere else"""

    def digested(self) -> dict[str, Any]:
        """What an idempotency key stands for; as it was before there were files, where there is none."""
        return {name: said for name, said in asdict(self).items() if said or name != "file"}


@dataclass(frozen=True, slots=True)
class Citation:
    stance: str = Stance.SUPPORTS
    locator: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    key: str
    version: int
    span_id: int
    revision: int
    changed: bool = True


def add_evidence(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    source: int | NewSource,
    citation: Citation = Citation(),
    key: str | None = None,
) -> Cited:
    """Cite a source already in the collection (its id) or a new one. `key`: the request's idempotency key."""
    _check(source, citation)
    named = source.digested() if isinstance(source, NewSource) else source
    digest = digest_of(do="cite", span=span_id, source=named, citation=asdict(citation)) if key else None
    try:
        with commit(
            collection, author=author, action="add-source", idempotency_key=key, digest=digest
        ) as revision:
            work = _live_work(collection, span_id)
            _require_source(collection, source)
            source_id = source if isinstance(source, int) else _new_source(revision, source)
            evidence_key = revision.new_key()
            version = revision.insert(
                Evidence,
                key=evidence_key,
                span_id=span_id,
                source_id=source_id,
                added_by_id=author.pk,
                **asdict(citation),
            )
            work.sources[version] = author.pk
            states.renew(revision, span_id, work)
            revision.result = {
                "span": span_id,
                "evidence": evidence_key,
                "version": version,
                "source": source_id,
            }
    except Replayed as replay:
        return Cited(
            replay.result["evidence"], replay.result["version"], span_id, replay.number, changed=False
        )
    return Cited(evidence_key, version, span_id, revision.number)


def edit_evidence(
    collection: Collection,
    *,
    author: User,
    evidence_key: str,
    base: int,
    citation: Citation,
    source_details: dict[str, Any] | None = None,
    source_base: int | None = None,
    key: str | None = None,
) -> Cited:
    """Change what the citation says, and, where given, what the source itself is (for every claim that cites it).

    `base`, `source_base`: ids of the versions of the evidence and of the source's details that the author saw; no
    `source_base`, whatever the details have become.
    """
    _check_stance(citation)
    _check_details(source_details or {})
    asked = {"to": asdict(citation), "source": source_details, "source_base": source_base}
    digest = digest_of(do="recite", key=evidence_key, base=base, **asked) if key else None
    try:
        with commit(
            collection, author=author, action="edit-source", idempotency_key=key, digest=digest
        ) as revision:
            row = _base_evidence(collection, evidence_key, base)
            details = _base_source(row.source_id, source_base)
            changes = {k: v for k, v in (source_details or {}).items() if getattr(details, k) != v}
            if details.file and not str(changes.get("note", "as before")).strip():
                raise Invalid("Say what it shows, for those who cannot see it.", "note")
            if not changes and _says(row) == asdict(citation):
                raise _Unchanged(Cited(row.key, row.pk, row.span_id, row.created_in, changed=False))
            version = _recite(revision, row, citation)
            touched = {row.span_id} | (_change_source(revision, details, changes) if changes else set())
            for span_id in sorted(touched):
                states.renew(revision, span_id, states.work_on(span_id, collection.pk))
            revision.result = {"span": row.span_id, "evidence": row.key, "version": version}
    except Replayed as replay:
        done = replay.result
        return Cited(done["evidence"], done["version"], done["span"], replay.number, changed=False)
    except _Unchanged as same:
        return same.cited
    return Cited(row.key, version, row.span_id, revision.number)


class _Unchanged(Exception):
    def __init__(self, cited: Cited) -> None:
        self.cited = cited


def _says(row: Evidence) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Citation.__dataclass_fields__}


def _recite(revision: Commit, row: Evidence, citation: Citation) -> int:
    revision.retire(Evidence, row.pk)
    return revision.insert(
        Evidence,
        key=row.key,
        span_id=row.span_id,
        source_id=row.source_id,
        added_by_id=row.added_by_id,
        **asdict(citation),
    )


def remove_evidence(
    collection: Collection, *, author: User, evidence_key: str, base: int, key: str | None = None
) -> Cited:
    digest = digest_of(do="uncite", key=evidence_key, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="remove-source", idempotency_key=key, digest=digest
        ) as revision:
            row = _base_evidence(collection, evidence_key, base)
            revision.retire(Evidence, row.pk)
            states.renew(revision, row.span_id, states.work_on(row.span_id, collection.pk))
            revision.result = {"span": row.span_id, "evidence": row.key, "version": row.pk}
    except Replayed as replay:
        done = replay.result
        return Cited(done["evidence"], done["version"], done["span"], replay.number, changed=False)
    return Cited(row.key, row.pk, row.span_id, revision.number)


def live_evidence(collection: Collection, evidence_key: str) -> Evidence:
    row = Evidence.objects.current().filter(collection=collection, key=evidence_key).first()
    if row is None:
        raise NotThere("There is no such source on a claim of this collection: it may have been removed.")
    return row


def _base_evidence(collection: Collection, evidence_key: str, base: int) -> Evidence:
    row = live_evidence(collection, evidence_key)
    if row.pk != base:
        raise Stale(row)
    return row


def _live_work(collection: Collection, span_id: int) -> states.Work:
    work = states.work_on(span_id, collection.pk)
    states.require_live(work)
    return work


def _new_source(revision: Commit, source: NewSource) -> int:
    tier = source.tier or (Source.Tier.DESK if source.kind in DESK_KINDS else Source.Tier.PUBLIC)
    source_id = insert_row(
        Source,
        collection_id=revision.collection.pk,
        kind=source.kind,
        article_id=source.article_id,
        tier=tier,
    )
    revision.insert(SourceDetails, source_id=source_id, file=source.file, **source.details)
    return source_id


def _base_source(source_id: int, base: int | None) -> SourceDetails:
    details = SourceDetails.objects.current().get(source=source_id)
    if base not in (None, details.pk):
        raise Stale(details)
    return details


def _change_source(revision: Commit, details: SourceDetails, changes: dict[str, Any]) -> set[int]:
    """Returns the spans of the live claims that cite the source."""
    merged = {name: getattr(details, name) for name in (*DETAILS, "file")} | changes
    _check_named(details.source.kind, merged)
    revision.retire(SourceDetails, details.pk)
    revision.insert(SourceDetails, source_id=details.source_id, **merged)
    citing = Evidence.objects.current().filter(source=details.source_id)
    return set(citing.values_list("span_id", flat=True))


def _check(source: int | NewSource, citation: Citation) -> None:
    """What can be said of the request before the lock, since nothing changes it."""
    _check_stance(citation)
    if isinstance(source, int):
        return
    if source.kind not in Source.Kind.values:
        raise Invalid(f"The kind of a source is one of {', '.join(Source.Kind.values)}.", "kind")
    if source.tier and source.tier not in Source.Tier.values:
        raise Invalid(f"The tier of a source is one of {', '.join(Source.Tier.values)}.", "tier")
    if source.kind != Source.Kind.ARTICLE and source.article_id is not None:
        raise Invalid("Only a source of kind article names an article.", "article")
    _check_details(source.details)
    _check_named(source.kind, source.details)


def _check_named(kind: str, details: dict[str, Any]) -> None:
    named = any(str(details.get(name) or "").strip() for name in ("title", "url", "note", "person_role"))
    if not named and kind != Source.Kind.ARTICLE:
        raise Invalid("Name the source: a title, an address or a note.", "title")


def _check_stance(citation: Citation) -> None:
    if citation.stance not in Stance.values:
        raise Invalid(f"What a source does is one of {', '.join(Stance.values)}.", "stance")


def _check_details(details: dict[str, Any]) -> None:
    if unknown := sorted(details.keys() - DETAILS):
        raise Invalid(f"No such detail of a source: {', '.join(unknown)}.", unknown[0])


def _require_source(collection: Collection, source: int | NewSource) -> None:
    """The source, and the article that it may be, are in the collection now: asked under the lock."""
    if isinstance(source, NewSource):
        if source.kind == Source.Kind.ARTICLE and not _has_article(collection, source.article_id):
            raise Invalid("Choose an article of this collection.", "article")
        return
    live = SourceDetails.objects.current().filter(collection=collection, source=source)
    found = live.values_list("source__article", flat=True)
    if not found or (found[0] is not None and not _has_article(collection, found[0])):
        raise NotThere("There is no such source in this collection.")


def _has_article(collection: Collection, article_id: int | None) -> bool:
    live = ArticleDetails.objects.current().filter(collection=collection)
    return article_id is not None and live.filter(article=article_id).exists()
