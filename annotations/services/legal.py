"""A lawyer is asked to read a claim, and says whether it may run. What they say holds for the text that they read."""

from typing import Any

from annotations.models import Collection, LegalRead, Span, User
from annotations.services import states
from annotations.services.claims import Written
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of

Answer = LegalRead.Answer
DEEDS = {Answer.CLEARED: "clear-legal", Answer.OBJECTED: "object-legal"}


def ask_legal(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    question: str,
    base: int | None,
    key: str | None = None,
) -> Written:
    """`base`: id of the legal read that the author saw, None for none. A new question takes the place of what was
    asked or answered before. Who may is for `access_legal` to say."""
    asked = {"asked_by_id": author.pk, "question": question.strip()}
    digest = digest_of(do="ask-legal", span=span_id, question=question, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="ask-legal", idempotency_key=key, digest=digest
        ) as revision:
            live = _live(collection, span_id, base)
            if live and live.answer == Answer.ASKED and _says(live, asked):
                raise _Unchanged(live)
            version = _replace(revision, span_id, live, asked)
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(span_id, same.row.created_in, changed=False, version=same.row.pk)
    return Written(span_id, revision.number, version=version)


def answer_legal(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    answer: str,
    said: str,
    base: int,
    key: str | None = None,
) -> Written:
    """`answer`: cleared or objected; an objection needs its words. That the author is a lawyer of the collection is
    for `access_legal` to say."""
    said = _checked(answer, said)
    digest = digest_of(do="answer-legal", span=span_id, answer=answer, said=said, base=base) if key else None
    try:
        with commit(
            collection, author=author, action=DEEDS[Answer(answer)], idempotency_key=key, digest=digest
        ) as revision:
            live = _live(collection, span_id, base)
            sha256 = Span.objects.values_list("article__sha256", flat=True).get(pk=span_id)
            told = {"answer": answer, "said": said, "lawyer_id": author.pk, "sha256": sha256}
            if live and _says(live, told):
                raise _Unchanged(live)
            asked = {"asked_by_id": live.asked_by_id, "question": live.question} if live else {}
            version = _replace(revision, span_id, live, asked | told)
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(span_id, same.row.created_in, changed=False, version=same.row.pk)
    return Written(span_id, revision.number, version=version)


def withdraw_legal(
    collection: Collection, *, author: User, span_id: int, base: int, key: str | None = None
) -> Written:
    """Nothing is asked any more. What a lawyer has answered stays; it is asked again, or answered anew."""
    digest = digest_of(do="withdraw-legal", span=span_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="withdraw-legal", idempotency_key=key, digest=digest
        ) as revision:
            live = _live(collection, span_id, base)
            if live and live.answer != Answer.ASKED:
                raise Invalid("A lawyer has answered: ask again, if it is to be read anew.")
            revision.retire(LegalRead, base)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


class _Unchanged(Exception):
    def __init__(self, row: LegalRead) -> None:
        self.row = row


def _live(collection: Collection, span_id: int, base: int | None) -> LegalRead | None:
    states.require_live(states.work_on(span_id, collection.pk))
    live = LegalRead.objects.current().filter(span=span_id).first()
    if live is None and base is not None:
        raise NotThere("No legal read of this claim is asked for any more.")
    if (live.pk if live else None) != base:
        raise Stale(live)
    return live


def _replace(revision: Commit, span_id: int, live: LegalRead | None, said: dict[str, Any]) -> int:
    if live:
        revision.retire(LegalRead, live.pk)
    version = revision.insert(LegalRead, span_id=span_id, **said)
    revision.result = {"span": span_id, "version": version}
    return version


def _says(row: LegalRead, said: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in said.items())


def _checked(answer: str, said: str) -> str:
    if answer not in DEEDS:
        raise Invalid("Choose whether you clear it or object.", "answer")
    if answer == Answer.OBJECTED and not said.strip():
        raise Invalid("Say what you object to, and what would do.", "said")
    return said.strip()
