"""Undo of any revision: retire what it created, insert again what it retired, in a new revision."""

from annotations.models import (
    VERSION_MODELS,
    Annotation,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    SourceDetails,
    User,
    VersionRow,
)
from annotations.models.versions import LIVE
from annotations.services import settings, states
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.ledger import Commit, Replayed, commit, digest_of

LASTING = "create"
"""The revision that a collection begins with; without it there is no collection."""


def undo(collection: Collection, *, author: User, number: int, key: str | None = None) -> int:
    """Returns the number of the new revision. OthersWork names what depends on what would go.

    Who may undo whose revision is for `access.undoable` to say.
    """
    digest = digest_of(do="undo", number=number) if key else None
    try:
        with commit(collection, author=author, action="undo", idempotency_key=key, digest=digest) as revision:
            target = Revision.objects.filter(collection=collection, number=number).first()
            if target is None:
                raise NotThere("There is no such change in this collection.")
            if target.action == LASTING:
                raise Invalid("The beginning of a collection cannot be undone.")
            touched = _reverse(revision, number)
            revision.result = {"undone": number, "spans": sorted(touched)}
    except Replayed as replay:
        return replay.number
    return revision.number


def _reverse(revision: Commit, number: int) -> set[int]:
    """Returns the ids of the claims touched."""
    created = {model: _rows(model, revision, created_in=number) for model in VERSION_MODELS}
    retired = {model: _rows(model, revision, retired_in=number) for model in VERSION_MODELS}
    _refuse_superseded(created, retired, number)
    _refuse_dependents(created, retired, number)
    for model in VERSION_MODELS:
        if model is not ClaimState:
            _swap(revision, model, created[model], retired[model])
    if created[CollectionSettings]:
        undone, again = created[CollectionSettings][0], retired[CollectionSettings][0]
        changed = {name for name in settings.FIELDS if getattr(undone, name) != getattr(again, name)}
        return settings.settings_changed(revision, changed)
    return _renew_claims(revision, created, retired)


def _rows(model: type[VersionRow], revision: Commit, **when: int) -> list[VersionRow]:
    return list(model._base_manager.filter(collection=revision.collection, **when).order_by("pk"))


def _swap(
    revision: Commit, model: type[VersionRow], created: list[VersionRow], retired: list[VersionRow]
) -> None:
    for row in created:
        revision.retire(model, row.pk)
    for row in retired:
        revision.insert(model, **payload(row))


def payload(row: VersionRow) -> dict[str, object]:
    """What a version row says, without its place in time: insert it again to say so again."""
    place = {"id", "collection_id", "created_in", "retired_in"}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in place
    }


def _key_of(row: VersionRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _key_names(row))


def _key_names(row: VersionRow) -> list[str]:
    return [field.attname for field in row._meta.concrete_fields if field.name in row.KEY]


Rows = dict[type[VersionRow], list[VersionRow]]


def _refuse_superseded(created: Rows, retired: Rows, number: int) -> None:
    """What the revision wrote must still be live, and nothing live may stand where it took something away."""
    later = set()
    for model in VERSION_MODELS:
        if model is ClaimState:
            continue
        later |= {row.retired_in for row in created[model] if row.retired_in != LIVE}
        replaced = {_key_of(row) for row in created[model]}
        for row in retired[model]:
            if _key_of(row) not in replaced:
                where = dict(zip(_key_names(row), _key_of(row), strict=True))
                live = model._base_manager.filter(retired_in=LIVE).filter(**where)
                later |= set(live.values_list("created_in", flat=True))
    if later:
        lines = [f"change {n} came later and builds on it" for n in sorted(later)]
        raise OthersWork(f"Change {number} cannot be undone any more: undo what came later first.", lines)


def _refuse_dependents(created: Rows, retired: Rows, number: int) -> None:
    depends = [
        *_on_marks(created, retired, number),
        *_on_articles(created, retired),
        *_on_sources(created, retired, number),
    ]
    depends += _on_missing_claims(retired, number)
    if depends:
        raise OthersWork(f"Change {number} cannot be undone: later work depends on it.", depends)


def _on_marks(created: Rows, retired: Rows, number: int) -> list[str]:
    """Work on claims that came into being with the revision."""
    before = {_span(row) for row in retired[ClaimState]}
    spans = [_span(row) for row in created[ClaimState] if _span(row) not in before]
    found = []
    for model, words in ((Annotation, "an opinion"), (Evidence, "a source"), (Ruling, "a decision")):
        live = model._base_manager.filter(span__in=spans, retired_in=LIVE).exclude(created_in=number)
        found += [
            f"{words} of claim {span} (change {n})" for span, n in live.values_list("span_id", "created_in")
        ]
    kept = {_span(row) for row in ClaimState.objects.current().filter(span__in=spans).only("span_id")}
    gone = [span for span in spans if span not in kept]
    return found + [f"claim {span} was taken away later" for span in gone]


def _on_articles(created: Rows, retired: Rows) -> list[str]:
    before = {_key_of(row) for row in retired[ArticleDetails]}
    articles = [row.article_id for row in created[ArticleDetails] if _key_of(row) not in before]  # type: ignore[attr-defined]
    live = ClaimState.objects.current().filter(span__article__in=articles).values_list("span_id", flat=True)
    cited = Evidence.objects.current().filter(source__article__in=articles).values_list("span_id", flat=True)
    return [f"claim {span} is marked in it" for span in live] + [f"claim {span} cites it" for span in cited]


def _on_sources(created: Rows, retired: Rows, number: int) -> list[str]:
    before = {_key_of(row) for row in retired[SourceDetails]}
    sources = [row.source_id for row in created[SourceDetails] if _key_of(row) not in before]  # type: ignore[attr-defined]
    live = Evidence.objects.current().filter(source__in=sources).exclude(created_in=number)
    return [
        f"claim {span} cites the source (change {n})" for span, n in live.values_list("span_id", "created_in")
    ]


def _on_missing_claims(retired: Rows, number: int) -> list[str]:
    """Opinions, sources and decisions cannot come back to a claim that has gone since."""
    coming_back = {_span(row) for row in retired[ClaimState]}
    spans = {_span(row) for model in (Annotation, Evidence, Ruling) for row in retired[model]} - coming_back
    live = set(ClaimState.objects.current().filter(span__in=spans).values_list("span_id", flat=True))
    return [f"claim {span} is no longer marked" for span in sorted(spans - live)]


def _renew_claims(revision: Commit, created: Rows, retired: Rows) -> set[int]:
    """Claim states are derived anew rather than revived; a claim that began with the revision ends."""
    before = {_span(row): row for row in retired[ClaimState]}
    after = {_span(row): row for row in created[ClaimState]}
    touched = before.keys() | after.keys() | _cited(created, retired)
    for span_id in sorted(touched):
        work = states.work_on(span_id, revision.collection.pk)
        if span_id in after and span_id not in before:
            states.retire(revision, work)
        elif span_id in before and _checkable(before[span_id]) != _checkable(after.get(span_id)):
            row = before[span_id]
            states.renew(revision, span_id, work, not_checkable=not _checkable(row), reason=row.reason)  # type: ignore[attr-defined]
        else:
            states.renew(revision, span_id, work)
    return touched


def _cited(created: Rows, retired: Rows) -> set[int]:
    """Claims whose source's details changed."""
    sources = {row.source_id for rows in (created, retired) for row in rows[SourceDetails]}  # type: ignore[attr-defined]
    return set(Evidence.objects.current().filter(source__in=sources).values_list("span_id", flat=True))


def _checkable(state: VersionRow | None) -> bool:
    return state is None or state.status != states.NOT_CHECKABLE  # type: ignore[attr-defined]


def _span(row: VersionRow) -> int:
    return row.span_id  # type: ignore[attr-defined]
