"""The ledger in words: what one line of a history says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from annotations.access import Seat
from annotations.models import ArticleDetails, Revision, Span, Verdict
from annotations.services.undo import LASTING
from annotations.views.undone import Undone, many, undid_by, undone, what_it_was

DEEDS = {
    "create": "began the collection",
    "settings": "changed the settings",
    "import": "brought in",
    "edit-details": "corrected the details of",
    "withdraw-article": "withdrew",
    "take-up": "took over the checking of",
    "hand-over": "handed over",
    "stage": "set the stage of",
    "deadline": "set the deadline of",
    "mark": "marked to check",
    "tag": "gave an opinion",
    "withdraw": "took back an opinion",
    "unmark": "took away a mark",
    "not-checkable": "called not checkable",
    "checkable": "called checkable again",
    "add-source": "added a source",
    "edit-source": "changed a source",
    "remove-source": "took away a source",
    "rule": "decided",
    "withdraw-ruling": "took back a decision",
    "accept": "accepted what reviewers agree on",
    "ask-legal": "asked for a legal read of",
    "clear-legal": "cleared for the law",
    "object-legal": "objected for the law to",
    "withdraw-legal": "took back the request for a legal read of",
    "draft-correction": "drafted a correction of",
    "publish-correction": "published a correction of",
    "change-correction": "changed the published correction of",
    "withdraw-correction": "withdrew the published correction of",
    "discard-correction": "threw away the draft of a correction of",
    "move": "moved the boundaries of",
    "merge": "merged claims into",
    "split": "split",
    "comment": "commented on",
    "edit-comment": "changed a comment on",
    "withdraw-comment": "withdrew a comment on",
    "put-aside": "put aside a mention on",
    "send-back": "sent back a review of",
    "stand-by": "stood by the review of",
    "call-off": "called off the second look at",
    "assign": "assigned",
    "unassign": "took back the assignment of",
    "undo": "undid",
    "undo-many": "undid several changes",
    "fill": "filled in",
    "import-claims": "brought in",
}


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    who: str
    who_id: int | None
    """whose other changes the person may ask for"""
    at: datetime
    action: str
    deed: str
    verdict: str
    verdict_label: str
    quote: str
    title: str
    url: str
    """of the claim or article that it is about; empty when there is none"""
    undid: list[int]
    """the changes that this one undid, of those that the person may see the first few"""
    undid_what: str
    """where it is one: what that was"""
    undid_more: int
    undone_by: int | None
    undone_link: bool
    undoable: bool


def entries(seat: Seat, revisions: Iterable[Revision], most: int = 5) -> list[Entry]:
    """A handful of queries, however many revisions. Their authors must be there already. `most`: as `undone` has it."""
    rows = list(revisions)
    spans = Span.objects.in_bulk([row.result["span"] for row in rows if "span" in row.result])
    about = {row.number: spans.get(row.result.get("span")) for row in rows}
    articles = {span.article_id for span in spans.values()}
    articles |= {row.result["article"] for row in rows if "article" in row.result}
    titles = titles_of(seat, articles)
    fates = undone(seat, rows, most)
    return [_entry(seat, row, about[row.number], titles, fates) for row in rows]


def titles_of(seat: Seat, article_ids: Iterable[int]) -> dict[int, ArticleDetails]:
    rows = ArticleDetails.objects.current().filter(collection=seat.collection, article__in=set(article_ids))
    return {row.article_id: row for row in rows.only("article_id", "title", "publisher")}


def claim_url(slug: str, article_id: int, span_id: int) -> str:
    return f"/c/{slug}/articles/{article_id}/?claim={span_id}#r{span_id}"


def _entry(
    seat: Seat, row: Revision, span: Span | None, titles: dict[int, ArticleDetails], fates: Undone
) -> Entry:
    slug = seat.collection.slug
    article_id = span.article_id if span else row.result.get("article")
    details = titles.get(article_id) if article_id else None
    url = claim_url(slug, span.article_id, span.pk) if span else f"/c/{slug}/articles/{article_id}/"
    targets, undone_by = fates.targets.get(row.number, []), fates.by.get(row.number)
    verdict = row.result.get("verdict") or ""
    return Entry(
        number=row.number,
        who=str(row.author) if row.author else "aigap",
        who_id=row.author_id,
        at=row.created_at,
        action=row.action,
        deed=_deed(row, fates),
        verdict=verdict,
        verdict_label=Verdict(verdict).label if verdict else "",
        quote=span.quote if span else "",
        title=str(details) if details else row.result.get("title", ""),
        url=url if details else "",
        undid=[target.number for target in targets] or (undid_by(row) if row.action == "undo" else []),
        undid_what=what_it_was(targets[0]) if targets and row.action == "undo" else "",
        undid_more=max(0, len(undid_by(row)) - len(targets)) if targets else 0,
        undone_by=undone_by,
        undone_link=undone_by in fates.linked,
        undoable=undone_by is None and row.number in fates.mine and row.action != LASTING,
    )


def _deed(row: Revision, fates: Undone) -> str:
    if row.action == "undo-many":
        return f"undid {many(len(undid_by(row)))}"
    return "changed the opinion" if row.number in fates.again else DEEDS.get(row.action, row.action)
