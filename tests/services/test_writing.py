"""Each service: what it refuses and that nothing is stored then, retries, keys reused, and races."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import IntegrityError

from annotations.models import (
    VERSION_MODELS,
    Annotation,
    Article,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    SourceDetails,
    Span,
    User,
)
from annotations.services import claims, evidence, ledger
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark, withdraw
from annotations.services.errors import (
    DuplicateText,
    Invalid,
    NotAllowed,
    NotThere,
    OthersWork,
    QuoteMismatch,
)
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.ledger import KeyReused, Stale, commit
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings, create_collection
from annotations.services.undo import undo

Find = Callable[..., Place]
OTHER_TEXT = "Another text."
OTHER = Details(title="T", blocks=[{"start": 0, "end": 13, "role": "body", "reason": "test"}])
WEB = NewSource("web", {"title": "Register"})


@dataclass
class Desk:
    """A desk with ana's opinion and source on one claim, edith's decision on another, and a foreign collection."""

    home: Collection
    foreign: Collection
    ana: User
    ben: User
    edith: User
    place: Place
    decided: Place
    span: int
    opinion: int
    ruled: int
    ruling: int
    evidence: Evidence
    foreign_span: int
    foreign_article: int


@pytest.fixture
def d(desk: Collection, ana: User, ben: User, edith: User, place: Find) -> Desk:
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    cited = add_evidence(desk, author=ana, span_id=said.span_id, source=WEB)
    marked = mark(desk, author=ben, place=place("$2 billion"))
    ruled = rule(desk, author=edith, span_id=marked.span_id, verdict="disputed", rationale="No.", base=None)
    foreign = create_collection("foreign", author=None)
    article = import_article(foreign, author=None, text=OTHER_TEXT, details=OTHER).article_id
    theirs = mark(foreign, author=ben, place=Place(article, 0, 7, "Another"))
    return Desk(
        home=desk,
        foreign=foreign,
        ana=ana,
        ben=ben,
        edith=edith,
        place=place("31 bridges"),
        decided=place("$2 billion"),
        span=said.span_id,
        opinion=said.version or 0,
        ruled=marked.span_id,
        ruling=ruled.version or 0,
        evidence=Evidence.objects.get(pk=cited.version),
        foreign_span=theirs.span_id,
        foreign_article=article,
    )


def stored() -> list[int]:
    counts = [model.objects.count() for model in (*VERSION_MODELS, Revision, Span, Article)]
    return [*counts, *Collection.objects.order_by("pk").values_list("head", flat=True)]


Refusal = tuple[str, type[Exception], Callable[[Desk], Any]]
GOOD = Opinion("disputed")
REFUSALS: list[Refusal] = [
    (
        "another quote",
        QuoteMismatch,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, quote="32 bridges")),
    ),
    (
        "offsets in UTF-16",
        QuoteMismatch,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, start=26, end=36)),
    ),
    ("beyond the text", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, end=9000))),
    ("before the text", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, start=-1))),
    ("nothing", Invalid, lambda d: mark(d.home, author=d.ana, place=replace(d.place, end=25, quote=""))),
    (
        "an unknown aspect",
        Invalid,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, aspect="mood")),
    ),
    (
        "a foreign article",
        NotThere,
        lambda d: mark(d.home, author=d.ana, place=replace(d.place, article_id=d.foreign_article)),
    ),
    (
        "no article",
        NotThere,
        lambda d: tag(d.home, author=d.ana, target=replace(d.place, article_id=0), opinion=GOOD, base=None),
    ),
    (
        "a foreign claim",
        NotThere,
        lambda d: tag(d.home, author=d.ana, target=d.foreign_span, opinion=GOOD, base=None),
    ),
    ("no base", Stale, lambda d: tag(d.home, author=d.ana, target=d.span, opinion=GOOD, base=None)),
    (
        "another base",
        Stale,
        lambda d: tag(d.home, author=d.ana, target=d.span, opinion=GOOD, base=d.opinion + 1),
    ),
    (
        "a base where there is none",
        Stale,
        lambda d: tag(d.home, author=d.ben, target=d.span, opinion=GOOD, base=d.opinion),
    ),
    (
        "an unknown verdict",
        Invalid,
        lambda d: tag(d.home, author=d.ben, target=d.span, opinion=Opinion("true"), base=None),
    ),
    (
        "an unknown problem",
        Invalid,
        lambda d: tag(
            d.home, author=d.ben, target=d.span, opinion=Opinion("disputed", problem="x"), base=None
        ),
    ),
    (
        "101 per cent",
        Invalid,
        lambda d: tag(
            d.home, author=d.ben, target=d.span, opinion=Opinion("disputed", confidence=101), base=None
        ),
    ),
    (
        "who decided reviews",
        NotAllowed,
        lambda d: tag(d.home, author=d.edith, target=d.ruled, opinion=GOOD, base=None),
    ),
    (
        "to withdraw nothing",
        NotThere,
        lambda d: withdraw(d.home, author=d.ben, span_id=d.span, base=d.opinion),
    ),
    (
        "to withdraw what has changed",
        Stale,
        lambda d: withdraw(d.home, author=d.ana, span_id=d.span, base=d.opinion + 1),
    ),
    (
        "to withdraw elsewhere",
        NotThere,
        lambda d: withdraw(d.foreign, author=d.ana, span_id=d.span, base=d.opinion),
    ),
    (
        "no reason",
        Invalid,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason=" "),
    ),
    (
        "a long reason",
        Invalid,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="x" * 201),
    ),
    (
        "an old claim",
        Stale,
        lambda d: set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="so", base=1),
    ),
    (
        "a foreign claim's reason",
        NotThere,
        lambda d: set_checkable(d.home, author=d.ana, target=d.foreign_span, not_checkable=True, reason="so"),
    ),
    ("to unmark others' work", OthersWork, lambda d: unmark(d.home, author=d.ben, span_id=d.span)),
    ("to unmark a decided claim", OthersWork, lambda d: unmark(d.home, author=d.ben, span_id=d.ruled)),
    ("to unmark an old claim", Stale, lambda d: unmark(d.home, author=d.ana, span_id=d.span, base=1)),
    ("to unmark elsewhere", NotThere, lambda d: unmark(d.home, author=d.ben, span_id=d.foreign_span)),
    (
        "a source for a foreign claim",
        NotThere,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.foreign_span, source=WEB),
    ),
    (
        "a foreign source",
        NotThere,
        lambda d: add_evidence(d.foreign, author=d.ana, span_id=d.foreign_span, source=d.evidence.source_id),
    ),
    ("no such source", NotThere, lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=0)),
    (
        "an unknown stance",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=WEB, citation=Citation("proves")),
    ),
    (
        "an unknown kind",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("rumour")),
    ),
    (
        "an unknown tier",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=replace(WEB, tier="secret")),
    ),
    (
        "an unknown detail",
        Invalid,
        lambda d: add_evidence(
            d.home, author=d.ana, span_id=d.span, source=NewSource("web", {"source_id": 1})
        ),
    ),
    (
        "a source without a name",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("web")),
    ),
    (
        "a foreign article as source",
        Invalid,
        lambda d: add_evidence(
            d.home, author=d.ana, span_id=d.span, source=NewSource("article", article_id=d.foreign_article)
        ),
    ),
    (
        "no article as source",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource("article")),
    ),
    (
        "an article of a web page",
        Invalid,
        lambda d: add_evidence(d.home, author=d.ana, span_id=d.span, source=replace(WEB, article_id=1)),
    ),
    (
        "an old source",
        Stale,
        lambda d: edit_evidence(
            d.home, author=d.ana, evidence_key=d.evidence.key, base=0, citation=Citation()
        ),
    ),
    (
        "old details of a source",
        Stale,
        lambda d: edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"title": "B"},
            source_base=0,
        ),
    ),
    (
        "to rename a source's collection",
        Invalid,
        lambda d: edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"collection_id": 2},
        ),
    ),
    (
        "to remove an old source",
        Stale,
        lambda d: remove_evidence(d.home, author=d.ana, evidence_key=d.evidence.key, base=0),
    ),
    (
        "to remove a foreign source",
        NotThere,
        lambda d: remove_evidence(d.foreign, author=d.ana, evidence_key=d.evidence.key, base=d.evidence.pk),
    ),
    (
        "a decision without reasons",
        Invalid,
        lambda d: rule(d.home, author=d.edith, span_id=d.span, verdict="disputed", rationale=" ", base=None),
    ),
    (
        "a decision of no verdict",
        Invalid,
        lambda d: rule(d.home, author=d.edith, span_id=d.span, verdict="false", rationale="So.", base=None),
    ),
    (
        "who reviewed decides",
        NotAllowed,
        lambda d: rule(d.home, author=d.ana, span_id=d.span, verdict="disputed", rationale="So.", base=None),
    ),
    (
        "a decision over another",
        Stale,
        lambda d: rule(
            d.home, author=d.edith, span_id=d.ruled, verdict="disputed", rationale="So.", base=None
        ),
    ),
    (
        "a decision on an old claim",
        Stale,
        lambda d: rule(
            d.home,
            author=d.edith,
            span_id=d.span,
            verdict="disputed",
            rationale="So.",
            base=None,
            claim_revision=1,
        ),
    ),
    (
        "a decision on a foreign claim",
        NotThere,
        lambda d: rule(
            d.home, author=d.edith, span_id=d.foreign_span, verdict="disputed", rationale="So.", base=None
        ),
    ),
    (
        "to withdraw no decision",
        NotThere,
        lambda d: withdraw_ruling(d.home, author=d.edith, span_id=d.span, base=d.ruling),
    ),
    (
        "to withdraw an old decision",
        Stale,
        lambda d: withdraw_ruling(d.home, author=d.edith, span_id=d.ruled, base=d.ruling + 1),
    ),
    (
        "the same text",
        DuplicateText,
        lambda d: import_article(d.foreign, author=None, text=OTHER_TEXT, details=OTHER),
    ),
    (
        "blocks that leave text out",
        Invalid,
        lambda d: import_article(d.home, author=None, text=OTHER_TEXT + "!", details=OTHER),
    ),
    (
        "to supersede a foreign article",
        Invalid,
        lambda d: import_article(
            d.home, author=None, text=OTHER_TEXT, details=OTHER, supersedes=d.foreign_article
        ),
    ),
    (
        "a foreign article's details",
        NotThere,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.foreign_article, base=1, changes={"title": "B"}
        ),
    ),
    (
        "old details",
        Stale,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"title": "B"}
        ),
    ),
    (
        "an unknown detail of an article",
        Invalid,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"text": "B"}
        ),
    ),
    (
        "blocks of another text",
        Invalid,
        lambda d: edit_details(
            d.home, author=d.edith, article_id=d.place.article_id, base=0, changes={"blocks": []}
        ),
    ),
    ("old settings", Stale, lambda d: change_settings(d.home, author=d.edith, base=0, changes={"name": "B"})),
    (
        "an unknown setting",
        Invalid,
        lambda d: change_settings(d.home, author=d.edith, base=0, changes={"slug": "b"}),
    ),
    (
        "no reviews",
        Invalid,
        lambda d: change_settings(d.home, author=d.edith, base=0, changes={"reviews_needed": 0}),
    ),
    ("the name of another collection", Invalid, lambda d: create_collection("foreign", author=d.edith)),
    ("to undo a foreign change", NotThere, lambda d: undo(d.foreign, author=d.edith, number=9)),
]


@pytest.mark.parametrize(
    ("error", "write"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_what_is_refused_is_not_stored(d: Desk, error: type[Exception], write: Callable[[Desk], Any]) -> None:
    before = stored()

    with pytest.raises(error) as refusal:
        write(d)

    assert type(refusal.value) is error
    assert str(refusal.value)
    assert stored() == before


def test_a_fault_in_the_middle_stores_nothing(d: Desk) -> None:
    before = stored()

    def replace_by_nonsense() -> None:
        with commit(d.home, author=d.ana, action="tag") as revision:
            revision.retire(Annotation, d.opinion)
            revision.insert(Annotation, span_id=d.span, reviewer_id=d.ana.pk, verdict="no verdict")

    with pytest.raises(IntegrityError):
        replace_by_nonsense()

    assert stored() == before
    assert Annotation.objects.get(pk=d.opinion).is_live


def test_a_row_is_not_retired_twice(d: Desk) -> None:
    def retire_twice() -> None:
        with commit(d.home, author=d.ana, action="tag") as revision:
            revision.retire(Annotation, d.opinion)
            revision.retire(Annotation, d.opinion)

    with pytest.raises(Stale):
        retire_twice()


def test_a_key_needs_an_author(d: Desk) -> None:
    with pytest.raises(TypeError), commit(d.home, author=None, action="tag", idempotency_key="k"):
        pass


# Retries: (what, the request, other requests under its key)

Request = tuple[Callable[..., Any], dict[str, Any]]
RETRIES: dict[str, Callable[[Desk], tuple[Request, list[dict[str, Any]]]]] = {
    "mark": lambda d: (
        (mark, {"author": d.ben, "place": replace(d.place, aspect="said")}),
        [{"place": replace(d.place, aspect="wording")}, {"place": d.place}],
    ),
    "tag": lambda d: (
        (tag, {"author": d.ben, "target": d.span, "opinion": GOOD, "base": None}),
        [{"opinion": Opinion("verified")}, {"target": d.place}, {"base": 7}],
    ),
    "withdraw": lambda d: (
        (withdraw, {"author": d.ana, "span_id": d.span, "base": d.opinion}),
        [{"span_id": d.ruled}, {"base": 7}],
    ),
    "set_checkable": lambda d: (
        (set_checkable, {"author": d.ana, "target": d.span, "not_checkable": True, "reason": "so"}),
        [{"reason": "other"}, {"not_checkable": False}, {"base": 3}, {"target": d.ruled}],
    ),
    "unmark": lambda d: ((unmark, {"author": d.ana, "span_id": d.span}), [{"base": 3}, {"span_id": d.ruled}]),
    "add_evidence": lambda d: (
        (add_evidence, {"author": d.ana, "span_id": d.span, "source": WEB}),
        [{"source": d.evidence.source_id}, {"citation": Citation("background")}, {"span_id": d.ruled}],
    ),
    "edit_evidence": lambda d: (
        (
            edit_evidence,
            {
                "author": d.ana,
                "evidence_key": d.evidence.key,
                "base": d.evidence.pk,
                "citation": Citation("background"),
            },
        ),
        [{"citation": Citation()}, {"base": 3}, {"source_details": {"title": "B"}}, {"source_base": 3}],
    ),
    "remove_evidence": lambda d: (
        (remove_evidence, {"author": d.ana, "evidence_key": d.evidence.key, "base": d.evidence.pk}),
        [{"base": 3}, {"evidence_key": "1-1"}],
    ),
    "rule": lambda d: (
        (
            rule,
            {"author": d.edith, "span_id": d.span, "verdict": "disputed", "rationale": "So.", "base": None},
        ),
        [{"verdict": "verified"}, {"rationale": "No."}, {"base": 3}, {"claim_revision": 3}],
    ),
    "withdraw_ruling": lambda d: (
        (withdraw_ruling, {"author": d.edith, "span_id": d.ruled, "base": d.ruling}),
        [{"base": 3}, {"span_id": d.span}],
    ),
    "import_article": lambda d: (
        (import_article, {"author": d.edith, "text": OTHER_TEXT, "details": OTHER}),
        [{"details": replace(OTHER, title="B")}, {"supersedes": d.place.article_id}],
    ),
    "edit_details": lambda d: (
        (
            edit_details,
            {
                "author": d.edith,
                "article_id": d.place.article_id,
                "base": ArticleDetails.objects.get(article=d.place.article_id).pk,
                "changes": {"title": "B"},
            },
        ),
        [{"base": 3}, {"changes": {"title": "C"}}],
    ),
}


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_retry_has_one_effect_and_the_first_answer(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), _ = case(d)
    first = service(d.home, **request, key="once")
    after = stored()

    again = service(d.home, **request, key="once")

    assert first.changed
    assert again == replace(first, changed=False)
    assert stored() == after


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_retry_is_one_even_after_an_undo(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), _ = case(d)
    first = service(d.home, **request, key="once")
    undo(d.home, author=d.edith, number=first.revision)
    after = stored()

    assert service(d.home, **request, key="once") == replace(first, changed=False)
    assert stored() == after


@pytest.mark.parametrize("case", RETRIES.values(), ids=RETRIES)
def test_a_key_used_for_another_request_is_refused(d: Desk, case: Callable[[Desk], Any]) -> None:
    (service, request), others = case(d)
    service(d.home, **request, key="once")
    after = stored()

    for other in others:
        with pytest.raises(KeyReused):
            service(d.home, **request | other, key="once")

    assert stored() == after


def test_a_key_is_its_authors_and_its_collections(d: Desk) -> None:
    first = mark(d.home, author=d.ana, place=replace(d.place, aspect="said"), key="same")
    theirs = mark(d.home, author=d.ben, place=replace(d.place, aspect="wording"), key="same")
    elsewhere = Place(d.foreign_article, 8, 12, "text")
    abroad = mark(d.foreign, author=d.ana, place=elsewhere, key="same")

    assert all(done.changed for done in (first, theirs, abroad))


# What changes nothing


def test_the_same_again_is_no_revision(d: Desk) -> None:
    set_checkable(d.home, author=d.ana, target=d.span, not_checkable=True, reason="so")
    live = CollectionSettings.objects.current().get(collection=d.home)
    details = ArticleDetails.objects.current().get(article=d.place.article_id)
    before = stored()

    done = [
        mark(d.home, author=d.ben, place=d.place),
        mark(d.home, author=d.ben, place=d.place, key="keyed"),
        tag(d.home, author=d.ana, target=d.span, opinion=Opinion("verified"), base=d.opinion),
        set_checkable(d.home, author=d.ben, target=d.span, not_checkable=True, reason=" so "),
        edit_evidence(
            d.home,
            author=d.ana,
            evidence_key=d.evidence.key,
            base=d.evidence.pk,
            citation=Citation(),
            source_details={"title": "Register"},
        ),
        edit_details(
            d.home,
            author=d.edith,
            article_id=d.place.article_id,
            base=details.pk,
            changes={"title": details.title},
        ),
    ]
    assert change_settings(d.home, author=d.edith, base=live.pk, changes={"name": live.name}) == live.pk

    assert [result.changed for result in done] == [False] * 6
    assert stored() == before


# What only seemed to be there: somebody was faster than the lock


@pytest.fixture
def faster(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Callable[[], Any]], None]:
    """faster(module, act): `act` happens just before the module's next commit takes the lock."""

    def arrange(module: Any, act: Callable[[], Any]) -> None:
        @contextmanager
        def late(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(module, "commit", ledger.commit)
            act()
            with ledger.commit(*args, **kwargs) as revision:
                yield revision

        monkeypatch.setattr(module, "commit", late)

    return arrange


def test_no_claim_in_an_article_that_has_just_gone(
    desk: Collection, edith: User, faster, place: Find
) -> None:
    where = place("31 bridges")
    imported = ArticleDetails.objects.get(article=where.article_id).created_in
    faster(claims, lambda: undo(desk, author=edith, number=imported))

    with pytest.raises(NotThere):
        mark(desk, author=edith, place=where)

    assert not ClaimState.objects.current().exists()


def test_no_evidence_from_a_source_that_has_just_gone(d: Desk, faster) -> None:
    faster(evidence, lambda: undo(d.home, author=d.ana, number=d.evidence.created_in))

    with pytest.raises(NotThere):
        add_evidence(d.home, author=d.ben, span_id=d.ruled, source=d.evidence.source_id)


def test_no_source_that_is_an_article_that_has_just_gone(d: Desk, faster) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    faster(evidence, lambda: undo(d.home, author=d.edith, number=other.revision))

    with pytest.raises(Invalid):
        add_evidence(
            d.home, author=d.ben, span_id=d.span, source=NewSource("article", article_id=other.article_id)
        )


def test_a_source_whose_article_has_gone_is_not_cited_again(d: Desk) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    cited = add_evidence(
        d.home, author=d.ben, span_id=d.span, source=NewSource("article", article_id=other.article_id)
    )
    source = Evidence.objects.get(pk=cited.version).source_id
    remove_evidence(d.home, author=d.ben, evidence_key=cited.key, base=cited.version)
    undo(d.home, author=d.edith, number=other.revision)

    with pytest.raises(NotThere):
        add_evidence(d.home, author=d.ben, span_id=d.span, source=source)


# What belongs together


def test_not_checkable_outlasts_a_decision(d: Desk) -> None:
    set_checkable(d.home, author=d.ben, target=d.ruled, not_checkable=True, reason="a forecast")
    assert ClaimState.objects.current().get(span=d.ruled).status == "ruled"

    withdraw_ruling(d.home, author=d.edith, span_id=d.ruled, base=d.ruling)

    live = ClaimState.objects.current().get(span=d.ruled)
    assert (live.status, live.reason) == ("not_checkable", "a forecast")


def test_a_claim_that_another_called_not_checkable_is_not_unmarked(d: Desk) -> None:
    set_checkable(d.home, author=d.ben, target=d.span, not_checkable=True, reason="a forecast")

    with pytest.raises(OthersWork) as refusal:
        unmark(d.home, author=d.ana, span_id=d.span)

    assert refusal.value.depends == ["somebody else said that it cannot be checked (a forecast)"]


def test_unmarking_names_whose_work_is_in_the_way(d: Desk) -> None:
    tag(d.home, author=d.ben, target=d.span, opinion=GOOD, base=None)
    rule(d.home, author=d.edith, span_id=d.span, verdict="verified", rationale="So.", base=None)

    with pytest.raises(OthersWork) as refusal:
        unmark(d.home, author=d.ana, span_id=d.span)

    assert refusal.value.depends == ["an opinion by another reviewer (disputed)", "an editor's decision"]


def test_a_place_is_marked_again_as_the_same_claim(d: Desk) -> None:
    unmark(d.home, author=d.ana, span_id=d.span)
    again = tag(d.home, author=d.ben, target=d.place, opinion=GOOD, base=None)

    assert again.span_id == d.span
    live = ClaimState.objects.current().get(span=d.span)
    assert (live.status, live.counts) == ("agreed", {"disputed": 1})


def test_prefix_and_suffix_are_the_text_around(d: Desk) -> None:
    span = Span.objects.get(pk=d.span)

    assert (span.prefix, span.quote, span.suffix) == (
        "Bridges 🌉 counted\nThere are "[-32:],
        "31 bridges",
        " in the harbour, the mayor said.",
    )


def test_correcting_a_source_renews_every_claim_that_cites_it(d: Desk) -> None:
    add_evidence(d.home, author=d.ben, span_id=d.ruled, source=d.evidence.source_id)
    done = edit_evidence(
        d.home,
        author=d.ana,
        evidence_key=d.evidence.key,
        base=d.evidence.pk,
        citation=Citation(),
        source_details={"title": "B"},
    )

    live = ClaimState.objects.current().filter(span__in=[d.span, d.ruled])
    assert set(live.values_list("created_in", flat=True)) == {done.revision}
    assert SourceDetails.objects.current().get(source=d.evidence.source_id).title == "B"


def test_people_and_documents_stay_at_the_desk(d: Desk) -> None:
    tiers = {}
    for kind in ("web", "document", "image", "person", "calculation", "recording"):
        cited = add_evidence(d.home, author=d.ana, span_id=d.span, source=NewSource(kind, {"title": "S"}))
        tiers[kind] = Evidence.objects.get(pk=cited.version).source.tier

    assert {kind for kind, tier in tiers.items() if tier == "desk"} == {"document", "image", "person"}


def test_settings_change_what_claims_come_to(d: Desk) -> None:
    base = CollectionSettings.objects.current().get(collection=d.home).pk
    untouched = ClaimState.objects.current().get(span=d.ruled).pk
    change_settings(d.home, author=d.edith, base=base, changes={"reviews_needed": 2})

    live = ClaimState.objects.current().get(span=d.span)
    assert (live.status, live.verdict, live.counts) == ("open", None, {"sources": 1, "verified": 1})
    assert ClaimState.objects.current().get(span=d.ruled).pk == untouched
    assert Revision.objects.filter(collection=d.home).last().tally == {"open": 1, "ruled:disputed": 1}


def test_settings_of_another_collection_change_nothing_here(d: Desk) -> None:
    base = CollectionSettings.objects.current().get(collection=d.foreign).pk
    before = list(ClaimState.objects.current().filter(collection=d.home).values_list("pk", flat=True))
    change_settings(d.foreign, author=d.edith, base=base, changes={"reviews_needed": 3})

    assert list(ClaimState.objects.current().filter(collection=d.home).values_list("pk", flat=True)) == before


@pytest.mark.parametrize("setting", ["blind", "text_exportable", "show_names"])
def test_what_changes_sight_raises_the_epoch(d: Desk, setting: str) -> None:
    live = CollectionSettings.objects.current().get(collection=d.home)
    before = Collection.objects.get(pk=d.home.pk).epoch
    change_settings(d.home, author=d.edith, base=live.pk, changes={setting: not getattr(live, setting)})

    assert Collection.objects.get(pk=d.home.pk).epoch == before + 1


def test_a_decision_is_replaced(d: Desk) -> None:
    done = rule(
        d.home, author=d.edith, span_id=d.ruled, verdict="verified", rationale=" Yes. ", base=d.ruling
    )

    live = Ruling.objects.current().get(span=d.ruled)
    assert (live.pk, live.verdict, live.rationale) == (done.version, "verified", "Yes.")


def test_an_import_that_was_undone_is_brought_in_again(d: Desk) -> None:
    other = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=OTHER)
    undo(d.home, author=d.edith, number=other.revision)

    again = import_article(d.home, author=d.edith, text=OTHER_TEXT, details=replace(OTHER, title="B"))

    assert again.article_id == other.article_id
    assert ArticleDetails.objects.current().get(article=other.article_id).title == "B"
