"""What people say to each other about a claim. It stays at the desk: no export has it (access_desk)."""

from collections.abc import Iterable

from annotations.domain.mentions import mentioned
from annotations.models import Collection, Comment, Membership, Mention, User
from annotations.services import states
from annotations.services.claims import Written
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of

LONGEST = 10_000


def add_comment(
    collection: Collection, *, author: User, span_id: int, text: str, key: str | None = None
) -> Written:
    """Whoever is named in it is asked to answer; what the author was asked on this claim is answered by it."""
    text = checked_words(text)
    digest = digest_of(do="comment", span=span_id, text=text) if key else None
    try:
        with commit(
            collection, author=author, action="comment", idempotency_key=key, digest=digest
        ) as revision:
            states.require_live(states.work_on(span_id, collection.pk))
            answered(revision, [span_id], author)
            version = say(revision, author, span_id, text)
            revision.result = {"span": span_id, "version": version}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    return Written(span_id, revision.number, version=version)


def edit_comment(
    collection: Collection, *, author: User, comment: str, text: str, base: int, key: str | None = None
) -> Written:
    """`base`: id of the version that was read. Who was named before and answered is not asked again."""
    text = checked_words(text)
    digest = digest_of(do="edit-comment", comment=comment, text=text, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="edit-comment", idempotency_key=key, digest=digest
        ) as revision:
            row = _live(collection, comment, base)
            if row.text == text:
                raise _Unchanged(row)
            revision.retire(Comment, row.pk)
            version = revision.insert(
                Comment, key=comment, span_id=row.span_id, author_id=row.author_id, text=text
            )
            _mention_anew(revision, row, text)
            revision.result = {"span": row.span_id, "version": version}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(same.row.span_id, same.row.created_in, changed=False, version=base)
    return Written(row.span_id, revision.number, version=version)


def withdraw_comment(
    collection: Collection, *, author: User, comment: str, base: int, key: str | None = None
) -> Written:
    digest = digest_of(do="withdraw-comment", comment=comment, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="withdraw-comment", idempotency_key=key, digest=digest
        ) as revision:
            row = _live(collection, comment, base)
            revision.retire(Comment, row.pk)
            revision.retire_many(Mention, [pk for pk, _ in _asked(collection, comment)])
            revision.result = {"span": row.span_id}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False)
    return Written(row.span_id, revision.number)


def put_aside(collection: Collection, *, author: User, comment: str, key: str | None = None) -> Written:
    """The author need not answer this comment."""
    digest = digest_of(do="put-aside", comment=comment) if key else None
    mine = Mention.objects.current().filter(collection=collection, comment=comment, person=author)
    try:
        with commit(
            collection, author=author, action="put-aside", idempotency_key=key, digest=digest
        ) as revision:
            row = mine.first()
            if row is None:
                raise NotThere("Nothing of this comment waits for you any more.")
            revision.retire(Mention, row.pk)
            revision.result = {"span": row.span_id}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False)
    return Written(row.span_id, revision.number)


class _Unchanged(Exception):
    def __init__(self, row: Comment) -> None:
        self.row = row


def checked_words(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("Write something first.", "comment")
    if len(text) > LONGEST:
        raise Invalid(f"A comment has at most {LONGEST:,} characters. Shorten it.", "comment")
    return text


def say(revision: Commit, author: User, span_id: int, text: str, also: tuple[int, ...] = ()) -> int:
    """A new comment; it asks whoever is named in it, and `also` these people."""
    key = revision.new_key()
    version = revision.insert(Comment, key=key, span_id=span_id, author_id=author.pk, text=text)
    people = mentioned(text, team(revision.collection)).union(also) - {author.pk}
    for person in sorted(people):
        revision.insert(Mention, comment=key, span_id=span_id, person_id=person)
    return version


def answered(revision: Commit, span_ids: Iterable[int], author: User) -> None:
    """Nothing on these claims waits for the author's answer any more."""
    asked = Mention.objects.current().filter(span__in=list(span_ids), person=author)
    revision.retire_many(Mention, list(asked.values_list("pk", flat=True)))


def team(collection: Collection) -> dict[int, tuple[str, str]]:
    """Who may be named: id → (username, display name). Viewers see no comments."""
    members = Membership.objects.filter(collection=collection, ended=None, user__is_active=True)
    rows = members.exclude(role=Membership.Role.VIEWER).order_by("user__display_name", "user__username")
    return {
        pk: (username, display)
        for pk, username, display in rows.values_list("user", "user__username", "user__display_name")
    }


def _live(collection: Collection, comment: str, base: int) -> Comment:
    row = Comment.objects.current().filter(collection=collection, key=comment).first()
    if row is None:
        raise NotThere("This comment is no longer there: it may have been withdrawn.")
    if row.pk != base:
        raise Stale(row)
    return row


def _asked(collection: Collection, comment: str) -> list[tuple[int, int]]:
    rows = Mention.objects.current().filter(collection=collection, comment=comment)
    return list(rows.values_list("pk", "person"))


def _mention_anew(revision: Commit, row: Comment, text: str) -> None:
    wanted = mentioned(text, team(revision.collection)) - {row.author_id}
    before = set(
        Mention.objects.filter(collection=revision.collection, comment=row.key).values_list(
            "person", flat=True
        )
    )
    named_before = mentioned(row.text, team(revision.collection))
    dropped = [
        pk
        for pk, person in _asked(revision.collection, row.key)
        if person in named_before and person not in wanted
    ]
    revision.retire_many(Mention, dropped)
    for person in sorted(wanted - before):
        revision.insert(Mention, comment=row.key, span_id=row.span_id, person_id=person)
