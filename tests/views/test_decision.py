"""The editor's decision screen: who gets it, what it shows first, and what comes after it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import Annotation, ClaimState, Ruling
from annotations.services.claims import Opinion, mark, tag, withdraw
from annotations.services.comments import add_comment
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.legal import ask_legal
from annotations.services.rulings import rule
from annotations.services.sent_back import send_back
from annotations.services.settings import set_member
from annotations.services.work import Standing, set_work
from tests.views.test_collection_pages import make_blind, more_articles

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleo(desk, person):
    return set_member(desk, person("cleo"), "reviewer").user


@pytest.fixture
def contested(desk, ana, ben, cleo, place):
    """Two verify, one disputes."""
    where = place("31 bridges")
    span = tag(desk, author=ana, target=where, opinion=Opinion("verified", "Counted."), base=None).span_id
    tag(desk, author=ben, target=where, opinion=Opinion("verified", "Counted too."), base=None)
    doubts = Opinion("disputed", "It is 30.", "figure", "30 bridges", must_fix=True, confidence=70)
    tag(desk, author=cleo, target=where, opinion=doubts, base=None)
    return span


def also_contested(desk, ana, ben, where):
    span = tag(desk, author=ana, target=where, opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=where, opinion=Opinion("disputed"), base=None)
    return span


def screen(browser, span_id):
    answer = browser.get(f"/c/desk/claims/{span_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def form_in(html, **said):
    form = html[html.index('id="decision"') :]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.partition("</form>")[0])
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"} | said


def path_of(article, span_id):
    return f"/c/desk/articles/{article.pk}/claims/{span_id}/decide/"


def test_dissent_comes_first(signed_in, edith, contested):
    html = screen(signed_in(edith), contested)
    assert "2 verified, 1 disputed" in html
    order = [html.index(name) for name in ("<b>Cleo</b>", "<b>Ana</b>", "<b>Ben</b>")]
    assert order == sorted(order)
    assert "Figure is wrong · must be put right · 70 % sure" in html
    assert "1 reviewer: must be put right before it runs" in html


@pytest.mark.parametrize(
    ("verdict", "names"),
    [
        ("disputed", ["Ana", "Ben", "Cleo"]),  # with the minority: the many differ
        ("verified", ["Cleo", "Ana", "Ben"]),
        ("needs_source", ["Cleo", "Ana", "Ben"]),  # with nobody
    ],
)
def test_decided_who_differs_from_the_decision_comes_first(signed_in, desk, edith, contested, verdict, names):
    rule(desk, author=edith, span_id=contested, verdict=verdict, rationale="The register.", base=None)
    html = screen(signed_in(edith), contested)
    assert re.findall(r"<b>(Ana|Ben|Cleo)</b>", html[html.index('class="camp"') :]) == names


def test_who_decides_and_who_reviews(signed_in, desk, edith, ana, vera, contested, place):
    assert 'id="decision"' in screen(signed_in(edith), contested)
    assert 'id="decision"' not in screen(signed_in(ana), contested)
    unjudged = mark(desk, author=ana, place=place("harbour")).span_id
    html = screen(signed_in(edith), unjudged)
    assert 'id="decision"' not in html
    assert 'id="judge"' in html
    assert 'id="decide"' in html
    make_blind(desk, edith)
    assert 'id="decision"' in screen(signed_in(edith), unjudged)


def test_it_is_decided_and_stays_on_the_screen(signed_in, edith, article, contested):
    browser = signed_in(edith)
    said = {"verdict": "disputed", "rationale": "It is 30.", "should_read": "30 bridges"}
    form = form_in(screen(browser, contested), **said, check_again_on="2099-05-04", true_as_of="")
    for _ in range(2):
        answer = browser.post(path_of(article, contested), form)
        assert (answer.status_code, answer["Location"]) == (303, f"/c/desk/claims/{contested}/")
    html = screen(browser, contested)
    assert f"Claim {contested} is decided: disputed." in html
    assert "<b>Edith</b> decided: Disputed" in html
    assert "Change decision" in html
    assert "Undo my decision" in html
    assert "Review it myself instead" not in html
    assert Ruling.objects.count() == 1


def test_who_reviewed_it_withdraws_but_does_not_decide(signed_in, desk, edith, ana, article, contested):
    set_member(desk, ana, "editor")
    browser, path = signed_in(ana), path_of(article, contested)
    html = screen(browser, contested)
    assert "You reviewed this claim, so another editor decides it: Edith." in html
    assert 'id="decision"' not in html
    form = {"base": "none", "verdict": "verified", "rationale": "So.", "then": contested}
    form |= {"claim_revision": ClaimState.objects.current().get().created_in}
    answer = browser.post(path, form)
    assert answer.status_code == 403
    assert "another editor decides it: Edith." in answer.content.decode()
    mine = Annotation.objects.current().get(reviewer=ana).pk
    path = path.replace("decide", "withdraw")
    assert browser.post(path, {"base": mine, "then": contested}).status_code == 303
    assert "another editor decides it: Edith." in screen(browser, contested)
    assert not Ruling.objects.exists()


def test_stale_both_are_shown_and_nothing_is_lost(signed_in, desk, edith, ana, article, contested):
    browser = signed_in(edith)
    said = {"verdict": "disputed", "rationale": "It is 30.", "should_read": "30 bridges"}
    form = form_in(screen(browser, contested), **said, true_as_of="2026-01-31")
    mine = Annotation.objects.current().get(reviewer=ana).pk
    tag(desk, author=ana, target=contested, opinion=Opinion("needs_source"), base=mine)
    answer = browser.post(path_of(article, contested), form)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Reviewers now: 1 verified, 1 disputed, 1 needs source." in html
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    answer = browser.post(path_of(article, contested), again)
    assert answer["Location"] == f"/c/desk/claims/{contested}/"
    kept = Ruling.objects.get()
    assert (kept.rationale, kept.should_read, str(kept.true_as_of)) == (
        "It is 30.",
        "30 bridges",
        "2026-01-31",
    )


def test_what_is_missing_is_asked_for_with_all_that_was_typed(signed_in, edith, article, contested):
    browser = signed_in(edith)
    form = form_in(screen(browser, contested), verdict="disputed", rationale=" ", should_read="30 bridges")
    answer = browser.post(path_of(article, contested), form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "30 bridges</textarea>" in html
    assert f'name="then" value="{contested}"' in html


def due(desk, edith, article_id, hours):
    standing = Standing(due_at=timezone.now() + timedelta(hours=hours))
    set_work(desk, author=edith, article_id=article_id, base=None, wanted=standing)


def test_the_next_is_what_is_due_first(signed_in, desk, edith, ana, ben, article, contested, place):
    later = also_contested(desk, ana, ben, place("harbour"))
    more_articles(desk, edith, 1)
    urgent_article = ClaimState.objects.current().order_by("span").last().span
    urgent = also_contested(desk, ana, ben, urgent_article.pk)
    html = screen(signed_in(edith), contested)
    assert "1 of 2 to decide" in html  # she spoke on the third herself
    other = set_member(desk, _editor(desk), "editor").user
    due(desk, edith, urgent_article.article_id, 2)
    browser = signed_in(other)
    assert "1 of 3 to decide" in screen(browser, urgent)
    html = screen(browser, contested)
    assert "2 of 3 to decide" in html
    assert f'data-step="previous" href="/c/desk/claims/{urgent}/"' in html
    assert f'data-step="next" rel="next" href="/c/desk/claims/{later}/"' in html
    assert f'data-step="next" rel="next" href="/c/desk/claims/{urgent}/"' in screen(browser, later)
    assert "Article due" in screen(browser, urgent)


def _editor(desk):
    from annotations.models import User

    return User.objects.create_user("max", password="x", display_name="Max")


def test_behind_a_claim_just_decided_comes_what_came_behind_it(
    signed_in, desk, edith, ana, ben, article, contested, place
):
    later = also_contested(desk, ana, ben, place("harbour"))
    rule(desk, author=edith, span_id=contested, verdict="disputed", rationale="It is 30.", base=None)
    html = screen(signed_in(edith), contested)
    assert "1 to decide" in html
    assert f'data-step="next" rel="next" href="/c/desk/claims/{later}/"' in html
    rule(desk, author=edith, span_id=later, verdict="disputed", rationale="So.", base=None)
    html = screen(signed_in(edith), contested)
    assert "Nothing else to decide" in html
    assert "data-step" not in html


def test_what_is_pressing_stands_on_top(signed_in, desk, edith, ana, contested):
    ask_legal(desk, author=ana, span_id=contested, question="Libel?", base=None)
    mine = Annotation.objects.current().get(reviewer=ana).pk
    send_back(desk, author=edith, span_id=contested, reviewer_id=ana.pk, reason="Look again.", base=mine)
    html = screen(signed_in(edith), contested)
    top = html[html.index('class="pressing"') : html.index('class="claim-part said"')]
    assert "Legal read asked for" in top
    assert "1 review sent back, not looked at again yet" in top


def test_my_desk_leads_here(signed_in, desk, edith, contested):
    html = signed_in(edith).get("/").content.decode()
    assert f'href="/c/desk/claims/{contested}/"' in html
    assert signed_in(edith).get("/next/")["Location"] == f"/c/desk/claims/{contested}/"


def test_a_review_is_sent_back_from_here(signed_in, desk, edith, ben, article, contested):
    browser = signed_in(edith)
    html = screen(browser, contested)
    assert f'data-unfold="back-{ben.pk}"' in html
    opinion = Annotation.objects.current().get(reviewer=ben).pk
    path = f"/c/desk/articles/{article.pk}/claims/{contested}/opinions/{ben.pk}/send-back/"
    answer = browser.post(path, {"base": opinion, "look_again": "Which count?", "then": contested})
    assert answer["Location"] == f"/c/desk/claims/{contested}/"
    assert "Which count?" in screen(browser, contested)


def test_an_editor_may_review_instead(signed_in, desk, edith, article, contested, place):
    browser = signed_in(edith)
    assert "Review it myself instead" in screen(browser, contested)
    where = {"start": 28, "end": 38, "quote": "31 bridges", "aspect": "fact", "base": "none"}
    browser.post(f"/c/desk/articles/{article.pk}/tag/", where | {"verdict": "verified", "then": contested})
    html = screen(browser, contested)
    assert 'id="decision"' not in html
    assert "You reviewed this claim" in html


def test_who_undid_their_opinion_reads_who_can_decide(signed_in, desk, edith, article, contested):
    browser = signed_in(edith)
    where = {"start": 28, "end": 38, "quote": "31 bridges", "aspect": "fact", "base": "none"}
    browser.post(f"/c/desk/articles/{article.pk}/tag/", where | {"verdict": "verified", "then": contested})
    answer = browser.post(f"/c/desk/articles/{article.pk}/undo/", {"then": contested})
    assert answer.status_code == 303
    html = screen(browser, contested)
    assert 'id="decision"' not in html
    assert "You reviewed this claim, so another editor has to decide it." in html


@pytest.mark.parametrize("base", ["agreed", "open"])
def test_who_reviewed_it_reads_who_can_decide_whatever_its_state(
    signed_in, desk, edith, ana, ben, person, place, base
):
    set_member(desk, person("max"), "editor")
    where = place("31 bridges")
    span = tag(desk, author=ana, target=where, opinion=Opinion("disputed"), base=None).span_id
    if base == "agreed":
        tag(desk, author=ben, target=where, opinion=Opinion("disputed"), base=None)
        assert 'id="decision"' in screen(signed_in(edith), span)
    said = tag(desk, author=edith, target=where, opinion=Opinion("disputed"), base=None)
    assert "so another editor decides it: Max." in screen(signed_in(edith), span)
    withdraw(desk, author=edith, span_id=span, base=said.version)
    assert "so another editor decides it: Max." in screen(signed_in(edith), span)


def test_claims_with_the_same_figure_elsewhere(signed_in, desk, edith, ana, contested):
    from annotations.services.articles import Details, import_article
    from annotations.services.claims import Place
    from tests.conftest import blocks_of

    text = "Harbour news\nThe mayor counts 31 bridges, up from 29 in 2019."
    details = Details(title="Harbour news", publisher="Evening Star", blocks=blocks_of(text))
    stored = import_article(desk, author=edith, text=text, details=details)
    start = text.index("31 bridges")
    words = text[start:-1]
    other = mark(desk, author=ana, place=Place(stored.article_id, start, len(text) - 1, words)).span_id
    html = screen(signed_in(edith), contested)
    assert f'href="/c/desk/claims/{other}/"' in html
    assert "Evening Star" in html
    assert "31, 29" in html
    assert "2019" in html


def test_nothing_elsewhere_says_so(signed_in, desk, edith, contested):
    assert "This is the only article here." in screen(signed_in(edith), contested)
    more_articles(desk, edith, 2)
    assert "Not found in the other 2 articles." in screen(signed_in(edith), contested)


def test_queries_do_not_grow(
    signed_in, desk, edith, ana, ben, person, contested, place, django_assert_num_queries
):
    browser = signed_in(edith)
    also_contested(desk, ana, ben, place("harbour"))
    add_evidence(desk, author=ana, span_id=contested, source=NewSource("web", {"title": "Register"}))
    add_comment(desk, author=ana, span_id=contested, text="One.")
    screen(browser, contested)
    with django_assert_num_queries(34):
        screen(browser, contested)
    for n in range(5):
        other = set_member(desk, person(f"reviewer{n}"), "reviewer").user
        tag(desk, author=other, target=contested, opinion=Opinion("disputed", f"Why {n}."), base=None)
        source = NewSource("web", {"title": f"Source {n}"})
        add_evidence(desk, author=other, span_id=contested, source=source)
        add_comment(desk, author=other, span_id=contested, text=f"Comment {n}.")
    for quote in ("There", "mayor", "Two more", "open in May", "$2 billion", "There are 31 bridges in"):
        also_contested(desk, ana, ben, place(quote))
    screen(browser, contested)
    with django_assert_num_queries(34):
        screen(browser, contested)
