"""A claim split into parts: what they come to, shown on the whole, and the way from one to the other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from annotations.models import ClaimLink, LinkKind
from annotations.models.prepared import Prepared
from annotations.views.reading import Claim, Reading, claims

WORDS = {
    "verified": "verified",
    "disputed": "disputed",
    "needs_source": "need a source",
    "to_check": "to check",
    "open": "waiting",
    "contested": "in disagreement",
    "not_checkable": "not checkable",
}
LONGEST = 90


class Family(NamedTuple):
    """Of one claim, as this person may see it."""

    parts: list[Claim]
    wholes: list[Claim]

    @property
    def sum(self) -> str:
        return summed(Counter(part.verdict or part.status for part in self.parts))


NONE = Family([], [])


def family_of(reading: Reading, span_id: int) -> Family:
    parts = {other for (other,) in _PARTS(span_id)}
    wholes = {whole for (whole,) in _WHOLES(span_id)}
    if not parts | wholes:
        return NONE
    found = claims(reading, span__in=parts | wholes)
    found.sort(key=lambda claim: (claim.start, claim.end, claim.id))
    return Family(
        [claim for claim in found if claim.id in parts], [claim for claim in found if claim.id in wholes]
    )


# One query for both, with OR, is more than SQLite's planner can do.
_PART = ClaimLink.objects.current().filter(kind=LinkKind.PART)
_PARTS = Prepared(lambda whole: _PART.filter(span=whole).values_list("other"), int)
_WHOLES = Prepared(lambda part: _PART.filter(other=part).values_list("span"), int)


def summed(counts: Mapping[str, int]) -> str:
    """ "2 verified, 1 disputed"."""
    return ", ".join(f"{counts[name]} {words}" for name, words in WORDS.items() if counts.get(name))


def relations(reading: Reading, family: Family) -> str:
    """In the card: what its parts come to, or what it is a part of."""
    above = f'<p class="whole">A part of {_links(reading, family.wholes)}</p>' if family.wholes else ""
    if not family.parts:
        return above
    lines = "".join(f"<li>{_links(reading, [part])}</li>" for part in family.parts)
    return f'{above}<div class="parts-of"><h3>In parts: {family.sum}</h3><ol class="claim-links">{lines}</ol></div>'


def _links(reading: Reading, found: Iterable[Claim]) -> str:
    return ", ".join(
        f'<a class="to {claim.tone}" href="?claim={claim.id}#r{claim.id}" data-claim="{claim.id}">'
        f'<span class="no">{claim.id}</span> <span dir="auto">{escape(_short(reading, claim))}</span></a>'
        for claim in found
    )


def _short(reading: Reading, claim: Claim) -> str:
    quote = reading.kept.text[claim.start : claim.end]
    return quote if len(quote) <= LONGEST else f"{quote[: LONGEST - 2].rstrip()}…"
