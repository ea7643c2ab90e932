"""Who is asked to judge which article or claim. It keeps nobody else from judging, and locks nothing (ADR 12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from annotations.models import (
    LIVE,
    ArticleDetails,
    Assignment,
    ClaimState,
    Collection,
    CollectionSettings,
    Membership,
    Ruling,
    User,
)
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of
from annotations.services.lineage import among

Task = tuple[int, int | None, int]
"""(article, claim or None for all of the article, reviewer)"""
MOST = 50_000
"""Of assignments in one change."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """`revision` None: nothing was left to change. `left_out`: whoever decided a claim is not asked to judge it."""

    revision: int | None
    changed: int
    left_out: int = 0


def assign(
    collection: Collection,
    *,
    author: User,
    reviewer_ids: Iterable[int],
    article_ids: Iterable[int] = (),
    span_ids: Iterable[int] = (),
    key: str | None = None,
) -> Assigned:
    """Each of the articles and claims to each of the reviewers. That the author may is for `access_desk` to say."""
    people, articles, spans = sorted(set(reviewer_ids)), sorted(set(article_ids)), sorted(set(span_ids))
    homes = _homes(collection, spans)
    things: list[tuple[int, int | None]] = [(article, None) for article in articles]
    things += [(homes[span], span) for span in spans]
    return assign_each(
        collection, author=author, tasks=[(*thing, person) for thing in things for person in people], key=key
    )


def assign_each(
    collection: Collection,
    *,
    author: User,
    tasks: Sequence[Task],
    base: str | None = None,
    key: str | None = None,
) -> Assigned:
    """These and no others, in one change; who has one already keeps it.

    `base`: what `base_of` the articles was when the tasks were worked out; Stale where it is no more.
    """
    if not tasks:
        raise Invalid("Choose at least one claim or article, and at least one person.")
    if len(tasks) > MOST:
        raise Invalid(f"At most {MOST:,} at a time: choose fewer claims or people.")
    digest = digest_of(do="assign", tasks=tasks, **({"base": base} if base else {})) if key else None
    try:
        with commit(
            collection, author=author, action="assign", idempotency_key=key, digest=digest
        ) as revision:
            if base is not None and base != base_of({article for article, _, _ in tasks}):
                raise Stale(None)
            check_people(collection, {person for _, _, person in tasks})
            _check_things(collection, tasks)
            free, left_out = _free(tasks)
            if not free:
                raise _Nothing(left_out)
            rows = [
                {"article_id": article, "span_id": span, "reviewer_id": person, "assigned_by_id": author.pk}
                for article, span, person in free
            ]
            revision.insert_many(Assignment, rows)
            _say(revision, free, left_out)
    except Replayed as replay:
        return Assigned(replay.number, replay.result["assigned"], replay.result["left_out"])
    except _Nothing as nothing:
        return Assigned(None, 0, nothing.left_out)
    return Assigned(revision.number, len(free), left_out)


def holders(article_ids: Iterable[int], at: int | None = None) -> dict[int, frozenset[int]]:
    """article → who has all of it to judge, now or right after change `at`; without those that nobody has"""
    found: dict[int, set[int]] = {}
    rows = Assignment.objects.current() if at is None else Assignment.objects.at(at)
    for part in among(rows.filter(span=None), "article", article_ids):
        for article, reviewer in part.values_list("article", "reviewer"):
            found.setdefault(article, set()).add(reviewer)
    return {article: frozenset(people) for article, people in found.items()}


def last_change(collection: Collection, article_ids: Iterable[int]) -> int | None:
    """The number of the change that last gave one of these articles as a whole to somebody, or took it back."""
    rows = Assignment.objects.filter(collection=collection, span=None)
    numbers = [
        end if end < LIVE else begin
        for part in among(rows, "article", article_ids)
        for begin, end in part.values_list("created_in", "retired_in")
    ]
    return max(numbers, default=None)


def base_of(article_ids: Iterable[int]) -> str:
    """Names who has which of these articles."""
    return digest_of(
        held=sorted((article, sorted(people)) for article, people in holders(article_ids).items())
    )


def unassign(
    collection: Collection,
    *,
    author: User,
    reviewer_ids: Iterable[int],
    article_ids: Iterable[int] = (),
    span_ids: Iterable[int] = (),
    key: str | None = None,
) -> Assigned:
    """Takes back what was asked of these people for these articles as a whole and these claims."""
    people, articles, spans = sorted(set(reviewer_ids)), sorted(set(article_ids)), sorted(set(span_ids))
    digest = digest_of(do="unassign", people=people, articles=articles, spans=spans) if key else None
    live = Assignment.objects.current().filter(collection=collection, reviewer__in=people)
    try:
        with commit(
            collection, author=author, action="unassign", idempotency_key=key, digest=digest
        ) as revision:
            rows = [row for part in among(live.filter(span=None), "article", articles) for row in part]
            rows += [row for part in among(live, "span", spans) for row in part]
            if not rows:
                raise _Nothing(0)
            revision.retire_many(Assignment, [row.pk for row in rows])
            _say(revision, [(row.article_id, row.span_id, row.reviewer_id) for row in rows], 0)
    except Replayed as replay:
        return Assigned(replay.number, replay.result["assigned"])
    except _Nothing:
        return Assigned(None, 0)
    return Assigned(revision.number, len(rows))


class _Nothing(Exception):
    def __init__(self, left_out: int) -> None:
        self.left_out = left_out


def _say(revision: Commit, tasks: Sequence[Task], left_out: int) -> None:
    """For the history: the claim or article where there is only one, or how many they are, and of how many people."""
    articles, spans = {article for article, _, _ in tasks}, {span for _, span, _ in tasks}
    things = {(article, span) for article, span, _ in tasks}
    people = len({person for _, _, person in tasks})
    revision.result = {
        "assigned": len(tasks),
        "left_out": left_out,
        "title": f"{_many(len(things), 'article' if spans == {None} else 'claim')} · {_many(people, 'person')}",
    }
    if len(articles) == 1:
        revision.result["article"] = articles.pop()
    if len(spans) == 1 and None not in spans:
        revision.result["span"] = spans.pop()


def _many(count: int, noun: str) -> str:
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def _homes(collection: Collection, spans: list[int]) -> dict[int, int]:
    """claim → its article"""
    rows = ClaimState.objects.current().filter(collection=collection)
    homes = {
        span: article
        for part in among(rows, "span", spans)
        for span, article in part.values_list("span", "span__article")
    }
    if len(homes) < len(spans):
        raise NotThere("One of these claims is no longer there. Load the list again.")
    return homes


def check_people(collection: Collection, people: set[int]) -> None:
    judges = Membership.objects.filter(collection=collection, ended=None).exclude(role=Membership.Role.VIEWER)
    if CollectionSettings.objects.current().get(collection=collection).blind:
        judges = judges.exclude(role=Membership.Role.EDITOR)
    if people - set(judges.filter(user__is_active=True).values_list("user", flat=True)):
        raise Invalid("Choose people who review in this collection.", "reviewers")


def _check_things(collection: Collection, tasks: Sequence[Task]) -> None:
    articles = {article for article, _, _ in tasks}
    live = ArticleDetails.objects.current().filter(collection=collection, role=ArticleDetails.Role.CHECKED)
    found = {
        article
        for part in among(live, "article", articles)
        for article in part.values_list("article", flat=True)
    }
    if articles - found:
        raise NotThere("One of these articles is not here to be checked. Load the list again.")
    _homes(collection, sorted({span for _, span, _ in tasks if span is not None}))


def _free(tasks: Sequence[Task]) -> tuple[list[Task], int]:
    """Those that are not asked yet, and how many would ask somebody who decided the claim."""
    articles, spans = (
        {task[0] for task in tasks if task[1] is None},
        {task[1] for task in tasks if task[1] is not None},
    )
    whole = Assignment.objects.current().filter(span=None)
    taken: set[Task] = {
        row
        for rows in (
            among(whole, "article", articles),
            among(Assignment.objects.current(), "span", spans),
        )
        for part in rows
        for row in part.values_list("article", "span", "reviewer")
    }
    ruled = rulers(spans)
    wanted = [task for task in dict.fromkeys(tasks) if task not in taken]
    free = [task for task in wanted if (task[1], task[2]) not in ruled]
    return free, len(wanted) - len(free)


def rulers(spans: Iterable[Any]) -> set[tuple[int, int]]:
    """(claim, editor) of every decision there ever was on these claims."""
    return {
        pair
        for part in among(Ruling.objects.all(), "span", spans)
        for pair in part.values_list("span", "editor")
    }
