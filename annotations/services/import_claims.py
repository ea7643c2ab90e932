"""Claims from a file into a collection that holds their articles: some lines a revision, each batch at most once."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from annotations.imports.claim_rows import Read, SourceRow
from annotations.models import (
    LIVE,
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    Source,
    SourceDetails,
    Span,
    User,
)
from annotations.services import bulk
from annotations.services.errors import LedgerError
from annotations.services.import_people import People
from annotations.services.import_plan import Placed, Plan, Told, outcome, placed, standing
from annotations.services.import_sources import TOLD, Said, SourcesHere, said_of, without_gone
from annotations.services.ledger import Commit, Replayed, commit, digest_of
from annotations.services.lineage import standing_undos
from annotations.services.states import tally_key

AT_ONCE = 1000
"""Lines of a batch: its revision holds the collection for about a second."""
NOT_CHECKABLE = "as imported"
"""Why a claim cannot be checked, where a file of an earlier version does not say."""


@dataclass(frozen=True, slots=True)
class Brought:
    """`before`: an earlier run had written what can be, and nothing was left; `revision` is then that run's, or None
    where every claim is here by other ways."""

    revision: int | None
    claims: int
    plan: Plan
    before: bool = False


class Faulty(LedgerError):
    """Lines that cannot be written, so that nothing of their batch was."""

    def __init__(self, faults: list[Told]) -> None:
        super().__init__("; ".join(f"line {line}: {what}" for line, what in faults[:5]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class File:
    """One file on its way into one collection. `sha256`: of the file, which its batches are known by."""

    collection: Collection
    author: User
    people: People
    sha256: str
    here: SourcesHere = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "here", SourcesHere(self.collection))

    def written(self, nth: int) -> dict[str, Any] | None:
        """What an earlier run made of the batch, where one did, of all its lines, and nobody undid it."""
        return self._turn(nth).done

    def _turn(self, nth: int) -> "_Turn":
        mine = Revision.objects.filter(collection=self.collection, author=self.author)
        turn = _Turn()
        for again in itertools.count():
            key = f"import-claims-{self.sha256[:40]}-{nth}-{again}"
            done = mine.filter(idempotency_key=key).values_list("number", "result").first()
            turn.key = key
            if done is None:
                return turn
            number, result = done
            if standing_undos(self.collection, {number}):
                continue
            if not result.get("left_out"):
                turn.done = result
                return turn
            turn.partial = number
            turn.sources |= result["sources"]
        raise AssertionError

    def check(self, read: list[Read]) -> Plan:
        """What writing the batch would come to now. Writes nothing."""
        found = standing(self.collection, placed(self.collection, self.people, read))
        rule = CollectionSettings.objects.current().get(collection=self.collection)
        found.notes += _otherwise(rule, found.placed)
        return found

    def write(self, nth: int, read: list[Read], sources: dict[str, int], *, partial: bool = False) -> Brought:
        """`sources`: of the batches before it, added to: digest of a source → its id here. `partial`: what can be
        written is, though some lines cannot; else Faulty."""
        self.here.load()
        found = placed(self.collection, self.people, read)
        digest = digest_of(do="import-claims", file=self.sha256, batch=nth)
        turn = self._turn(nth)
        sources |= turn.sources
        try:
            with commit(
                self.collection,
                author=self.author,
                action="import-claims",
                idempotency_key=turn.key,
                digest=digest,
            ) as revision:
                found = standing(self.collection, found)
                if found.faults and not partial:
                    raise Faulty(found.faults)
                if not found.placed:
                    raise _Nothing
                new = _Batch(revision, self.author, found.placed, sources, self.here).write()
                count = len(found.placed)
                title = "1 claim" if count == 1 else f"{count:,} claims"
                revision.result = {"title": title, "claims": count, "sources": new}
                revision.result |= {"left_out": len(found.faults)} if found.faults else {}
        except Replayed as replay:
            sources |= replay.result["sources"]
            return Brought(replay.number, replay.result["claims"], Plan(), before=True)
        except _Nothing:
            return Brought(turn.partial, 0, found, before=turn.partial is not None)
        sources |= new
        return Brought(revision.number, count, found)


@dataclass(slots=True)
class _Turn:
    """`key`: under which the batch was written, with what came of it (`done`), or is to be. `partial`: the last run
    that left some of its lines out, which are tried again; `sources`: of all such runs."""

    key: str = ""
    done: dict[str, Any] | None = None
    partial: int | None = None
    sources: dict[str, int] = field(default_factory=dict)


class _Nothing(Exception):
    pass


def _otherwise(rule: CollectionSettings, lines: list[Placed]) -> Iterator[Told]:
    """Where the collection's settings, or sources that did not leave, make something else of a claim."""
    for each in lines:
        status, _ = outcome(rule, each.claim)
        if each.claim.status not in ("", status):
            yield Told(each.claim.line, f"comes to {status} here; the file says {each.claim.status}.")


class _Batch:
    def __init__(
        self,
        revision: Commit,
        author: User,
        lines: list[Placed],
        sources: dict[str, int],
        here: SourcesHere,
    ) -> None:
        self.revision, self.author, self.lines, self.here = revision, author, lines, here
        self.rule = CollectionSettings.objects.current().get(collection=revision.collection)
        self.sources = dict(sources)

    def write(self) -> dict[str, int]:
        """Returns the sources that no batch before it had."""
        self._mark()
        new = self._sources()
        for model, rows in (
            (Annotation, self._opinions()),
            (Evidence, self._evidence()),
            (Ruling, self._rulings()),
            (ClaimState, self._states()),
        ):
            bulk.insert_versions(self.revision, model, rows)
        return new

    def _mark(self) -> None:
        """Each line has its span; one that was moved away before has come back."""
        again = [each.span for each in self.lines if each.span is not None]
        away = ClaimLink.objects.filter(retired_in=LIVE, span__in=again, kind__in=ClaimLink.AWAY)
        self.revision.retire_many(ClaimLink, list(away.values_list("pk", flat=True)))
        fresh = [each for each in self.lines if each.span is None]
        for each, span in zip(fresh, bulk.reserve(Span, len(fresh)), strict=True):
            each.span = span
        bulk.insert(Span, self._spans(fresh))

    def _spans(self, fresh: list[Placed]) -> Iterator[dict[str, Any]]:
        for each in fresh:
            yield {
                "id": each.span,
                "article_id": each.article,
                "start": each.start,
                "end": each.end,
                "aspect": each.claim.aspect,
                "quote": each.claim.quote,
                "prefix": each.prefix,
                "suffix": each.suffix,
            }

    def _sources(self) -> dict[str, int]:
        cited = {
            digest(source): said_of(source, each.sources.get(source))
            for each in self.lines
            for source in (cited.source for cited in each.claim.evidence)
        }
        known = {key: self.sources[key] for key in cited if key in self.sources}
        known = without_gone(self.revision.collection, known)
        wanted = {key: said for key, said in cited.items() if key not in known}
        same = self.here.same(wanted, set(self.sources.values()))
        new = self._written({key: said for key, said in wanted.items() if key not in same})
        self.sources |= same | new
        return same | new

    def _written(self, wanted: dict[str, Said]) -> dict[str, int]:
        new = dict(zip(wanted, bulk.reserve(Source, len(wanted)), strict=True))
        home = self.revision.collection.pk
        bulk.insert(
            Source,
            (
                {
                    "id": new[key],
                    "collection_id": home,
                    "kind": kind,
                    "article_id": article,
                    "tier": "public",
                }
                for key, (kind, article, *_) in wanted.items()
            ),
        )
        bulk.insert_versions(
            self.revision,
            SourceDetails,
            (
                {"source_id": new[key], **dict(zip(TOLD, told, strict=True))}
                for key, (_, _, *told) in wanted.items()
            ),
        )
        return new

    def _opinions(self) -> Iterator[dict[str, Any]]:
        for each in self.lines:
            for reviewer, review in zip(each.reviewers, each.claim.reviews, strict=True):
                said = asdict(review)
                del said["reviewer"]
                yield {"span_id": each.span, "reviewer_id": reviewer, **said}

    def _evidence(self) -> Iterator[dict[str, Any]]:
        for each in self.lines:
            for cited in each.claim.evidence:
                yield {
                    "key": self.revision.new_key(),
                    "span_id": each.span,
                    "source_id": self.sources[digest(cited.source)],
                    "added_by_id": self.author.pk,
                    "stance": cited.stance,
                    "locator": cited.locator,
                    "excerpt": cited.excerpt,
                }

    def _rulings(self) -> Iterator[dict[str, Any]]:
        for each in self.lines:
            if each.claim.ruling:
                said = asdict(each.claim.ruling)
                del said["editor"]
                yield {"span_id": each.span, "editor_id": each.editor, **said}

    def _states(self) -> Iterator[dict[str, Any]]:
        for each in self.lines:
            claim = each.claim
            status, verdict = outcome(self.rule, claim)
            counts: dict[str, int] = {}
            for review in sorted(claim.reviews, key=lambda review: review.verdict):
                counts[review.verdict] = counts.get(review.verdict, 0) + 1
            if claim.evidence:
                counts["sources"] = len(claim.evidence)
            self.revision.tally[tally_key(status, verdict)] += 1
            yield {
                "span_id": each.span,
                "status": status,
                "verdict": verdict,
                "reason": (claim.reason.strip() or NOT_CHECKABLE) if claim.status == "not_checkable" else "",
                "counts": counts,
            }


def digest(source: SourceRow) -> str:
    """What tells one source of a file from another: said otherwise, it is another."""
    return hashlib.sha256(repr(source).encode()).hexdigest()[:16]
