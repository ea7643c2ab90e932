"""The facts of an article that somebody should check, and which of them no claim covers (ADR 16)."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_safe

from annotations.domain.facts import Fact, facts, first_mentions, uncovered
from annotations.models import Membership
from annotations.views.reading import Kept, counted, reading

READ = frozenset({"headline", "deck", "body", "caption"})
"""The parts of an article that tell facts; the others stand around it."""
NOUNS = (("figure", "figure"), ("date", "date"), ("name", "name"), ("quotation", "quotation"))
FIGURES = frozenset({"money", "percentage"})


@require_safe
def facts_fragment(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """[start, end, kind] of each, in the order of the text; which are left, `left/` says."""
    at = reading(request.user, slug, article_id, Membership.Role.REVIEWER)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(at.url)
    return JsonResponse({"facts": facts_of(at.kept)})


def facts_of(kept: Kept) -> list[Fact]:
    """Names once, where they are told first. Slow the first time: 6 ms for 1,000 characters."""
    if not is_known(kept):
        kept.worked_out["facts"] = _facts(kept)
    found: list[Fact] = kept.worked_out["facts"]
    return found


def is_known(kept: Kept) -> bool:
    return "facts" in kept.worked_out


def left_of(kept: Kept, places: Iterable[tuple[int, int]]) -> list[int]:
    """Indices of the facts that no claim at these places covers."""
    return uncovered(kept.text, facts_of(kept), places)


def in_words(found: Iterable[Fact]) -> str:
    """ "2 figures, 1 name": money and percentages are figures."""
    kinds: Counter[str] = Counter("figure" if fact.kind in FIGURES else fact.kind for fact in found)
    return ", ".join(counted(kinds[kind], noun) for kind, noun in NOUNS if kinds[kind])


def _facts(kept: Kept) -> list[Fact]:
    found = iter(facts(kept.text, 0, len(kept.text), kept.details.language))
    told = []
    fact = next(found, None)
    for block in kept.blocks:
        while fact and fact.start < block["end"]:
            if fact.start >= block["start"] and block["role"] in READ:
                told.append(fact)
            fact = next(found, None)
    return first_mentions(kept.text, told)
