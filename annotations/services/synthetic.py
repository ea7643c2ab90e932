"""Articles and claims that nobody wrote, the same ones for the same seed. See `services.fill`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

OUTLETS = ("Harbour Post", "Valley Ledger", "The Meridian", "Northern Wire", "Daily Quarto")
PLACES = (
    "Port Ellen",
    "Westmark",
    "Aldermoor",
    "Tern Island",
    "Upper Vale",
    "Kestrel Bay",
    "Longford",
    "São Tomé",
)
BODIES = ("council", "port authority", "statistics office", "ministry", "university", "fishing union")
DOINGS = ("counted", "reported", "registered", "expects", "promised", "lost")
THINGS = (
    "ferries",
    "new homes",
    "bridges",
    "jobs",
    "kilometres of cable",
    "visitors 🌉",
    "data centres",
    "schools",
)
TAILS = ("in {year}", "since {year}", "by the end of {year}", "compared with {year}", "up {share}% on {year}")
VERDICTS = ("verified", "disputed", "needs_source")
REASONS = ("opinion", "prediction", "common knowledge")
STANCES = ("supports", "supports", "supports", "contradicts", "background")
PROBLEMS = ("figure", "date", "missing_context", "outdated", "overstated")


@dataclass(slots=True)
class Claim:
    """`opinions`: (reviewer, verdict); `evidence`: (source, stance, reviewer): people and sources by number."""

    start: int
    end: int
    opinions: list[tuple[int, str]] = field(default_factory=list)
    evidence: list[tuple[int, str, int]] = field(default_factory=list)
    ruling: str | None = None
    reason: str = ""


@dataclass(slots=True)
class Draft:
    text: str
    details: dict[str, Any]
    claims: list[Claim]


class Author:
    """Writes drafts one after the other. `reviewers`: how many there are, `sources`: how many can be cited."""

    def __init__(self, seed: int, reviewers: int, sources: int) -> None:
        self.random = Random(seed)  # noqa: S311 (load, not secrets)
        self.reviewers, self.sources = reviewers, sources

    def draft(self, number: int, claims: int) -> Draft:
        title = f"{self._pick(PLACES)} and its {self._pick(THINGS)}, part {number}"
        byline = f"By Correspondent {self.random.randrange(400)}"
        paragraphs = [self._paragraph() for _ in range(max(3, -(-claims * 2 // 9)))]
        lines = [[title], [byline], *paragraphs]
        text = "\n".join(" ".join(line) for line in lines)
        blocks = list(_blocks(lines))
        return Draft(
            text, self._details(number, title, byline, blocks), self._claims(text, blocks[2:], claims)
        )

    def _pick(self, words: tuple[str, ...]) -> str:
        return words[int(self.random.random() * len(words))]

    def _sentence(self) -> str:
        tail = self._pick(TAILS).format(
            year=1990 + self.random.randrange(36), share=self.random.randrange(1, 90)
        )
        count = f"{self.random.randrange(2, 90_000):,}"
        who = f"{self._pick(PLACES)} {self._pick(BODIES)}"
        return f"The {who} {self._pick(DOINGS)} {count} {self._pick(THINGS)} {tail}."

    def _paragraph(self) -> list[str]:
        return [self._sentence() for _ in range(self.random.randrange(3, 6))]

    def _details(self, number: int, title: str, byline: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        published = date(2024, 1, 1) + timedelta(days=self.random.randrange(900))
        outlet = self._pick(OUTLETS)
        return {
            "title": title,
            "publisher": outlet,
            "byline": byline,
            "published_on": published,
            "url": f"https://{outlet.lower().replace(' ', '-')}.example/{published:%Y/%m}/{number}",
            "language": "en",
            "direction": "ltr",
            "role": "checked",
            "blocks": blocks,
            "derived_from": [],
        }

    def _claims(self, text: str, blocks: list[dict[str, Any]], count: int) -> list[Claim]:
        sentences = [tuple(sentence) for block in blocks for sentence in block["sentences"]]
        places: dict[tuple[int, int], None] = {}
        while len(places) < count:
            start, end = sentences[int(self.random.random() * len(sentences))]
            if self.random.random() < 0.4 or (start, end) in places:
                start, end = self._part(text, start, end)
            places[start, end] = None
        return [self._judged(Claim(*place)) for place in sorted(places)]

    def _part(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Some whole words of the sentence."""
        cuts = [0, *accumulate(len(word) + 1 for word in text[start:end].split(" "))]
        first = self.random.randrange(len(cuts) - 1)
        last = self.random.randrange(first + 1, len(cuts))
        return start + cuts[first], start + cuts[last] - 1

    def _judged(self, claim: Claim) -> Claim:
        chance = self.random.random()
        if chance < 0.03:
            claim.reason = self._pick(REASONS)
        elif chance > 0.15:
            self._opinions(claim)
        if self.random.random() < 0.55:
            self._evidence(claim)
        disagree = len({verdict for _, verdict in claim.opinions}) > 1
        if disagree and self.random.random() < 0.3:
            claim.ruling = self._pick(VERDICTS)
        return claim

    def _opinions(self, claim: Claim) -> None:
        usual = VERDICTS[0 if self.random.random() < 0.55 else 1 + int(self.random.random() * 2)]
        first, count = self.random.randrange(self.reviewers), 1 + int(3 * self.random.random() ** 2)
        for nth in range(min(count, self.reviewers)):
            verdict = usual if self.random.random() < 0.85 else self._pick(VERDICTS)
            claim.opinions.append(((first + nth) % self.reviewers, verdict))

    def _evidence(self, claim: Claim) -> None:
        for _ in range(1 + (self.random.random() < 0.15)):
            source = int(self.random.random() * self.sources)
            claim.evidence.append((source, self._pick(STANCES), self.random.randrange(self.reviewers)))


def _blocks(lines: list[list[str]]) -> Iterator[dict[str, Any]]:
    at = 0
    roles = ["headline", "byline", *["body"] * (len(lines) - 2)]
    for role, sentences in zip(roles, lines, strict=True):
        cuts = []
        start = at
        for sentence in sentences:
            cuts.append([at, at + len(sentence)])
            at += len(sentence) + 1
        yield {"start": start, "end": at - 1, "role": role, "reason": "synthetic", "sentences": cuts}
