"""Counts of claims, for the eye."""

from dataclasses import dataclass

from annotations.models import Status, Verdict

STATUS_WORDS = {
    Status.TO_CHECK: "To check",
    Status.OPEN: "Waiting",
    Status.AGREED: "Agreed",
    Status.CONTESTED: "Reviewers disagree",
    Status.RULED: "Decided",
    Status.NOT_CHECKABLE: "Not checkable",
}


def moved_in_words(moved: list[tuple[str, str, int]]) -> str:
    """From (status before, status after, how many claims); empty where no claim moved."""
    if not moved:
        return ""
    total = sum(count for _, _, count in moved)
    each = ", ".join(
        f"{count:,} {STATUS_WORDS[Status(was)].lower()} → {STATUS_WORDS[Status(now)].lower()}"
        for was, now, count in moved
    )
    return f"{total:,} claim{' has' if total == 1 else 's have'} another state now: {each}."


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the stacked bar, in hundredths of its length."""

    name: str
    label: str
    count: int
    start: float
    length: float


class Tally:
    """`counts`: live claims by "status" or "status:verdict", as `Revision.tally` has them."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self.total = sum(counts.values())

    def status(self, status: str) -> int:
        return sum(n for key, n in self.counts.items() if key.split(":")[0] == status)

    def verdict(self, verdict: str) -> int:
        return sum(n for key, n in self.counts.items() if key.endswith(f":{verdict}"))

    @property
    def statuses(self) -> list[tuple[str, str, int]]:
        return [(status, label, self.status(status)) for status, label in STATUS_WORDS.items()]

    @property
    def verdicts(self) -> list[tuple[str, str, int]]:
        return [(verdict.value, verdict.label, self.verdict(verdict)) for verdict in Verdict]

    @property
    def contested(self) -> int:
        return self.status(Status.CONTESTED)

    @property
    def unsettled(self) -> int:
        return self.total - self.contested - sum(n for _, _, n in self.verdicts)

    @property
    def parts(self) -> list[Part]:
        disagree = ("contested", STATUS_WORDS[Status.CONTESTED], self.contested)
        parts, at = [], 0.0
        for name, label, count in [*self.verdicts, disagree, ("none", "No result yet", self.unsettled)]:
            length = round(100 * count / self.total, 2) if self.total else 0.0
            parts.append(Part(name, label, count, round(at, 2), length))
            at += length
        return parts
