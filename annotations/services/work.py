"""Where the checking of an article stands: its stage, whose it is, until when, and what was said with it."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from annotations.models import ArticleDetails, ArticleWork, Collection, Membership, User
from annotations.services.claims import REFERENCE
from annotations.services.errors import Invalid, NotAllowed, NotThere
from annotations.services.ledger import Replayed, Stale, commit, digest_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Fields of ArticleWork; as it is, an article of which nothing has been said yet."""

    stage: str = ArticleWork.Stage.WAITING
    owner_id: int | None = None
    due_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WorkSet:
    version: int | None
    """id of the row: the base of the next change"""
    revision: int
    changed: bool = True


def standing(row: ArticleWork | None) -> Standing:
    return Standing(row.stage, row.owner_id, row.due_at, row.note) if row else Standing()


def set_work(
    collection: Collection,
    *,
    author: User,
    article_id: int,
    base: int | None,
    wanted: Standing,
    key: str | None = None,
) -> WorkSet:
    """`base`: id of the live row that the author saw, None where there was none. Who may is for `access` to say.

    A note was written to an owner: the next one does not get it again as if from somebody else.
    """
    _check(collection, wanted)
    digest = digest_of(do="work", article=article_id, base=base, wanted=asdict(wanted)) if key else None
    row = ArticleWork.objects.current().filter(collection=collection, article=article_id).first()
    if row and row.owner_id != wanted.owner_id and row.note == wanted.note:
        wanted = replace(wanted, note="")
    action = _deed(standing(row), wanted, author)
    try:
        with commit(collection, author=author, action=action, idempotency_key=key, digest=digest) as revision:
            live = ArticleWork.objects.current().filter(collection=collection, article=article_id).first()
            _check_base(collection, article_id, live, base)
            if standing(live) == wanted:
                raise _Unchanged(WorkSet(base, live.created_in if live else 0, changed=False))
            if live:
                revision.retire(ArticleWork, live.pk)
            version = revision.insert(ArticleWork, article_id=article_id, **asdict(wanted))
            revision.result = {"article": article_id, "version": version}
    except Replayed as replay:
        return WorkSet(replay.result["version"], replay.number, changed=False)
    except _Unchanged as same:
        return same.work
    return WorkSet(version, revision.number)


class _Unchanged(Exception):
    def __init__(self, work: WorkSet) -> None:
        self.work = work


def _check_base(collection: Collection, article_id: int, live: ArticleWork | None, base: int | None) -> None:
    details = ArticleDetails.objects.current().filter(collection=collection, article=article_id)
    role = details.values_list("role", flat=True).first()
    if role is None:
        raise NotThere("There is no such article in this collection.")
    if role == ArticleDetails.Role.REFERENCE:
        raise NotAllowed(REFERENCE, "reference-text")
    if (live.pk if live else None) != base:
        raise Stale(live)


def _check(collection: Collection, wanted: Standing) -> None:
    if wanted.stage not in ArticleWork.Stage.values:
        raise Invalid(f"The stage is one of {', '.join(ArticleWork.Stage.values)}.", "stage")
    if wanted.owner_id is not None:
        members = Membership.objects.filter(collection=collection, user=wanted.owner_id, ended=None)
        if not members.exclude(role=Membership.Role.VIEWER).exists():
            raise Invalid("Choose a reviewer or an editor of this collection.", "owner")


def _deed(before: Standing, after: Standing, author: User) -> str:
    """What the change is called in the history: the weightiest part of it."""
    if before.owner_id != after.owner_id:
        return "take-up" if after.owner_id == author.pk else "hand-over"
    return "deadline" if before.due_at != after.due_at else "stage"
