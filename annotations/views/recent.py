"""A person's own last change in an article: what "undo" undoes, walking back one change at a time; and the source
they cited last."""

from annotations.models import (
    LIVE,
    Annotation,
    Correction,
    Evidence,
    LegalRead,
    Revision,
    Ruling,
    SentBack,
    Source,
    Span,
    Verdict,
    VersionRow,
)
from annotations.models.prepared import Prepared
from annotations.services.undo import UNDOING
from annotations.views.reading import Reading
from annotations.views.undone import undid_by

FAR_ENOUGH = 200
DEEDS = {
    "mark": "mark",
    "tag": "opinion",
    "withdraw": "withdrawal",
    "not-checkable": "not checkable",
    "checkable": "checkable again",
    "unmark": "removal of the mark",
    "add-source": "source",
    "edit-source": "change of a source",
    "remove-source": "removal of a source",
    "rule": "decision",
    "withdraw-ruling": "withdrawal of the decision",
    "ask-legal": "request for a legal read",
    "clear-legal": "legal clearance",
    "object-legal": "legal objection",
    "withdraw-legal": "withdrawal of the request for a legal read",
    "draft-correction": "draft of a correction",
    "publish-correction": "publication of a correction",
    "change-correction": "change of a correction",
    "withdraw-correction": "withdrawal of a correction",
    "discard-correction": "throwing away of a draft",
    "move": "move",
    "merge": "merging",
    "split": "splitting",
    "comment": "comment",
    "edit-comment": "change of a comment",
    "withdraw-comment": "withdrawal of a comment",
    "put-aside": "putting aside",
    "send-back": "sending back",
    "stand-by": "standing by the review",
    "call-off": "calling off",
    "assign": "assignment",
    "unassign": "taking back of the assignment",
}
EDITORS_DO = ("rule", "withdraw-ruling", "merge", *(name for name in DEEDS if name.endswith("-correction")))
EDITORS_DO += ("send-back", "call-off", "assign", "unassign")


def mine(at: Reading) -> Revision | None:
    rows = Revision.objects.filter(collection=at.seat.collection, author=at.seat.user).order_by("-number")
    undone: set[int] = set()
    candidates = []
    for row in rows.only("number", "action", "result", "author_id", "collection_id")[:FAR_ENOUGH]:
        if row.number in undone:
            continue
        if row.action in UNDOING:
            # An undo that was itself undone has been skipped above, so what it undid counts again.
            undone.update(undid_by(row))
        elif (
            row.action in DEEDS
            and "span" in row.result
            and (at.seat.is_editor or row.action not in EDITORS_DO)
        ):
            candidates.append(row)
    spans = {row.result["span"] for row in candidates}
    here = set(Span.objects.filter(pk__in=spans, article=at.article_id).values_list("pk", flat=True))
    return next((row for row in candidates if row.result["span"] in here), None)


def deed(row: Revision) -> str:
    """What the revision did, in words: of an opinion, whether its verdict or only the reasons for it."""
    if row.action != "tag":
        return DEEDS[row.action]
    opinions = Annotation.objects.filter(collection=row.collection_id, span=row.result["span"])
    opinions = opinions.filter(reviewer=row.author_id)
    verdict = row.result["verdict"]
    if opinions.filter(retired_in=row.number, verdict=verdict).exists():
        return "your reasons"
    return f"verdict {Verdict(verdict).label.lower()}"


WROTE: dict[str, type[VersionRow]] = {
    "send-back": SentBack,
    "rule": Ruling,
    **dict.fromkeys(["ask-legal", "clear-legal", "object-legal"], LegalRead),
    **dict.fromkeys(["draft-correction", "publish-correction", "change-correction"], Correction),
}
"""What others may have answered or replaced since: then there is nothing left to undo."""


def stands(row: Revision) -> bool:
    model = WROTE.get(row.action)
    if model is None:
        return True
    return model._base_manager.filter(pk=row.result.get("version", 0), retired_in=LIVE).exists()


def undone_with(at: Reading, key: str) -> Revision | None:
    """What a first sending of this request undid, so that a second does not undo one more."""
    rows = Revision.objects.filter(collection=at.seat.collection, author=at.seat.user, idempotency_key=key)
    first = rows.filter(action="undo").first()
    return first and Revision.objects.get(collection=at.seat.collection, number=first.result["undone"])


def cited(at: Reading) -> tuple[int, str, str] | None:
    """The source that this person cited last in the collection, how to call it, and its kind."""
    row = _CITED.first(at.seat.collection.pk, at.seat.user.pk)
    if row is None:
        return None
    source, kind, *names = row
    return source, next(filter(None, names), Source.Kind(kind).label), kind


_NAMES = ("title", "url", "note", "person_role")
# Ranges of one value each: were they equal, PostgreSQL could walk all evidence from its end until it meets the person.
_CITED = Prepared(
    lambda collection, person: (
        Evidence.objects.filter(
            added_by__gte=person,
            added_by__lte=person,
            collection__gte=collection,
            collection__lte=collection,
            source__versions__retired_in=LIVE,
        )
        .order_by("-added_by_id", "-collection_id", "-pk")
        .values_list("source", "source__kind", *(f"source__versions__{name}" for name in _NAMES))[:1]
    ),
    int,
    int,
)
