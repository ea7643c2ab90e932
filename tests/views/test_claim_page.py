"""A claim's own page: what it shows to whom, and forms that lead back to it."""

import re

import pytest

from annotations.models import Annotation, ClaimState, Comment, Evidence, Revision, SentBack
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag, unmark
from annotations.services.comments import add_comment
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.legal import ask_legal
from annotations.services.rulings import rule
from annotations.services.sent_back import send_back, stand_by
from annotations.services.settings import set_member
from tests.conftest import blocks_of
from tests.views.test_collection_pages import make_blind
from tests.views.test_places import moved

pytestmark = pytest.mark.django_db
LINE = "There are 31 bridges in the harbour, the mayor said."


@pytest.fixture
def claim(desk, ana, ben, place):
    said = Opinion("disputed", "It is 30.", "figure", "30 bridges", must_fix=True, confidence=80)
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=said, base=None).span_id
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified", "Counted."), base=None)
    return span


def page(browser, span_id, status=200):
    answer = browser.get(f"/c/desk/claims/{span_id}/")
    assert answer.status_code == status
    return answer.content.decode()


def cite(desk, author, span_id, **details):
    source = NewSource(details.pop("kind", "web"), details)
    return add_evidence(desk, author=author, span_id=span_id, source=source, citation=Citation("supports"))


def test_the_words_stand_among_their_sentences(signed_in, ana, article, claim):
    html = page(signed_in(ana), claim)
    assert "Bridges 🌉 counted\nThere are <b" in html
    assert ">31 bridges</b> in the harbour, the mayor said.\nTwo more open in May" in html
    assert f'href="/c/desk/articles/{article.pk}/?claim={claim}#r{claim}">In the article' in html


def test_a_line_under_a_picture_is_no_sentence_before_the_first(signed_in, desk, edith, ana):
    text = "The harbour at night.\nThere are 31 bridges. Two more open."
    blocks = [
        block | {"role": role} for block, role in zip(blocks_of(text), ("caption", "body"), strict=True)
    ]
    article = import_article(desk, author=edith, text=text, details=Details(blocks=blocks)).article_id
    start = text.index("31")
    span = mark(desk, author=ana, place=Place(article, start, start + 2, "31")).span_id
    html = page(signed_in(ana), span)
    assert "There are <b" in html
    assert "31</b> bridges. Two more open." in html
    assert "The harbour at night" not in html


def test_what_people_say(signed_in, ana, ben, claim):
    html = page(signed_in(ben), claim)
    assert "<b>You</b>: Verified" in html
    assert "<b>Ana</b>: Disputed" in html
    assert "Figure is wrong · must be put right · 80 % sure" in html
    assert re.search(r'value="verified" aria-pressed="true"', html)
    assert f"/history/?claim={claim}" in html


def test_the_readers_card_leads_here(signed_in, vera, ana, article, claim, desk, edith):
    card = f"/c/desk/articles/{article.pk}/card/?claim={claim}"
    link = f'href="/c/desk/claims/{claim}/"'
    assert link in signed_in(ana).get(card, HTTP_HX_REQUEST="true").content.decode()


def test_sources_of_one_origin_stand_together(signed_in, desk, ana, article, claim):
    wire = {"title": "The wire's story", "publisher": "Wire", "url": "https://wire.example/1"}
    cite(desk, ana, claim, **wire)
    cite(desk, ana, claim, title="Census", publisher="City", url="https://city.example/2", is_primary=True)
    cite(desk, ana, claim, title="Again", publisher=" wire ", url="https://paper.example/3")
    html = page(signed_in(ana), claim)
    assert "3 sources of 2 origins, 1 first hand." in html
    assert html.index("The wire&#x27;s story") < html.index("Again") < html.index("Census")
    assert 'Wire <span class="soft">2 sources, one origin' in html


def test_an_article_is_of_the_origin_that_it_descends_from(signed_in, desk, edith, ana, claim):
    text = "Bridges again\nThere are 31 of them."
    origin = {"publisher": "Wire", "title": "The story"}
    details = Details(title="Again", publisher="Gazette", blocks=blocks_of(text), derived_from=[origin])
    told = import_article(desk, author=edith, text=text, details=details).article_id
    add_evidence(desk, author=ana, span_id=claim, source=NewSource("article", {}, article_id=told))
    cite(desk, ana, claim, title="The story", publisher="Wire")
    assert "2 sources of 1 origin" in page(signed_in(ana), claim)


def test_forms_lead_back_here(signed_in, desk, ana, article, claim):
    browser, here = signed_in(ana), f"/c/desk/claims/{claim}/"
    html = page(browser, claim)
    for form in re.findall(r'<form\b[^>]*method="post".*?</form>', html, re.DOTALL):
        if "/logout/" not in form:
            assert f'name="then" value="{claim}"' in form
            assert "csrfmiddlewaretoken" in form
            assert 'name="key"' in form
    at, mine = f"/c/desk/articles/{article.pk}/", Annotation.objects.current().get(reviewer=ana).pk
    place = {"start": 28, "end": 38, "quote": "31 bridges", "aspect": "fact"}
    for path, form in (
        ("tag/", place | {"verdict": "needs_source", "base": mine}),
        (f"claims/{claim}/comments/", {"comment": "Who counted?"}),
        (f"claims/{claim}/sources/", {"kind": "web", "title": "Register", "stance": "supports"}),
        ("undo/", {}),
    ):
        answer = browser.post(f"{at}{path}", form | {"then": claim})
        assert (answer.status_code, answer["Location"]) == (303, here)
    assert Comment.objects.current().get().text == "Who counted?"
    assert not Evidence.objects.current().exists()


def test_a_stale_change_shows_both_and_comes_back_here(signed_in, ana, article, claim):
    browser, path = signed_in(ana), f"/c/desk/articles/{article.pk}/claims/{claim}/why/"
    mine = Annotation.objects.current().get(reviewer=ana).pk
    browser.post(path, {"base": mine, "why": "First.", "then": claim})
    answer = browser.post(path, {"base": mine, "why": "Second.", "then": claim})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "First." in html
    assert "Second." in html
    assert html.count(f'href="/c/desk/claims/{claim}/"') == 2
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    assert browser.post(path, again)["Location"] == f"/c/desk/claims/{claim}/"
    assert Annotation.objects.current().get(reviewer=ana).why == "Second."


def test_what_is_missing_is_asked_for_and_leads_back_here(signed_in, ana, article, claim):
    path = f"/c/desk/articles/{article.pk}/claims/{claim}/comments/"
    answer = signed_in(ana).post(path, {"comment": " ", "then": claim})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="then" value="{claim}"' in html
    assert f'href="/c/desk/claims/{claim}/"' in html


def test_what_others_build_on_is_not_offered_to_be_undone(signed_in, desk, ana, edith, claim):
    browser = signed_in(edith)
    mine = Annotation.objects.current().get(reviewer=ana).pk
    send_back(desk, author=edith, span_id=claim, reviewer_id=ana.pk, reason="Look again.", base=mine)
    assert "Undo my sending back" in page(browser, claim)
    back = SentBack.objects.current().get().pk
    stand_by(desk, author=ana, span_id=claim, text="It is so.", base=back)
    assert "Undo my" not in page(browser, claim)


@pytest.mark.parametrize("then", ["//evil.example", "0", "99999999999999999999", "x", "-1"])
def test_nowhere_else(signed_in, ana, article, claim, then):
    path = f"/c/desk/articles/{article.pk}/claims/{claim}/comments/"
    answer = signed_in(ana).post(path, {"comment": "Hm.", "then": then})
    assert answer["Location"].startswith("/c/desk/")


def test_a_claim_that_moved_leads_to_where_it_is_now(signed_in, desk, ana, edith, claim, place):
    there = moved(desk, edith, claim, place(LINE))
    answer = signed_in(ana).get(f"/c/desk/claims/{claim}/", follow=True)
    assert answer.redirect_chain == [(f"/c/desk/claims/{there}/", 302)]
    assert f"Claim {claim} has moved: it is claim {there} now." in answer.content.decode()


def test_one_that_is_no_longer_marked_is_not_there(signed_in, desk, ana, article, place):
    span = mark(desk, author=ana, place=place("harbour")).span_id
    browser = signed_in(ana)
    page(browser, span)
    path = f"/c/desk/articles/{article.pk}/claims/{span}/unmark/"
    answer = browser.post(path, {"base": "none", "then": span})
    assert answer["Location"].startswith(f"/c/desk/articles/{article.pk}/?start=")
    page(browser, span, status=404)


def test_strangers_and_viewers(signed_in, desk, sam, vera, ana, edith, claim):
    page(signed_in(sam), claim, status=404)
    page(signed_in(vera), claim, status=404)
    cite(desk, ana, claim, kind="person", title="HIDDEN-person")
    add_comment(desk, author=ana, span_id=claim, text="HIDDEN-comment")
    rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="It is 30.", base=None)
    html = page(signed_in(vera), claim)
    assert "<b>Edith</b> decided: Disputed" in html
    assert "It is 30." in html
    assert "HIDDEN" not in html
    assert "<form" not in html.partition("<main")[2]


def test_who_checks_blind_sees_a_place_alone(signed_in, desk, edith, ana, ben, person, claim):
    make_blind(desk, edith)
    cleo = set_member(desk, person("cleo"), "reviewer").user
    cite(desk, ana, claim, title="HIDDEN-source")
    add_comment(desk, author=ana, span_id=claim, text="HIDDEN-comment")
    ask_legal(desk, author=ana, span_id=claim, question="HIDDEN-question", base=None)
    rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="HIDDEN-why", base=None)
    html = page(signed_in(cleo), claim)
    assert "hidden until you give" in html
    assert "To check" in html
    assert not re.search(r"HIDDEN|\b(Ana|Ben|Edith|Decided)\b|[Dd]isputed ·", html)
    assert f'value="{ClaimState.objects.current().get(span=claim).created_in}"' not in html
    own = page(signed_in(ana), claim)
    assert "HIDDEN-why" in own
    assert "<b>Ben</b>: Verified" in own


def test_what_else_of_the_words_is_judged_and_the_parts(signed_in, desk, ana, claim, place):
    said = tag(desk, author=ana, target=place("31 bridges", "said"), opinion=Opinion("verified"), base=None)
    html = page(signed_in(ana), claim)
    assert f'<a href="/c/desk/claims/{said.span_id}/">That it was said</a>' in html
    assert 'href="?' not in html


def test_my_last_change_can_be_undone_here(signed_in, desk, ana, article, claim, place):
    browser = signed_in(ana)
    assert "Undo my verdict disputed" in page(browser, claim)
    mark(desk, author=ana, place=place("harbour"))
    assert "Undo my" not in page(browser, claim)


def test_an_unmarked_claim_that_was_only_mine(signed_in, desk, ana, place):
    span = mark(desk, author=ana, place=place("harbour")).span_id
    unmark(desk, author=ana, span_id=span)
    page(signed_in(ana), span, status=404)
    assert Revision.objects.last().action == "unmark"


def test_queries_do_not_grow(signed_in, desk, ana, person, claim, django_assert_num_queries):
    browser = signed_in(ana)
    cite(desk, ana, claim, title="Register", publisher="City")
    add_comment(desk, author=ana, span_id=claim, text="One.")
    page(browser, claim)
    with django_assert_num_queries(25):
        page(browser, claim)
    for n in range(6):
        other = set_member(desk, person(f"reviewer{n}"), "reviewer").user
        tag(desk, author=other, target=claim, opinion=Opinion("disputed", f"Why {n}."), base=None)
        cite(desk, other, claim, title=f"Source {n}", publisher=f"Outlet {n % 3}")
        add_comment(desk, author=other, span_id=claim, text=f"Comment {n}.")
    page(browser, claim)
    with django_assert_num_queries(25):
        page(browser, claim)
