"""An editor's decision on a claim."""

from dataclasses import asdict, dataclass, replace
from datetime import date

from django.utils import timezone

from annotations.models import Collection, Ruling, User, Verdict
from annotations.services import links, states
from annotations.services.claims import Written
from annotations.services.comments import answered
from annotations.services.errors import Invalid, NotAllowed, NotThere
from annotations.services.ledger import Replayed, Stale, commit, digest_of


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision says beside its verdict and why."""

    should_read: str = ""
    true_as_of: date | None = None
    check_again_on: date | None = None
    """A day to come."""

    def digested(self) -> dict[str, object]:
        """What an idempotency key stands for; as it was before there were terms, where none is given."""
        return {name: said for name, said in asdict(self).items() if said}


def rule(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    verdict: str,
    rationale: str,
    terms: Terms = Terms(),
    base: int | None,
    claim_revision: int | None = None,
    key: str | None = None,
) -> Written:
    """`base`: id of the ruling it replaces, None for none; `claim_revision`: the claim's, as the editor read it. What
    the editor was asked in comments on the claim is answered by it."""
    terms = replace(terms, should_read=terms.should_read.strip())
    _check(verdict, rationale)
    asked = {"verdict": verdict, "rationale": rationale, **terms.digested()}
    digest = (
        digest_of(do="rule", span=span_id, base=base, claim_revision=claim_revision, **asked) if key else None
    )
    try:
        with commit(collection, author=author, action="rule", idempotency_key=key, digest=digest) as revision:
            if links.reviews_of(span_id).filter(reviewer=author).exists():
                raise NotAllowed(
                    "You reviewed this claim, so another editor has to decide it.", "ruled-by-reviewer"
                )
            work = _work(collection, span_id, base, claim_revision)
            _check_days(terms)
            said = {"editor_id": author.pk, "verdict": verdict, "rationale": rationale.strip()}
            said |= asdict(terms)
            if work.ruling:
                if Ruling.objects.filter(pk=work.ruling[0], **said).exists():
                    raise _Unchanged(work)
                revision.retire(Ruling, work.ruling[0])
            version = revision.insert(Ruling, span_id=span_id, **said)
            work.ruling = (version, author.pk, verdict)
            answered(revision, [span_id], author)
            states.renew(revision, span_id, work)
            revision.result = {"span": span_id, "version": version, "verdict": verdict}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(span_id, same.revision, changed=False, version=base)
    return Written(span_id, revision.number, version=version)


def _check(verdict: str, rationale: str) -> None:
    if verdict not in Verdict.values:
        raise Invalid(f"The verdict is one of {', '.join(Verdict.values)}.", "verdict")
    if not rationale.strip():
        raise Invalid("Say why: a decision needs its reasons.", "rationale")


def _check_days(terms: Terms) -> None:
    """Under the lock: a request sent again after midnight has its first answer."""
    if terms.true_as_of and terms.true_as_of > today():
        raise Invalid("A decision is true as of today or an earlier day.", "true_as_of")
    if terms.check_again_on and terms.check_again_on <= (terms.true_as_of or date.min):
        raise Invalid("Check it again later than the day of which it is true.", "check_again_on")
    if terms.check_again_on and terms.check_again_on <= today():
        raise Invalid("Check it again on a day to come, or leave the day out.", "check_again_on")


def today() -> date:
    return timezone.localdate()


class _Unchanged(Exception):
    def __init__(self, work: states.Work) -> None:
        self.revision = work.revision


def withdraw_ruling(
    collection: Collection, *, author: User, span_id: int, base: int, key: str | None = None
) -> Written:
    digest = digest_of(do="unrule", span=span_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="withdraw-ruling", idempotency_key=key, digest=digest
        ) as revision:
            work = _work(collection, span_id, base, None)
            if work.ruling is None:
                raise NotThere("This claim is not decided.")
            revision.retire(Ruling, base)
            work.ruling = None
            states.renew(revision, span_id, work)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


def _work(collection: Collection, span_id: int, base: int | None, claim_revision: int | None) -> states.Work:
    work = states.work_on(span_id, collection.pk)
    states.require_live(work)
    current = work.ruling[0] if work.ruling else None
    if current is None and base is not None:
        raise NotThere("This claim is not decided.")
    if current != base:
        raise Stale(Ruling.objects.filter(pk=current or 0).first())
    if claim_revision is not None and work.revision != claim_revision:
        raise Stale(states.live_state(span_id))
    return work
