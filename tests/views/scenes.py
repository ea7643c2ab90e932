"""What two people do to one thing at the same time: a scene for every form that names a version (test_conflicts)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotations.models import (
    Annotation,
    ArticleDetails,
    ArticleWork,
    ClaimState,
    CollectionSettings,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    PrivateNote,
    Ruling,
    SentBack,
    SourceDetails,
)
from tests.views.meanwhile import (
    MINE,
    THEIRS,
    answered,
    asked,
    ben_disagrees,
    called_off,
    cited,
    commented,
    drafted,
    live,
    moved,
    noted,
    other_claim,
    owned,
    reasked,
    recited,
    recommented,
    redescribed,
    redrafted,
    renoted,
    resettled,
    retagged,
    ruled,
    ruled_anew,
    sent_back,
    sent_back_anew,
    taken_back,
    uncheckable,
    uncited,
    uncommented,
    undrafted,
    unruled,
    work_noted,
)


def card(s):
    return f"{s.at}card/?claim={s.claim}"


def page(s):
    return f"/c/desk/claims/{s.claim}/"


def moving(s):
    return f"{s.at}claims/{s.claim}/move/"


def working(s):
    return f"{s.at}work/"


def says(model, **said):
    return lambda s: all(getattr(live(model), name) == value for name, value in said.items())


def none(model):
    return lambda s: not model.objects.current().exists()


def anything(s):
    return True


@dataclass(frozen=True)
class Scene:
    """`typed` into the form that sends to `form`, on the page `where`, while `then` happens. `kept`: what is true once
    mine is kept; None where it cannot be. `first`: what is there before."""

    form: str
    by: str
    then: Callable[[Any], object]
    typed: dict[str, Any]
    kept: Callable[[Any], object] | None = None
    first: Callable[[Any], object] = lambda s: None
    where: Callable[[Any], str] = card
    stored: str = THEIRS
    mine: str = MINE
    who: str = "Max"
    refused: bool = False
    """Kept, it is refused for another reason, in words."""


ME = "You yourself, elsewhere,"
FIND = "31 bridges in"
SCENES = {
    "tag": Scene(
        "claim-tag",
        "ana",
        retagged,
        {"verdict": "needs_source"},
        says(Annotation, verdict="needs_source"),
        where=page,
        stored="Verified",
        mine="Needs source",
        who=ME,
    ),
    "why": Scene("claim-why", "ana", retagged, {"why": MINE}, says(Annotation, why=MINE), who=ME),
    "why, taken back": Scene(
        "claim-why",
        "ana",
        taken_back,
        {"why": MINE},
        lambda s: (live(Annotation).why, live(Annotation).verdict) == (MINE, "disputed"),
        stored="took this back",
        who=ME,
    ),
    "why, moved": Scene(
        "claim-why",
        "ana",
        moved,
        {"why": MINE},
        lambda s: live(Annotation, span=s.home).why == MINE,
        stored="it is claim",
    ),
    "withdraw": Scene(
        "claim-withdraw",
        "ana",
        retagged,
        {},
        none(Annotation),
        mine="As it was.",
        who=ME,
    ),
    "not checkable": Scene(
        "claim-not-checkable",
        "ana",
        uncheckable,
        {"reason": "prediction"},
        says(ClaimState, reason="prediction"),
        where=page,
        stored="opinion",
        mine="prediction",
    ),
    "checkable": Scene(
        "claim-checkable",
        "ana",
        lambda s: uncheckable(s, "prediction"),
        {},
        lambda s: live(ClaimState).status != "not_checkable",
        uncheckable,
        stored="prediction",
        mine="opinion",
    ),
    "unmark": Scene(
        "claim-unmark",
        "ana",
        ben_disagrees,
        {},
        anything,
        stored="gave an opinion",
        mine="",
        who="Ben",
        refused=True,
    ),
    "move": Scene(
        "claim-move",
        "edith",
        ben_disagrees,
        {"words": FIND},
        lambda s: live(ClaimState).span.quote == FIND,
        where=moving,
        stored="31 bridges",
        mine=FIND,
        who="Ben",
    ),
    "move, moved": Scene(
        "claim-move",
        "edith",
        moved,
        {"words": FIND},
        lambda s: live(ClaimState).span.quote == FIND,
        where=moving,
        stored="31 bridges in the harbour",
        mine=FIND,
    ),
    "split": Scene(
        "claim-split",
        "edith",
        ben_disagrees,
        {"words": "31\nbridges"},
        lambda s: ClaimState.objects.current().count() == 3,
        where=lambda s: f"{s.at}claims/{s.claim}/split/",
        stored="31 bridges",
        mine="bridges",
        who="Ben",
    ),
    "merge": Scene(
        "claim-merge",
        "edith",
        ben_disagrees,
        {},
        lambda s: ClaimState.objects.current().count() == 1,
        other_claim,
        lambda s: f"{s.at}claims/{s.other}/merge/?with={s.claim}",
        stored="gave an opinion",
        mine="",
        who="Ben",
    ),
    "comment, moved": Scene(
        "claim-comment",
        "ana",
        moved,
        {"comment": MINE},
        lambda s: live(Comment, span=s.home).text == MINE,
        stored="it is claim",
    ),
    "send back": Scene(
        "claim-send-back",
        "edith",
        retagged,
        {"look_again": MINE},
        says(SentBack, reason=MINE),
        who="Ana",
    ),
    "send back, twice": Scene(
        "claim-send-back",
        "edith",
        sent_back_anew,
        {"look_again": MINE},
        says(SentBack, reason=MINE),
        sent_back,
    ),
    "send back, meanwhile": Scene(
        "claim-send-back",
        "edith",
        lambda s: sent_back(s, THEIRS),
        {"look_again": MINE},
        says(SentBack, reason=MINE),
    ),
    "send back, taken back": Scene(
        "claim-send-back", "edith", taken_back, {"look_again": MINE}, stored="took this back", who="Ana"
    ),
    "call off": Scene(
        "claim-call-off",
        "edith",
        sent_back_anew,
        {},
        none(SentBack),
        sent_back,
        mine="As it was.",
    ),
    "stand by": Scene(
        "claim-stand-by",
        "ana",
        sent_back_anew,
        {"comment": MINE},
        says(Comment, text=MINE),
        sent_back,
    ),
    "stand by, called off": Scene(
        "claim-stand-by",
        "ana",
        called_off,
        {"comment": MINE},
        says(Comment, text=MINE),
        sent_back,
        stored="took this back",
    ),
    "comment": Scene(
        "article-comment",
        "ana",
        recommented,
        {"comment": MINE},
        says(Comment, text=MINE),
        commented,
        who=ME,
    ),
    "comment, withdrawn": Scene(
        "article-comment",
        "ana",
        uncommented,
        {"comment": MINE},
        says(Comment, text=MINE),
        commented,
        stored="took this back",
        who=ME,
    ),
    "withdraw a comment": Scene(
        "article-comment-withdraw",
        "ana",
        recommented,
        {},
        none(Comment),
        commented,
        mine="As it was.",
        who=ME,
    ),
    "decide": Scene(
        "claim-decide",
        "edith",
        lambda s: ruled(s, THEIRS, "verified"),
        {"verdict": "disputed", "rationale": MINE},
        says(Ruling, rationale=MINE),
        where=page,
    ),
    "decide, opinions": Scene(
        "claim-decide",
        "edith",
        ben_disagrees,
        {"verdict": "disputed", "rationale": MINE},
        says(Ruling, rationale=MINE),
        where=page,
        stored="Reviewers now: 1 verified, 1 disputed.",
        who="Ben",
    ),
    "decide, withdrawn": Scene(
        "claim-decide",
        "edith",
        unruled,
        {"verdict": "disputed", "rationale": MINE},
        says(Ruling, rationale=MINE),
        ruled,
        page,
        stored="took back a decision",
    ),
    "withdraw a decision": Scene(
        "claim-decide-withdraw",
        "edith",
        ruled_anew,
        {},
        none(Ruling),
        ruled,
        mine="As it was.",
    ),
    "ask legal": Scene(
        "claim-legal-ask",
        "edith",
        lambda s: asked(s, THEIRS),
        {"question": MINE},
        says(LegalRead, question=MINE),
    ),
    "ask legal again": Scene(
        "claim-legal-ask",
        "edith",
        answered,
        {"question": MINE},
        says(LegalRead, question=MINE),
        lambda s: (asked(s), answered(s, "As it was.")),
    ),
    "answer legal": Scene(
        "claim-legal-answer",
        "lena",
        answered,
        {"answer": "cleared", "said": MINE},
        says(LegalRead, said=MINE),
        asked,
    ),
    "answer legal, asked anew": Scene(
        "claim-legal-answer",
        "lena",
        reasked,
        {"answer": "cleared", "said": MINE},
        says(LegalRead, said=MINE),
        asked,
        lambda s: "/c/desk/legal/",
    ),
    "withdraw legal": Scene(
        "claim-legal-withdraw", "edith", answered, {}, anything, asked, mine="", refused=True
    ),
    "correct": Scene(
        "claim-correct",
        "edith",
        redrafted,
        {"public_text": MINE},
        says(Correction, public_text=MINE),
        drafted,
    ),
    "correct, thrown away": Scene(
        "claim-correct",
        "edith",
        undrafted,
        {"public_text": MINE},
        says(Correction, public_text=MINE),
        drafted,
        stored="took this back",
    ),
    "publish": Scene(
        "claim-correction-publish",
        "edith",
        redrafted,
        {},
        lambda s: live(Correction).published_at,
        drafted,
        mine="As it was.",
    ),
    "withdraw a correction": Scene(
        "claim-correction-withdraw",
        "edith",
        redrafted,
        {},
        none(Correction),
        drafted,
        mine="As it was.",
    ),
    "publish, thrown away": Scene(
        "claim-correction-publish", "edith", undrafted, {}, None, drafted, stored="took this back", mine=""
    ),
    "source": Scene(
        "source-change",
        "edith",
        recited,
        {"excerpt": MINE, "title": "Deeds"},
        lambda s: (
            (
                live(Evidence).excerpt,
                live(Evidence).locator,
                live(SourceDetails).title,
                live(SourceDetails).publisher,
            )
            == (MINE, "p. 3", "Deeds", "Harbour office")
        ),
        cited,
    ),
    "source, removed": Scene(
        "source-change",
        "ana",
        uncited,
        {"excerpt": MINE},
        says(Evidence, excerpt=MINE),
        cited,
        stored="took this back",
    ),
    "remove a source": Scene(
        "source-remove",
        "edith",
        recited,
        {},
        none(Evidence),
        cited,
        mine="",
    ),
    "note": Scene(
        "claim-note",
        "ana",
        renoted,
        {"text": MINE},
        lambda s: PrivateNote.objects.get().text == MINE,
        noted,
        who=ME,
    ),
    "settings": Scene(
        "collection-settings",
        "edith",
        resettled,
        {"description": MINE},
        lambda s: (
            (live(CollectionSettings).description, live(CollectionSettings).license) == (MINE, "CC0-1.0")
        ),
        where=lambda s: "/c/desk/settings/",
    ),
    "details": Scene(
        "article-details",
        "edith",
        redescribed,
        {"byline": MINE, "role-1": "deck"},
        lambda s: (
            (
                live(ArticleDetails).byline,
                live(ArticleDetails).publisher,
                *(block["role"] for block in live(ArticleDetails).blocks),
            )
            == (MINE, "Elsewhere", "headline", "deck", "credit")
        ),
        where=lambda s: f"{s.at}details/",
    ),
    "withdraw an article": Scene(
        "article-withdraw",
        "edith",
        redescribed,
        {},
        anything,
        where=lambda s: f"{s.at}withdraw/",
        mine="Harbour Post",
        refused=True,
    ),
    "work": Scene(
        "article-work",
        "edith",
        work_noted,
        {"note": MINE},
        says(ArticleWork, note=MINE),
        owned,
        working,
    ),
    "work, taken over": Scene("article-work", "ana", work_noted, {"note": MINE}, None, owned, working),
}
