"""Synthetic load: articles and claims by the million, through the ledger, a few thousand claims a revision."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from annotations.domain.consensus import derive
from annotations.domain.text import context, sha256
from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Membership,
    Ruling,
    Source,
    SourceDetails,
    Span,
    User,
    VersionRow,
)
from annotations.services import bulk
from annotations.services.errors import Invalid
from annotations.services.ledger import Commit, commit
from annotations.services.settings import set_member
from annotations.services.states import tally_key
from annotations.services.synthetic import PLACES, PROBLEMS, Author, Claim, Draft

REVIEWERS = 4
CLAIMS_A_REVISION = 20_000
ARTICLES_A_REVISION = 2_000
SECOND_THOUGHTS = 25
"""One claim in so many has an opinion that was changed later."""


@dataclass(frozen=True, slots=True)
class People:
    reviewers: list[int]
    editor: int


def fill(
    collection: Collection,
    *,
    articles: int,
    spans: int,
    seed: int = 1,
    tell: Callable[[int], None] = lambda claims: None,
) -> None:
    """Brings in so many articles, with so many claims in all. `tell` hears how many there are after each revision."""
    if articles < 1 or spans < 0:
        raise Invalid("At least one article, and no fewer than no claims.")
    people = _people(collection)
    author = Author(seed, REVIEWERS, sources=CLAIMS_A_REVISION // 4)
    first = Article.objects.filter(collection=collection).count()
    again: list[tuple[int, Claim]] = []
    done = 0
    for counts in _batches(articles, spans):
        drafts = [author.draft(first + nth, count) for nth, count in enumerate(counts)]
        first += len(drafts)
        with commit(collection, author=None, action="fill") as revision:
            ids = _Batch(revision, people, drafts).write()
        claims = [claim for draft in drafts for claim in draft.claims]
        again += [pair for pair in zip(ids, claims, strict=True) if pair[1].opinions][::SECOND_THOUGHTS]
        done += len(claims)
        tell(done)
    if again:
        with commit(collection, author=None, action="fill") as revision:
            _think_again(revision, again)
    bulk.analyse()


def _batches(articles: int, spans: int) -> Iterator[list[int]]:
    """Numbers of claims, one an article, in lots that a revision holds."""
    lot: list[int] = []
    for nth in range(articles):
        count = spans * (nth + 1) // articles - spans * nth // articles
        if lot and (sum(lot) + count > CLAIMS_A_REVISION or len(lot) == ARTICLES_A_REVISION):
            yield lot
            lot = []
        lot.append(count)
    yield lot


def _people(collection: Collection) -> People:
    """Accounts that nobody can sign in to."""
    names = [*(f"filler-{nth + 1}" for nth in range(REVIEWERS)), "filler-editor"]
    ids = []
    for name in names:
        given = {"display_name": name.capitalize(), "is_active": False, "password": make_password(None)}
        user, _ = User.objects.get_or_create(username=name, defaults=given)
        role = Membership.Role.EDITOR if name == names[-1] else Membership.Role.REVIEWER
        if not Membership.objects.filter(collection=collection, user=user, ended=None).exists():
            set_member(collection, user, role)
        ids.append(user.pk)
    return People(ids[:-1], ids[-1])


class _Batch:
    """One revision's worth of drafts."""

    def __init__(self, revision: Commit, people: People, drafts: list[Draft]) -> None:
        self.revision, self.people, self.drafts = revision, people, drafts
        self.rule = CollectionSettings.objects.current().get(collection=revision.collection)
        self.article_ids = bulk.reserve(Article, len(drafts))
        self.span_ids = bulk.reserve(Span, sum(len(draft.claims) for draft in drafts))
        cited = {source for _, claim in self.claims() for source, _, _ in claim.evidence}
        self.source_ids = dict(zip(sorted(cited), bulk.reserve(Source, len(cited)), strict=True))

    def claims(self) -> Iterator[tuple[int, Claim]]:
        return zip(self.span_ids, (claim for draft in self.drafts for claim in draft.claims), strict=True)

    def write(self) -> list[int]:
        """Returns the ids of the claims, in the order of the drafts."""
        self._identities()
        self._versions(ArticleDetails, self._details())
        self.revision.articles += len(self.drafts)
        self._versions(SourceDetails, self._source_details())
        self._versions(ClaimState, (_state(self.rule, *pair, self.revision.tally) for pair in self.claims()))
        self._versions(Annotation, self._opinions())
        self._versions(Evidence, self._evidence())
        self._versions(Ruling, self._rulings())
        return self.span_ids

    def _versions(self, model: type[VersionRow], rows: Iterator[dict[str, Any]]) -> None:
        bulk.insert_versions(self.revision, model, rows)

    def _identities(self) -> None:
        home = self.revision.collection.pk
        articles = zip(self.article_ids, self.drafts, strict=True)
        bulk.insert(
            Article,
            (
                {"id": pk, "collection_id": home, "text": d.text, "sha256": sha256(d.text)}
                for pk, d in articles
            ),
        )
        bulk.insert(Span, self._spans())
        sources = self.source_ids.values()
        bulk.insert(
            Source, ({"id": pk, "collection_id": home, "kind": "web", "tier": "public"} for pk in sources)
        )

    def _spans(self) -> Iterator[dict[str, Any]]:
        ids = iter(self.span_ids)
        for article_id, draft in zip(self.article_ids, self.drafts, strict=True):
            for claim in draft.claims:
                prefix, suffix = context(draft.text, claim.start, claim.end)
                yield {
                    "id": next(ids),
                    "article_id": article_id,
                    "start": claim.start,
                    "end": claim.end,
                    "aspect": "fact",
                    "quote": draft.text[claim.start : claim.end],
                    "prefix": prefix,
                    "suffix": suffix,
                }

    def _details(self) -> Iterator[dict[str, Any]]:
        for article_id, draft in zip(self.article_ids, self.drafts, strict=True):
            yield {"article_id": article_id, **draft.details}

    def _source_details(self) -> Iterator[dict[str, Any]]:
        for nth, pk in self.source_ids.items():
            place = PLACES[nth % len(PLACES)]
            yield {
                "source_id": pk,
                "title": f"Register of {place}, {nth}",
                "url": f"https://registers.example/{nth}",
            }

    def _opinions(self) -> Iterator[dict[str, Any]]:
        for span_id, claim in self.claims():
            for nth, (reviewer, verdict) in enumerate(claim.opinions):
                yield _opinion(span_id, self.people.reviewers[reviewer], verdict, span_id + nth)

    def _evidence(self) -> Iterator[dict[str, Any]]:
        for span_id, claim in self.claims():
            for source, stance, reviewer in claim.evidence:
                yield {
                    "key": self.revision.new_key(),
                    "span_id": span_id,
                    "source_id": self.source_ids[source],
                    "added_by_id": self.people.reviewers[reviewer],
                    "stance": stance,
                    "locator": f"table {source % 9 + 1}",
                }

    def _rulings(self) -> Iterator[dict[str, Any]]:
        for span_id, claim in self.claims():
            if claim.ruling:
                reasons = "The register has the last word."
                yield {
                    "span_id": span_id,
                    "editor_id": self.people.editor,
                    "verdict": claim.ruling,
                    "rationale": reasons,
                }


def _opinion(span_id: int, reviewer_id: int, verdict: str, nth: int) -> dict[str, Any]:
    wrong = verdict == "disputed"
    return {
        "span_id": span_id,
        "reviewer_id": reviewer_id,
        "verdict": verdict,
        "why": "" if verdict == "verified" else "The figure stands otherwise in the register.",
        "problem": PROBLEMS[nth % len(PROBLEMS)] if wrong else "",
        "should_read": "about half as many" if wrong and nth % 3 == 0 else "",
        "must_fix": wrong and nth % 5 == 0,
        "confidence": 50 + nth % 11 * 5 if nth % 2 else None,
    }


def _state(rule: CollectionSettings, span_id: int, claim: Claim, tally: Counter[str]) -> dict[str, Any]:
    verdicts = [verdict for _, verdict in claim.opinions]
    status, verdict = derive(
        verdicts=verdicts,
        has_source=bool(claim.evidence),
        ruling=claim.ruling,
        not_checkable=bool(claim.reason),
        reviews_needed=rule.reviews_needed,
        verified_needs_source=rule.verified_needs_source,
    )
    counts = dict(sorted(Counter(verdicts).items()))
    if claim.evidence:
        counts["sources"] = len(claim.evidence)
    tally[tally_key(status, verdict)] += 1
    return {
        "span_id": span_id,
        "status": status,
        "verdict": verdict,
        "reason": claim.reason,
        "counts": counts,
    }


def _think_again(revision: Commit, claims: list[tuple[int, Claim]]) -> None:
    """The first reviewer of each of these claims comes to the opposite opinion."""
    rule = CollectionSettings.objects.current().get(collection=revision.collection)
    for at in range(0, len(claims), 1000):
        part = dict(claims[at : at + 1000])
        states = ClaimState.objects.current().filter(span__in=part)
        for key, count in Counter(tally_key(*row) for row in states.values_list("status", "verdict")).items():
            revision.tally[key] -= count
        revision.retire_many(ClaimState, list(states.values_list("pk", flat=True)))
        _change_opinions(revision, part)
        bulk.insert_versions(
            revision, ClaimState, (_state(rule, *pair, revision.tally) for pair in part.items())
        )


def _change_opinions(revision: Commit, claims: dict[int, Claim]) -> None:
    first: dict[int, tuple[int, int]] = {}
    rows = Annotation.objects.current().filter(span__in=claims).order_by("-pk")
    for pk, span_id, reviewer_id in rows.values_list("pk", "span_id", "reviewer_id"):
        first[span_id] = (pk, reviewer_id)
    revision.retire_many(Annotation, [pk for pk, _ in first.values()])
    changed = []
    for span_id, (_, reviewer_id) in first.items():
        reviewer, verdict = claims[span_id].opinions[0]
        claims[span_id].opinions[0] = (reviewer, "disputed" if verdict == "verified" else "verified")
        changed.append(_opinion(span_id, reviewer_id, claims[span_id].opinions[0][1], span_id))
    bulk.insert_versions(revision, Annotation, iter(changed))
