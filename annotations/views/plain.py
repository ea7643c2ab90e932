"""Working without scripts: words are chosen on a page of their own and judged in the reader (ADR 17)."""

import uuid
from bisect import bisect_left
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from annotations.domain.finding import LONGEST, closest, occurrences
from annotations.models import Aspect, Membership
from annotations.views.answers import SeeOther
from annotations.views.pages import collection_page
from annotations.views.reading import Claim, Kept, Reading, claims, place_url, reading, said

AROUND = 60
Placed = tuple[int, int, str]
"""start, end, aspect"""


class Found(NamedTuple):
    """Words in their surroundings, and the way to them."""

    before: str
    words: str
    after: str
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
def article_plain(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The sentences to choose from, and a field for exact words."""
    at = reading(request.user, slug, article_id, Membership.Role.REVIEWER)
    words = request.POST.get("words", "")[:LONGEST]
    places = occurrences(at.kept.text, words) if words else []
    if len(places) == 1:
        return SeeOther(place_url(at, *places[0]))
    lacking = request.method == "POST" and not places
    blocks = [(block["start"], block["end"]) for block in at.kept.blocks]
    context = {
        "article": at.kept.details,
        "url": at.url,
        "words": words,
        "lacking": lacking,
        "places": [_in_context(at, *place) for place in places],
        "close": [_in_context(at, *each) for each in closest(at.kept.text, blocks, words)] if lacking else [],
        "paragraphs": _paragraphs(at),
    }
    status = 422 if lacking else 200
    return collection_page(
        request, at.seat, "annotations/article_plain.html", context, here="articles", status=status
    )


def place_in(request: HttpRequest, at: Reading) -> Placed | None:
    """?start=…&end=… and perhaps &aspect=: words in hand that need not be a claim yet. For those who may mark."""
    if not at.may_mark:
        return None
    raw = [request.GET.get(name, "") for name in ("start", "end")]
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in raw):
        return None
    start, end = map(int, raw)
    aspect = request.GET.get("aspect", Aspect.FACT)
    if not start < end <= len(at.kept.text) or aspect not in Aspect.values:
        return None
    return start, end, aspect


def without_scripts(
    at: Reading, chosen: Claim | None, place: Placed | None, mine: dict[Placed, int]
) -> dict[str, Any]:
    """What the bar below the claims needs: the words in hand, the sentences around them."""
    hand = (chosen.start, chosen.end, chosen.aspect) if chosen else place
    starts = _sentences(at.kept)
    if hand is None:
        return {"next": place_url(at, *starts[0]) if starts else "", "key": uuid.uuid4()}
    start, end, aspect = hand
    index = bisect_left(starts, (start, 0))
    after = next((each for each in starts[index:] if each[0] > start and each[1] > end), None)
    return {
        "hand": {"start": start, "end": end, "aspect": aspect, "quote": at.kept.text[start:end]},
        "base": mine.get(hand, "none"),
        "previous": place_url(at, *starts[index - 1]) if index else "",
        "next": place_url(at, *after) if after else "",
        "here": max((each[0] for each in starts if each[0] <= start), default=0),
        "aspects": [
            (label, place_url(at, start, end, name)) for name, label in Aspect.choices if name != aspect
        ],
        "key": uuid.uuid4(),
    }


def _sentences(kept: Kept) -> list[tuple[int, int]]:
    if "sentences" not in kept.worked_out:
        cuts = (cut for block in kept.blocks for cut in block.get("sentences") or ())
        kept.worked_out["sentences"] = sorted((start, end) for start, end in cuts)
    found: list[tuple[int, int]] = kept.worked_out["sentences"]
    return found


def _in_context(at: Reading, start: int, end: int) -> Found:
    text = at.kept.text
    line = text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1
    left, right = max(line[0], start - AROUND), min(line[1], end + AROUND)
    before = f"{'…' * (left > line[0])}{text[left:start]}"
    after = f"{text[end:right]}{'…' * (right < line[1])}"
    return Found(before, text[start:end], after, place_url(at, start, end))


def _paragraphs(at: Reading) -> list[dict[str, Any]]:
    """Each with its sentences: words, address, and in words what is said of the claims that end there."""
    found = sorted(claims(at), key=lambda claim: (claim.end, claim.start))
    ends = [claim.end for claim in found]
    paragraphs = []
    for block in at.kept.blocks:
        lines = []
        for start, end in block.get("sentences") or ():
            here = found[bisect_left(ends, start + 1) : bisect_left(ends, end + 1)]
            told = [(claim, f"{claim.id}: {said(at.seat, claim)}") for claim in here]
            words = at.kept.text[start:end]
            lines.append({"start": start, "words": words, "url": place_url(at, start, end), "claims": told})
        paragraphs.append({"role": block["role"], "lines": lines})
    return [each for each in paragraphs if each["lines"]]
