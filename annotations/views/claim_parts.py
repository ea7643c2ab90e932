"""What a claim's own page is made of: its words among their sentences, what it rests on, what people say of it."""

import uuid
from typing import Any, NamedTuple

from django.http import HttpRequest

from annotations.models import Aspect
from annotations.services.preferences import root_classes
from annotations.views import recent
from annotations.views.by_origin import sources_by_origin
from annotations.views.card import REASONS, foot, headline, note
from annotations.views.citing import Cited, sources_on
from annotations.views.comment_section import comments_section
from annotations.views.correction_section import correction_section
from annotations.views.family import family_of, relations
from annotations.views.framing import framed
from annotations.views.legal_section import legal_section
from annotations.views.opinions import Opinion, my_opinion, opinions_on, others_opinions
from annotations.views.reading import Claim, Reading, claims, page_url
from annotations.views.review_section import Review, assigned, my_sent_back, review_of
from annotations.views.ruling import Decision, barred, decided, deciding, ruling_on
from annotations.views.surroundings import surroundings
from annotations.views.tellings import other_articles, tellings


class Said(NamedTuple):
    """All that is said of a claim, as far as the person may see it."""

    claim: Claim
    mine: Opinion | None
    others: list[Opinion]
    cited: list[Cited]
    ruling: Decision | None
    review: Review


def said_of(at: Reading, claim: Claim) -> Said:
    opinions = opinions_on(at, claim.id)
    mine = next((each for each in opinions if each.reviewer == at.seat.user.pk), None)
    others = [each for each in opinions if each is not mine]
    return Said(claim, mine, others, sources_on(at, claim.id), ruling_on(at, claim), review_of(at, claim.id))


def page_of(request: HttpRequest, at: Reading, said: Said) -> dict[str, Any]:
    claim = said.claim
    why_not = "" if said.mine or not at.seat.may_annotate else barred(at, claim, said.ruling)
    parts = {
        "decided": decided(said.ruling),
        "relations": relations(at, family_of(at, claim.id)),
        "sources": sources_by_origin(at, claim, said.cited),
        "legal": legal_section(at, claim),
        "correction": correction_section(at, claim),
        "mine": my_opinion(at, claim, said.mine, why_not)
        + my_sent_back(at, claim, said.review.backs.get(at.seat.user.pk)),
        "others": others_opinions(at, claim, said.others, said.review.backs),
        "deciding": deciding(at, claim, said.ruling),
        "comments": comments_section(at, claim),
        "assigned": assigned(at, claim, said.review.asked),
        "note": note(at, claim) if at.seat.is_reviewer else "",
        "foot": foot(at, claim, movable=is_movable(at, said)) if at.seat.is_reviewer else "",
    }
    return {
        **{name: framed(request, at, claim.id, html) for name, html in parts.items()},
        **frame_of(at, said),
        "is_barred": bool(why_not),
    }


def frame_of(at: Reading, said: Said) -> dict[str, Any]:
    """What the template itself writes."""
    claim = said.claim
    return {
        "claim": claim,
        "headline": headline(at, claim),
        "article": at.kept.details,
        "url": at.url,
        "in_text": f"{at.url}?claim={claim.id}#r{claim.id}",
        "around": surroundings(at, claim.start, claim.end),
        "aspects": _aspects(at, claim),
        "verdict": said.mine.verdict if said.mine else "",
        "base": said.mine.version if said.mine else "none",
        "may_judge": at.may_mark,
        "reasons": REASONS.items(),
        "key": uuid.uuid4(),
        "tellings": (found := tellings(at, claim)),
        "other_articles": 0 if found else other_articles(at),
        "undo": _my_last(at, claim),
        "root_classes": root_classes(at.seat.user),
    }


def is_movable(at: Reading, said: Said) -> bool:
    me = at.seat.user.pk
    alone = not said.others and said.ruling is None and all(each.added_by == me for each in said.cited)
    return at.seat.is_editor or alone


def _aspects(at: Reading, claim: Claim) -> list[dict[str, Any]]:
    """What else of these words is judged by itself."""
    here = claims(at, span__start=claim.start, span__end=claim.end)
    if len(here) == 1 and claim.aspect == Aspect.FACT:
        return []
    here.sort(key=lambda each: each.aspect)
    return [
        {"label": Aspect(each.aspect).label, "said": headline(at, each), "url": page_url(at, each.id)}
        | {"tone": each.tone, "id": each.id, "is_here": each.id == claim.id}
        for each in here
    ]


def _my_last(at: Reading, claim: Claim) -> str:
    """My last change in the article, in words, where it was one of this claim and stands."""
    last = recent.mine(at) if at.seat.is_reviewer else None
    if last is None or last.result["span"] != claim.id:
        return ""
    return recent.deed(last) if recent.stands(last) else ""
