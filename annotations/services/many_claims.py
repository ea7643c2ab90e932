"""What an editor does to many claims at once. Whose right it is, is for `access` to say."""

from typing import Any, Unpack

from annotations.models import Assignment, ClaimState, Collection, LegalRead
from annotations.services import states
from annotations.services.assignments import check_people, rulers
from annotations.services.claims import checked_reason
from annotations.services.ledger import Commit
from annotations.services.lineage import among
from annotations.services.many import Many, Picked, change_many


def assign_many(collection: Collection, *, reviewer: int, **picked: Unpack[Picked]) -> Many:
    """Who has one already, by itself or with its article, keeps it; who decided a claim is not asked to judge it."""

    def write(revision: Commit, spans: list[int]) -> list[int]:
        check_people(collection, {reviewer})
        rows = _states(spans).select_related("span").only("span_id", "span__article_id")
        homes = {row.span_id: row.span.article_id for row in rows}
        whole = Assignment.objects.current().filter(
            span=None, reviewer=reviewer, article__in=set(homes.values())
        )
        articles = set(whole.values_list("article", flat=True))
        out = {span for span, who in rulers(spans) if who == reviewer} | set(_assigned(spans, reviewer))
        free = [span for span in spans if span not in out and homes[span] not in articles]
        given = {"reviewer_id": reviewer, "assigned_by_id": picked["author"].pk}
        revision.insert_many(
            Assignment, [{"article_id": homes[span], "span_id": span, **given} for span in free]
        )
        return free

    return change_many(collection, action="assign", write=write, said={"reviewer": reviewer}, **picked)


def unassign_many(collection: Collection, *, reviewer: int, **picked: Unpack[Picked]) -> Many:
    """Of the claims alone: what is somebody's with its article stays theirs."""

    def write(revision: Commit, spans: list[int]) -> list[int]:
        found = _assigned(spans, reviewer)
        revision.retire_many(Assignment, sorted(found.values()))
        return list(found)

    return change_many(collection, action="unassign", write=write, said={"reviewer": reviewer}, **picked)


def set_checkable_many(collection: Collection, *, reason: str, **picked: Unpack[Picked]) -> Many:
    """With a reason: they cannot be checked; with none: they can be, again. Those of which it was said already keep
    what was said."""
    reason = checked_reason(reason) if reason else ""

    def write(revision: Commit, spans: list[int]) -> list[int]:
        rows = [row for row in _states(spans) if bool(row.reason) != bool(reason)]
        states.say_checkable(revision, rows, reason)
        return [row.span_id for row in rows]

    return change_many(
        collection,
        action="not-checkable" if reason else "checkable",
        write=write,
        said={"reason": reason},
        **picked,
    )


def ask_legal_many(collection: Collection, *, question: str, **picked: Unpack[Picked]) -> Many:
    """The same question of each; where a lawyer was asked already, or has answered, that stays."""
    question = question.strip()

    def write(revision: Commit, spans: list[int]) -> list[int]:
        taken = set(LegalRead.objects.current().filter(span__in=spans).values_list("span", flat=True))
        free = [span for span in spans if span not in taken]
        asked: dict[str, Any] = {
            "asked_by_id": picked["author"].pk,
            "question": question,
            "answer": LegalRead.Answer.ASKED,
        }
        unanswered: dict[str, Any] = {"said": "", "lawyer_id": None, "sha256": ""}
        revision.insert_many(LegalRead, [{"span_id": span, **asked, **unanswered} for span in free])
        return free

    return change_many(
        collection, action="ask-legal", write=write, on=(LegalRead,), said={"question": question}, **picked
    )


def _states(spans: list[int]) -> Any:
    return ClaimState.objects.current().filter(span__in=spans).order_by("span")


def _assigned(spans: list[int], reviewer: int) -> dict[int, int]:
    """claim → id of the row that gives it to this person."""
    rows = Assignment.objects.current().filter(reviewer=reviewer)
    return {
        span: pk
        for part in among(rows, "span", spans)
        for span, pk in part.values_list("span", "pk")
        if span is not None
    }
