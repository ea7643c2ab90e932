"""What stands in the way of undoing, in lines that lead to the claims and changes they name."""

import re
from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from annotations import access
from annotations.access import Seat
from annotations.models import ClaimState, Revision
from annotations.views.moments import ago

NAMED = re.compile(r"\b(change|claim) (\d+)\b")
MOST = 20
"""So many lines are told of each change."""


def with_links(
    seat: Seat, refusals: Sequence[Sequence[str]], most: int | None = None
) -> list[list[SafeString]]:
    """The lines of each refusal, with who made the change that one names: “change 7, by Ana 2 minutes ago, came later”;
    beyond `most`, how many more there are. Two queries. A change that the person may not see is no link."""
    told = [lines[:most] for lines in refusals]
    links = _links(seat, [found for lines in told for line in lines for found in NAMED.findall(line)])

    def linked(found: re.Match[str]) -> str:
        words = links.get((found[1], int(found[2])), found[0])
        goes_on = found[1] == "change" and words != found[0] and found.string[found.end() :].startswith(" ")
        return words + ("," if goes_on else "")

    shown = []
    for lines, whole in zip(told, refusals, strict=True):
        # A line is our own words and numbers, and nobody else's.
        shown.append([mark_safe(NAMED.sub(linked, escape(line))) for line in lines])  # noqa: S308
        if rest := len(whole) - len(lines):
            shown[-1].append(format_html("and {} more", rest))
    return shown


def claim_link(seat: Seat, span: int, words: str, *, is_live: bool = True) -> SafeString:
    """To the claim's page; of a claim that is no more, to its history."""
    path = f"claims/{span}/" if is_live else f"history/?claim={span}"
    return format_html('<a href="/c/{}/{}">{}</a>', seat.collection.slug, path, words)


def _links(seat: Seat, named: Sequence[tuple[str, str]]) -> dict[tuple[str, int], str]:
    ids = {kind: {int(number) for each, number in named if each == kind} for kind in ("change", "claim")}
    rows = access.revisions(seat).filter(number__in=ids["change"]).select_related("author")
    links: dict[tuple[str, int], str] = {
        ("change", row.number): _change(seat, row) for row in (rows if ids["change"] else ())
    }
    states = ClaimState.objects.current().filter(collection=seat.collection, span__in=ids["claim"])
    live = set(states.values_list("span", flat=True)) if ids["claim"] else set()
    for span in ids["claim"]:
        links["claim", span] = claim_link(seat, span, f"claim {span}", is_live=span in live)
    return links


def _change(seat: Seat, row: Revision) -> str:
    who = "you" if row.author_id == seat.user.pk else row.author or "aigap"
    path = f"/c/{seat.collection.slug}/history/{row.number}/"
    return format_html('<a href="{}">change {}</a>, by {} {}', path, row.number, who, ago(row.created_at))
