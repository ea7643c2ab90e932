"""One review sent back to its reviewer, with a reason; it ends when they say something else or stand by it."""

from annotations.models import Annotation, Collection, SentBack, User
from annotations.services import states
from annotations.services.claims import Written
from annotations.services.comments import answered, checked_words, say
from annotations.services.errors import Invalid, NotAllowed, NotThere
from annotations.services.ledger import Replayed, Stale, commit, digest_of

LONGEST = 2_000


def send_back(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    reviewer_id: int,
    reason: str,
    base: int,
    over: int | None = None,
    key: str | None = None,
) -> Written:
    """`base`: id of the opinion that the editor read; `over`: of the sending back that waits, whose reason this one
    takes the place of, None where none does."""
    reason = _checked(reason)
    again = {} if over is None else {"over": over}
    digest = digest_of(do="send-back", span=span_id, who=reviewer_id, reason=reason, base=base, **again)
    try:
        with commit(
            collection, author=author, action="send-back", idempotency_key=key, digest=digest if key else None
        ) as revision:
            work = states.work_on(span_id, collection.pk)
            states.require_live(work)
            _check_opinion(work, author, reviewer_id, base)
            waits = work.sent_back.get(reviewer_id)
            if waits != over:
                raise Stale(SentBack.objects.filter(pk=waits or 0).first())
            if waits:
                revision.retire(SentBack, waits)
            said = {"reviewer_id": reviewer_id, "editor_id": author.pk, "reason": reason}
            version = revision.insert(SentBack, span_id=span_id, **said)
            revision.result = {"span": span_id, "version": version}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    return Written(span_id, revision.number, version=version)


def stand_by(
    collection: Collection, *, author: User, span_id: int, text: str, base: int, key: str | None = None
) -> Written:
    """The reviewer keeps what they said, and says why in a comment, which asks the editor. `base`: id of the row."""
    text = checked_words(text)
    digest = digest_of(do="stand-by", span=span_id, text=text, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="stand-by", idempotency_key=key, digest=digest
        ) as revision:
            row = _live(collection, span_id, author.pk, base)
            revision.retire(SentBack, row.pk)
            answered(revision, [span_id], author)
            version = say(revision, author, span_id, text, also=(row.editor_id,))
            revision.result = {"span": span_id, "version": version}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    return Written(span_id, revision.number, version=version)


def call_off(
    collection: Collection, *, author: User, span_id: int, reviewer_id: int, base: int, key: str | None = None
) -> Written:
    """An editor no longer asks the reviewer to look again."""
    digest = digest_of(do="call-off", span=span_id, who=reviewer_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="call-off", idempotency_key=key, digest=digest
        ) as revision:
            revision.retire(SentBack, _live(collection, span_id, reviewer_id, base).pk)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid("Say what to look at again.", "look_again")
    if len(reason) > LONGEST:
        raise Invalid(f"At most {LONGEST:,} characters. Shorten it.", "look_again")
    return reason


def _check_opinion(work: states.Work, author: User, reviewer_id: int, base: int) -> None:
    if reviewer_id == author.pk:
        raise NotAllowed("This opinion is your own: change it, or withdraw it.")
    live = work.opinions.get(reviewer_id)
    if live is None:
        raise NotThere("This opinion was withdrawn.")
    if live[0] != base:
        raise Stale(Annotation.objects.get(pk=live[0]))


def _live(collection: Collection, span_id: int, reviewer_id: int, base: int) -> SentBack:
    rows = SentBack.objects.current().filter(collection=collection, span=span_id, reviewer=reviewer_id)
    row = rows.first()
    if row is None:
        raise NotThere("This is not sent back any more.")
    if row.pk != base:
        raise Stale(row)
    return row
