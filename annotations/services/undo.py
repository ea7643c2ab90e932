"""Undo of any revision: retire what stands by it, insert again what it retired, in a new revision."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotations.models import (
    VERSION_MODELS,
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Comment,
    Evidence,
    Mention,
    Revision,
    Ruling,
    SentBack,
    Source,
    SourceDetails,
    User,
    VersionRow,
)
from annotations.models.versions import LIVE
from annotations.services import attached, links, settings, states
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.ledger import Commit, Replayed, commit, digest_of
from annotations.services.lineage import History, among, key_of, overtaken, said_of_claims, undone_by

LASTING = "create"
"""The revision that a collection begins with; without it there is no collection."""

WORK: tuple[tuple[type[Any], str], ...] = (
    (Annotation, "an opinion"),
    (Evidence, "a source"),
    (Ruling, "a decision"),
    *((model, words) for model, _, words in attached.WORDS),
)
DERIVED = ClaimState
"""Claim states are derived anew, not revived."""

Model = type[VersionRow]


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
            revision.undoes([number])
    except Replayed as replay:
        return replay.number
    return revision.number


@dataclass(frozen=True, slots=True)
class _Change:
    """What a revision did. `going`: ids of the live rows that say what it wrote, by model."""

    created: dict[Model, list[Any]]
    retired: dict[Model, list[Any]]
    going: dict[Model, set[int]]

    def gone(self, model: Model) -> set[int]:
        """Things that undoing takes away: the revision brought them. By the first part of their key."""
        return self._keys(self.created[model]) - self._keys(self.retired[model])

    def back(self, model: Model) -> set[int]:
        """Things that undoing brings back: the revision took them away."""
        return self._keys(self.retired[model]) - self._keys(self.created[model])

    def _keys(self, rows: list[Any]) -> set[int]:
        return {key_of(row)[0] for row in rows}  # type: ignore[misc]

    def checkable_again(self) -> dict[int, str]:
        """Claims of which the revision said something else about whether they can be checked → what was said before."""
        after = {row.span_id: row.reason for row in self.created[ClaimState]}
        before = {row.span_id: row.reason for row in self.retired[ClaimState]}
        return {span: reason for span, reason in before.items() if reason != after.get(span)}


def _reverse(revision: Commit, number: int) -> set[int]:
    """Returns the ids of the claims touched."""
    change = _change(revision, number)
    _refuse_dependents(change, number)
    for model in VERSION_MODELS:
        if model is not DERIVED:
            _swap(revision, model, change)
    revision.articles += len(change.retired[ArticleDetails]) - len(change.going[ArticleDetails])
    if change.created[CollectionSettings]:
        undone, again = change.created[CollectionSettings][0], change.retired[CollectionSettings][0]
        changed = {name for name in settings.FIELDS if getattr(undone, name) != getattr(again, name)}
        return settings.settings_changed(revision, changed)
    return _renew_claims(revision, change)


def _change(revision: Commit, number: int) -> _Change:
    collection = revision.collection
    created = _rows(collection, created_in=number)
    # Less than LIVE goes without saying, but lets SQLite use the index of retired rows.
    retired = _rows(collection, retired_in=number, retired_in__lt=LIVE)
    change = _Change(created, retired, going={})
    undone, later = undone_by(collection), set[int]()
    for model in VERSION_MODELS:
        if model is not DERIVED:
            written = {key_of(row) for row in created[model]}
            history = History(model, collection, written | {key_of(row) for row in retired[model]})
            for touches in history.touches.values():
                later |= set(overtaken([number], touches, undone).values())
            change.going[model] = {pk for key, pk in history.live.items() if key in written}
    for part in among(ArticleWork.objects.current(), "article", change.gone(ArticleDetails)):
        # Where its checking stands goes with an article, and comes back with it.
        change.going[ArticleWork] |= set(part.values_list("pk", flat=True))
    for field, gone in (("article", change.gone(ArticleDetails)), ("span", change.gone(ClaimState))):
        # So does whose it is to judge.
        for part in among(Assignment.objects.current(), field, gone):
            change.going[Assignment] |= set(part.values_list("pk", flat=True))
    change.going[SentBack] |= _looked_at_again(change)
    claims = change.gone(ClaimState) | change.checkable_again().keys()
    said = said_of_claims(collection, claims)
    for touches in said.values():
        later |= set(overtaken([number], touches, undone).values())
    _refuse_overtaken(later, number)
    return change


def _looked_at_again(change: _Change) -> set[int]:
    """Whoever takes back what they said, or says again what they did before, has looked again."""
    said = {(row.span_id, row.reviewer_id) for row in change.created[Annotation] + change.retired[Annotation]}
    return {
        pk
        for part in among(SentBack.objects.current(), "span", {span for span, _ in said})
        for pk, *whose in part.values_list("pk", "span_id", "reviewer_id")
        if tuple(whose) in said
    }


def _rows(collection: Collection, **when: int) -> dict[Model, list[Any]]:
    """Where the settings changed, nothing else did but the claims that follow from them, which may be all."""
    rows: dict[Model, list[Any]] = {model: [] for model in VERSION_MODELS}
    for model in VERSION_MODELS:
        rows[model] = list(model._base_manager.filter(collection=collection, **when).order_by("pk"))
        if rows[CollectionSettings]:
            break
    return rows


def _refuse_overtaken(later: set[int], number: int) -> None:
    if standing := sorted(later):
        lines = [f"change {n} came later and builds on it" for n in standing]
        raise OthersWork(f"Change {number} cannot be undone any more: undo what came later first.", lines)


def _swap(revision: Commit, model: Model, change: _Change) -> None:
    revision.retire_many(model, sorted(change.going[model]))
    revision.insert_many(model, (payload(row) for row in change.retired[model]))


def payload(row: VersionRow) -> dict[str, object]:
    """What a version row says, without its place in time: insert it again to say so again."""
    place = {"id", "collection_id", "created_in", "retired_in"}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in place
    }


def _refuse_dependents(change: _Change, number: int) -> None:
    depends = [
        *_on_marks(change),
        *_on_articles(change),
        *_on_references(change),
        *_on_sources(change),
        *links.staying(change.gone(ClaimState), change.going[ClaimLink]),
        *_missing_claims(change),
        *_missing_articles(change),
        *_missing_comments(change),
        *_missing_sources(change),
        *links.homeless(change.retired[ClaimLink], change.gone(ClaimState), change.back(ClaimState)),
    ]
    if depends:
        raise OthersWork(f"Change {number} cannot be undone: later work depends on it.", depends)


def _on_marks(change: _Change) -> list[str]:
    """Work on claims that came into being with the revision."""
    found = []
    for model, words in WORK:
        for part in among(model.objects.current(), "span", change.gone(ClaimState)):
            found += [
                f"{words} of claim {span} (change {created_in})"
                for pk, span, created_in in part.order_by("span", "pk").values_list(
                    "pk", "span_id", "created_in"
                )
                if pk not in change.going[model]
            ]
    return found


def _on_articles(change: _Change) -> list[str]:
    gone, claims = change.gone(ArticleDetails), change.gone(ClaimState)
    marked = {
        span
        for part in among(ClaimState.objects.current(), "span__article", gone)
        for span in part.values_list("span_id", flat=True)
    }
    lines = [f"claim {span} is marked in it" for span in sorted(marked - claims)]
    return lines + [f"claim {span} cites it" for span, _ in _cited(change, "source__article", gone)]


def _on_references(change: _Change) -> list[str]:
    """A reference text has no claims: none comes back to one, and no article with claims becomes one again."""
    again = {row.article_id for row in change.retired[ArticleDetails] if row.is_reference}
    lines = [
        f"claim {span} is marked in it"
        for part in among(ClaimState.objects.current(), "span__article", again)
        for span in part.order_by("span").values_list("span_id", flat=True)
    ]
    home = {row.span_id: row.span.article_id for row in _with_spans(change)}
    articles = {home[span] for span in change.back(ClaimState)} - {
        row.article_id for row in change.retired[ArticleDetails]
    }
    references = ArticleDetails.objects.current().filter(role=ArticleDetails.Role.REFERENCE)
    return lines + [
        f"article {article} is a reference text now"
        for part in among(references, "article", articles)
        for article in part.values_list("article_id", flat=True)
    ]


def _on_sources(change: _Change) -> list[str]:
    citing = _cited(change, "source", change.gone(SourceDetails))
    return [f"claim {span} cites the source (change {n})" for span, n in citing]


def _cited(change: _Change, field: str, values: set[int]) -> list[tuple[int, int]]:
    """(claim, change) of the evidence that stays."""
    return sorted(
        (span, created_in)
        for part in among(Evidence.objects.current(), field, values)
        for pk, span, created_in in part.values_list("pk", "span_id", "created_in")
        if pk not in change.going[Evidence]
    )


def _missing_claims(change: _Change) -> list[str]:
    """Opinions, sources and decisions do not come back to a claim that has gone since."""
    models: list[Model] = [Assignment, *(model for model, _ in WORK)]
    said: Iterator[Any] = (row for model in models for row in change.retired[model])
    spans = {row.span_id for row in said if row.span_id is not None} - change.back(ClaimState)
    missing = spans - _live(ClaimState, "span_id", spans)
    return [f"claim {span} is no longer marked" for span in sorted(missing)]


def _missing_comments(change: _Change) -> list[str]:
    """Nobody is asked again by a comment that has gone since."""
    back = {(row.collection_id, row.key) for row in change.retired[Comment]}
    asked = {(row.collection_id, row.comment) for row in change.retired[Mention]} - back
    live = {
        pair
        for part in among(Comment.objects.current(), "key", {key for _, key in asked})
        for pair in part.values_list("collection_id", "key")
    }
    return ["a comment was withdrawn"] * bool(asked - live)


def _missing_articles(change: _Change) -> list[str]:
    """Claims, and where its checking stood, do not come back to an article that has gone since."""
    home = {row.span_id: row.span.article_id for row in _with_spans(change)}
    articles = {home[span] for span in change.back(ClaimState)}
    articles |= {row.article_id for model in (ArticleWork, Assignment) for row in change.retired[model]}
    articles -= change.back(ArticleDetails)
    missing = articles - _live(ArticleDetails, "article_id", articles)
    return [f"article {article} is no longer in the collection" for article in sorted(missing)]


def _with_spans(change: _Change) -> list[ClaimState]:
    ids = [row.pk for row in change.retired[ClaimState]]
    rows = ClaimState.objects.select_related("span").only("span__article_id")
    return [row for part in among(rows, "pk", ids) for row in part]


def _missing_sources(change: _Change) -> list[str]:
    """Evidence does not come back without its source, nor without the article that is the source."""
    sources = {row.source_id for row in change.retired[Evidence]}
    missing = sources - change.back(SourceDetails) - _live(SourceDetails, "source_id", sources)
    lines = [f"source {source} is no longer in the collection" for source in sorted(missing)]
    articles = {
        article
        for part in among(Source.objects.filter(article__isnull=False), "pk", sources)
        for article in part.values_list("article_id", flat=True)
    } - change.back(ArticleDetails)
    gone = articles - _live(ArticleDetails, "article_id", articles)
    return lines + [f"article {article} is no longer in the collection" for article in sorted(gone)]


def _live(model: Any, column: str, values: set[int]) -> set[int]:
    return {
        value
        for part in among(model.objects.current(), column, values)
        for value in part.values_list(column, flat=True)
    }


def _renew_claims(revision: Commit, change: _Change) -> set[int]:
    """A claim that began with the revision ends, one that ended with it begins again, the others follow."""
    begun, ended = change.gone(ClaimState), change.back(ClaimState)
    said = change.checkable_again()
    touched = {row.span_id for row in change.retired[ClaimState]} | _citing(change)
    renewed = _end_claims(revision, begun)
    for span_id in sorted(touched - begun):
        work = states.work_on(span_id, revision.collection.pk)
        if not work.is_live and span_id not in ended:
            continue
        renewed.add(span_id)
        if span_id in said:
            states.renew(revision, span_id, work, not_checkable=bool(said[span_id]), reason=said[span_id])
        else:
            states.renew(revision, span_id, work)
    return renewed


def _end_claims(revision: Commit, span_ids: set[int]) -> set[int]:
    for part in among(ClaimState.objects.current(), "span", span_ids):
        rows = list(part.values_list("pk", "status", "verdict"))
        revision.retire_many(ClaimState, [pk for pk, _, _ in rows])
        for _, status, verdict in rows:
            revision.tally[states.tally_key(status, verdict)] -= 1
    return set(span_ids)


def _citing(change: _Change) -> set[int]:
    """Claims whose source's details changed."""
    rows = [*change.created[SourceDetails], *change.retired[SourceDetails]]
    citing = among(Evidence.objects.current(), "source", {row.source_id for row in rows})
    return {span for part in citing for span in part.values_list("span_id", flat=True)}
