"""My desk: what waits for whom, in which order, and the way from one to the next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations import access_waiting
from annotations.models import (
    ArticleWork,
    Assignment,
    CollectionSettings,
    Comment,
    Mention,
    Revision,
    SentBack,
)
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.ledger import commit
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, set_member
from annotations.services.undo import undo
from annotations.services.work import Standing, set_work
from tests.views.test_collection_pages import more_articles

pytestmark = pytest.mark.django_db


def words(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def give(desk, edith):
    """give(Assignment, …): a live row of the desk, without asking who may."""

    def given(model, **values):
        with commit(desk, author=edith, action="hand-over") as revision:
            return revision.insert(model, **values)

    return given


@pytest.fixture
def claim(desk, ana, place):
    return mark(desk, author=ana, place=place("harbour")).span_id


def assigned(give, article, person, editor, span=None):
    give(
        Assignment,
        article_id=article.pk,
        span_id=span,
        reviewer_id=person.pk,
        assigned_by_id=editor.pk,
    )


def test_what_is_given_to_somebody_waits_for_them_alone(signed_in, ana, ben, edith, article, claim, give):
    assigned(give, article, ben, edith, claim)
    assert "1 to check" in words(signed_in(ben).get("/"))
    assert "Assigned to you" in words(signed_in(ben).get("/"))
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))


def test_an_article_that_is_somebodys_is_so_with_all_its_claims(
    signed_in, desk, ana, ben, edith, article, claim, place, give
):
    mark(desk, author=ana, place=place("31 bridges"))
    assigned(give, article, ben, edith)
    assert "2 to check" in words(signed_in(ben).get("/"))
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))


def test_in_the_reader_too(signed_in, ana, ben, edith, article, claim, give):
    assigned(give, article, ben, edith, claim)
    address = f"/c/desk/articles/{article.pk}/next/"
    assert "Nothing here waits for you." in words(signed_in(ana).get(address, HTTP_HX_REQUEST="true"))
    assert f'data-n="{claim}"' in words(signed_in(ben).get(address, HTTP_HX_REQUEST="true"))


def test_what_is_mine_comes_first_then_what_is_due_soonest(signed_in, desk, ana, ben, edith, claim, give):
    more_articles(desk, edith, 2)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 2})
    rows = list(desk.articles.order_by("pk"))
    for nth, hours in ((1, 30), (2, 3)):
        due = timezone.now() + timedelta(hours=hours)
        set_work(desk, author=edith, article_id=rows[nth].pk, base=None, wanted=Standing(due_at=due))
    browser = signed_in(ben)
    [section] = browser.get("/").context["sections"]
    assert [item.article for item in section.lines] == [rows[2].pk, rows[1].pk, rows[0].pk]
    assigned(give, rows[0], ben, edith, claim)
    [section] = browser.get("/").context["sections"]
    assert section.lines[0].span == claim


def test_a_review_sent_back_comes_with_the_reason(signed_in, desk, ana, edith, claim, give):
    tag(desk, author=ana, target=claim, opinion=Opinion("verified"), base=None)
    give(SentBack, span_id=claim, reviewer_id=ana.pk, editor_id=edith.pk, reason="Which register?")
    html = words(signed_in(ana).get("/"))
    assert "1 sent back" in html
    assert "Which register?" in html
    assert "Edith" in html


def mention(give, claim, author, person):
    give(Comment, span_id=claim, key="9-1", author_id=author.pk, text="Look here, @ana.")
    give(Mention, span_id=claim, comment="9-1", person_id=person.pk)


def test_a_mention_comes_with_what_was_said(signed_in, ana, edith, claim, give):
    mention(give, claim, edith, ana)
    html = words(signed_in(ana).get("/"))
    assert "1 where you are mentioned" in html
    assert "Look here, @ana." in html


def test_a_claim_waits_in_one_line_where_its_work_is_done(signed_in, desk, ana, ben, edith, claim, give):
    tag(desk, author=ana, target=claim, opinion=Opinion("verified"), base=None)
    tag(desk, author=ben, target=claim, opinion=Opinion("disputed"), base=None)
    mention(give, claim, ana, edith)
    browser = signed_in(edith)
    html = words(browser.get("/"))
    assert html.count('<a class="quote"') == 1
    assert "1 to decide" in html
    assert "mentioned" not in html
    assert "Look here, @ana." in html
    assert browser.get("/next/")["Location"] == f"/c/desk/claims/{claim}/"
    ruled = rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="So.", base=None)
    assert "Nothing waits for you." in words(browser.get("/"))
    undo(desk, author=edith, number=ruled.revision)
    assert Mention.objects.current().get().person_id == edith.pk


def test_at_the_end_of_an_article_the_reader_says_how_to_go_on(
    signed_in, ana, ben, edith, article, claim, give
):
    more_articles(article.collection, edith, 1)
    other = article.collection.articles.latest("pk").pk
    assigned(give, article, ben, edith, claim)
    html = words(signed_in(ben).get(f"/c/desk/articles/{other}/next/?after=0", HTTP_HX_REQUEST="true"))
    assert "Nothing here waits for you, but elsewhere: u again goes there." in html
    assert 'href="/next/" data-onward' in html


def test_not_on_a_claim_whose_work_is_hidden(signed_in, desk, ana, edith, claim, give):
    mention(give, claim, edith, ana)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    assert "mentioned" not in words(signed_in(ana).get("/"))
    tag(desk, author=ana, target=claim, opinion=Opinion("verified"), base=None)
    assert "mentioned" in words(signed_in(ana).get("/"))


def test_an_answer_waits_from_the_day_on_which_it_is_due(signed_in, desk, ana, claim):
    today = timezone.localdate()
    said = Opinion("needs_source", asked="The ministry", due_on=today + timedelta(1))
    base = tag(desk, author=ana, target=claim, opinion=said, base=None).version
    html = words(signed_in(ana).get("/"))
    assert "Nothing waits for you." in html
    assert "Next due tomorrow." in html
    late = Opinion("needs_source", asked="The ministry", due_on=today - timedelta(1))
    tag(desk, author=ana, target=claim, opinion=late, base=base)
    html = words(signed_in(ana).get("/"))
    assert "1 with an answer due" in html
    assert f"answer overdue since {today - timedelta(1):%-d %B}" in html
    assert "asked The ministry" in html


def test_a_decision_is_due_again_on_its_day(signed_in, desk, edith, claim, give):
    from annotations.models import Ruling

    written = rule(desk, author=edith, span_id=claim, verdict="verified", rationale="So.", base=None)
    assert "to check again" not in words(signed_in(edith).get("/"))
    with commit(desk, author=edith, action="rule") as revision:
        revision.retire(Ruling, written.version)
        day = timezone.localdate()
        said = {"editor_id": edith.pk, "verdict": "verified", "rationale": "So.", "check_again_on": day}
        revision.insert(Ruling, span_id=claim, **said)
    assert "1 to check again" in words(signed_in(edith).get("/"))


def hand_over(desk, edith, article, person, **more):
    live = ArticleWork.objects.current().filter(article=article).first()
    wanted = Standing("checking", person.pk, **more)
    set_work(desk, author=edith, article_id=article.pk, base=live and live.pk, wanted=wanted)


def test_what_is_handed_over_waits_until_it_is_opened(signed_in, desk, ana, edith, article):
    hand_over(desk, edith, article, ana, note="Mind the figures")
    browser, address = signed_in(ana), f"/c/desk/articles/{article.pk}/"
    html = words(browser.get("/"))
    assert "1 handed to you" in html
    assert "Mind the figures" in html
    assert "In my hands" not in html
    assert browser.get("/next/")["Location"] == address
    browser.get(address)
    html = words(browser.get("/"))
    assert "Nothing waits for you." in html
    assert html.count("Mind the figures") == 1
    assert "In my hands" in html
    assert browser.get("/next/")["Location"] == "/"


def test_who_else_opens_it_leaves_it_waiting_and_handed_over_anew_it_waits_anew(
    signed_in, desk, ana, ben, edith, article
):
    hand_over(desk, edith, article, ana)
    for each in (edith, ben):
        signed_in(each).get(f"/c/desk/articles/{article.pk}/")
    assert "1 handed to you" in words(signed_in(ana).get("/"))
    signed_in(ana).get(f"/c/desk/articles/{article.pk}/")
    head = Revision.objects.count()
    signed_in(ana).get(f"/c/desk/articles/{article.pk}/")
    assert Revision.objects.count() == head
    hand_over(desk, edith, article, ben)
    hand_over(desk, edith, article, ana)
    assert "1 handed to you" in words(signed_in(ana).get("/"))


def test_what_is_handed_over_waits_on_when_its_deadline_changes(signed_in, desk, ana, edith, article):
    hand_over(desk, edith, article, ana, note="Mind the figures")
    for hours in (3, 5):
        due = timezone.now() + timedelta(hours=hours)
        hand_over(desk, edith, article, ana, note="Mind the figures", due_at=due)
        [section] = signed_in(ana).get("/").context["sections"]
        assert [(item.kind, item.due, item.words) for item in section.lines] == [
            ("hand", due, "Mind the figures")
        ]
    signed_in(ana).get(f"/c/desk/articles/{article.pk}/")
    hand_over(desk, edith, article, ana, note="Mind the figures", due_at=due + timedelta(hours=1))
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))


def test_what_its_owner_has_changed_or_taken_up_waits_no_more(signed_in, desk, ana, ben, edith, article):
    hand_over(desk, edith, article, ana)
    hand_over(desk, ana, article, ana, note="Begun")
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))
    hand_over(desk, ana, article, ben)
    hand_over(desk, edith, article, ben, due_at=timezone.now() + timedelta(hours=3))
    assert "1 handed to you" in words(signed_in(ben).get("/"))
    hand_over(desk, edith, article, edith)
    hand_over(desk, ben, article, ben)
    hand_over(desk, edith, article, ben, due_at=timezone.now() + timedelta(hours=3))
    assert "Nothing waits for you." in words(signed_in(ben).get("/"))


def test_what_i_took_up_myself_does_not_wait(signed_in, desk, ana, article):
    hand_over(desk, ana, article, ana)
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))


def test_what_is_handed_over_stands_by_its_deadline(signed_in, desk, ana, ben, edith, article, claim, give):
    more_articles(desk, edith, 1)
    other = desk.articles.latest("pk")
    assigned(give, article, ben, edith, claim)
    due = timezone.now() + timedelta(hours=3)
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(due_at=due))
    hand_over(desk, edith, other, ben)
    browser = signed_in(ben)
    assert [part.kind for part in browser.get("/").context["sections"]] == ["check", "hand"]
    assert browser.get(f"/next/?after={claim}")["Location"] == f"/c/desk/articles/{other.pk}/"
    hand_over(desk, edith, other, ben, due_at=due - timedelta(hours=1))
    hand_over(desk, edith, other, ana, due_at=due - timedelta(hours=1))
    hand_over(desk, edith, other, ben, due_at=due - timedelta(hours=1))
    assert [part.kind for part in browser.get("/").context["sections"]] == ["hand", "check"]


def test_queries_do_not_grow_with_what_is_handed_over(
    signed_in, desk, ana, edith, django_assert_max_num_queries
):
    more_articles(desk, edith, 8)
    browser, articles = signed_in(ana), list(desk.articles.all())
    for part in (articles[:2], articles[2:]):
        for each in part:
            hand_over(desk, edith, each, ana, note="Yours")
        with django_assert_max_num_queries(18):
            [section] = browser.get("/").context["sections"]
        assert {item.words for item in section.lines} == {"Yours"}
    assert len(section.lines) == 8


def test_next_goes_from_one_to_the_next_and_round(signed_in, desk, ana, ben, article, place, claim):
    second = mark(desk, author=ana, place=place("Two more")).span_id
    browser, address = signed_in(ben), "/c/desk/articles/{}/?claim={}#r{}"
    first, other = (address.format(article.pk, each, each) for each in (claim, second))
    assert browser.get("/next/")["Location"] == first
    assert browser.get(f"/next/?after={claim}")["Location"] == other
    assert browser.get(f"/next/?after={second}")["Location"] == first
    for span in (claim, second):
        tag(desk, author=ben, target=span, opinion=Opinion("verified"), base=None)
    answer = browser.get("/next/?after=x", follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert answer.content.decode().count("Nothing waits for you.") == 2


def test_when_all_is_for_others_the_walk_ends_soon(
    signed_in, desk, ben, ana, edith, article, give, monkeypatch
):
    """The bound is of the walk, not of the page: what stands behind it is not looked for."""
    monkeypatch.setattr(access_waiting, "LOOKED", 2)
    text = article.text
    for start in range(5):
        span = mark(desk, author=ana, place=Place(article.pk, start, start + 1, text[start])).span_id
        assigned(give, article, ben, edith, span)
    assert "Nothing waits for you." in words(signed_in(ana).get("/"))
    assert "5 to check" in words(signed_in(ben).get("/"))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_next_only_reads(signed_in, ana, method):
    assert getattr(signed_in(ana), method)("/next/").status_code == 405


def test_queries_do_not_grow(signed_in, desk, ana, ben, edith, article, give, django_assert_max_num_queries):
    def more(start):
        for n in range(start, start + 4):
            span = mark(desk, author=ana, place=Place(article.pk, 0, n + 1, article.text[: n + 1])).span_id
            assigned(give, article, ben, edith, span)
            give(SentBack, span_id=span, reviewer_id=ben.pk, editor_id=edith.pk, reason="Why?")
            give(Comment, span_id=span, key=f"9{n}-1", author_id=edith.pk, text="@ben")
            give(Mention, span_id=span, comment=f"9{n}-1", person_id=ben.pk)

    browser = signed_in(ben)
    more(0)
    with django_assert_max_num_queries(17):
        browser.get("/")
    more(4)
    with django_assert_max_num_queries(17):
        browser.get("/")


def test_who_is_no_member_any_more_has_nothing_waiting(signed_in, desk, ben, edith, article, claim, give):
    assigned(give, article, ben, edith, claim)
    give(SentBack, span_id=claim, reviewer_id=ben.pk, editor_id=edith.pk, reason="Why?")
    set_member(desk, ben, "viewer")
    assert "Nothing waits for you." in words(signed_in(ben).get("/"))


def test_decisions_come_before_opinions_and_next_begins_with_the_first(
    signed_in, desk, ana, ben, edith, article, claim, place
):
    disputed = tag(desk, author=ana, target=place("Two more"), opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=disputed, opinion=Opinion("disputed"), base=None)
    browser = signed_in(edith)
    page = browser.get("/")
    assert [section.kind for section in page.context["sections"]] == ["decide", "check"]
    assert "1 to decide, 1 to check" in words(page)
    first = page.context["sections"][0].lines[0]
    assert browser.get("/next/")["Location"] == first.url == f"/c/desk/claims/{disputed}/"
    assert f"claim={claim}" in browser.get(f"/next/?after={disputed}")["Location"]


def test_what_is_due_first_is_first_on_the_page_too(signed_in, desk, ana, ben, edith, article, claim, give):
    more_articles(desk, edith, 1)
    other = desk.articles.latest("pk")
    disputed = tag(
        desk, author=ana, target=Place(other.pk, 0, 3, other.text[:3]), opinion=Opinion("verified"), base=None
    ).span_id
    tag(desk, author=ben, target=disputed, opinion=Opinion("disputed"), base=None)
    due = timezone.now() + timedelta(hours=3)
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(due_at=due))
    assigned(give, article, edith, edith, claim)
    browser = signed_in(edith)
    sections = browser.get("/").context["sections"]
    assert [section.kind for section in sections] == ["check", "decide"]
    assert browser.get("/next/")["Location"] == sections[0].lines[0].url


def test_all_of_a_kind_and_of_a_collection_is_a_link_away(signed_in, desk, ana, ben, edith, article, claim):
    for n in range(14):
        span = mark(desk, author=ana, place=Place(article.pk, 0, n + 1, article.text[: n + 1])).span_id
    for person, verdict in ((ana, "verified"), (ben, "disputed")):
        tag(desk, author=person, target=span, opinion=Opinion(verdict), base=None)
    browser = signed_in(edith)
    html = words(browser.get("/"))
    assert 'The first 12 of 14 · <a href="/?all=check#check">Show all</a>' in html
    assert '<a href="/?in=desk#decide">1 to decide</a>' in html
    assert '<a href="/?in=desk#check">14 to check</a>' in html
    for address in ("/?all=check", "/?in=desk"):
        decide, check = browser.get(address).context["sections"]
        assert (len(decide.lines), len(check.lines), check.rest) == (1, 14, "")
    assert "The first 12 of 14" in words(browser.get("/?in=another&all=x"))
