"""Citing sources for a claim."""

from dataclasses import asdict, dataclass, field
from typing import Any

from annotations.models import Article, Collection, Evidence, Source, SourceDetails, Stance, User
from annotations.models.versions import LIVE
from annotations.services import states
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, insert_row

DESK_KINDS = frozenset({Source.Kind.PERSON, Source.Kind.DOCUMENT, Source.Kind.IMAGE})
DETAILS = frozenset(
    "title publisher url archived_url captured_at published_on accessed_on file person_role note".split()
)


@dataclass(frozen=True, slots=True)
class NewSource:
    """`details`: fields of SourceDetails. `tier` "" takes the kind's default: people and documents are desk."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    tier: str = ""
    article_id: int | None = None


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
    _check(collection, source, citation)
    named = asdict(source) if isinstance(source, NewSource) else source
    digest = digest_of(do="cite", span=span_id, source=named, citation=asdict(citation)) if key else None
    try:
        with commit(
            collection, author=author, action="add-source", idempotency_key=key, digest=digest
        ) as revision:
            work = _live_work(collection, span_id)
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
    key: str | None = None,
) -> Cited:
    """Change what the citation says, and, where given, what the source itself is (for every claim that cites it)."""
    if citation.stance not in Stance.values:
        raise Invalid(f"What a source does is one of {', '.join(Stance.values)}.", "stance")
    row = live_evidence(collection, evidence_key)
    same = row.pk == base and asdict(citation) == {name: getattr(row, name) for name in asdict(citation)}
    if same and not source_details:
        return Cited(row.key, row.pk, row.span_id, row.created_in, changed=False)
    digest = (
        digest_of(do="recite", key=evidence_key, base=base, to=asdict(citation), source=source_details)
        if key
        else None
    )
    try:
        with commit(
            collection, author=author, action="edit-source", idempotency_key=key, digest=digest
        ) as revision:
            row = _base_evidence(collection, evidence_key, base)
            revision.retire(Evidence, row.pk)
            kept = {
                "key": row.key,
                "span_id": row.span_id,
                "source_id": row.source_id,
                "added_by_id": row.added_by_id,
            }
            version = revision.insert(Evidence, **kept, **asdict(citation))
            touched = {row.span_id}
            if source_details:
                touched |= _change_source(revision, row.source_id, source_details)
            for span_id in sorted(touched):
                states.renew(revision, span_id, states.work_on(span_id, collection.pk))
            revision.result = {"span": row.span_id, "evidence": row.key, "version": version}
    except Replayed as replay:
        done = replay.result
        return Cited(done["evidence"], done["version"], done["span"], replay.number, changed=False)
    return Cited(row.key, version, row.span_id, revision.number)


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
    revision.insert(SourceDetails, source_id=source_id, **source.details)
    return source_id


def _change_source(revision: Commit, source_id: int, changes: dict[str, Any]) -> set[int]:
    """Returns the spans of the live claims that cite the source."""
    row = SourceDetails.objects.current().get(source=source_id)
    revision.retire(SourceDetails, row.pk)
    revision.insert(
        SourceDetails, source_id=source_id, **{name: getattr(row, name) for name in DETAILS} | changes
    )
    return set(Evidence.objects.current().filter(source=source_id).values_list("span_id", flat=True))


def _check(collection: Collection, source: int | NewSource, citation: Citation) -> None:
    if citation.stance not in Stance.values:
        raise Invalid(f"What a source does is one of {', '.join(Stance.values)}.", "stance")
    if isinstance(source, int):
        if not SourceDetails.objects.current().filter(collection=collection, source=source).exists():
            raise NotThere("There is no such source in this collection.")
        return
    if source.kind not in Source.Kind.values:
        raise Invalid(f"The kind of a source is one of {', '.join(Source.Kind.values)}.", "kind")
    if source.tier and source.tier not in Source.Tier.values:
        raise Invalid(f"The tier of a source is one of {', '.join(Source.Tier.values)}.", "tier")
    _check_article(collection, source)
    if (
        not any(source.details.get(name) for name in ("title", "url", "note", "person_role"))
        and not source.article_id
    ):
        raise Invalid("Name the source: a title, an address or a note.", "title")


def _check_article(collection: Collection, source: NewSource) -> None:
    if source.kind == Source.Kind.ARTICLE:
        if not Article.objects.filter(
            pk=source.article_id or 0, collection=collection, versions__retired_in=LIVE
        ).exists():
            raise Invalid("Choose an article of this collection.", "article")
    elif source.article_id is not None:
        raise Invalid("Only a source of kind article names an article.", "article")
