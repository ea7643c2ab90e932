"""Assigning articles: on the page of an article's work, and many at once, spread evenly after a preview."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from annotations.models import ArticleDetails, Assignment, CollectionSettings, Revision
from annotations.services.articles import Details, import_article
from annotations.services.assignments import assign, unassign
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import change_settings, set_member
from annotations.services.verify import verify
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of
from tests.forms import forms_in

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/c/desk/assignments/"


def new_article(desk, edith, words, title="", role="checked"):
    details = Details(title=title or words, blocks=blocks_of(words), role=role)
    return import_article(desk, author=edith, text=words, details=details).article_id


@pytest.fixture
def four(desk, edith):
    """Four articles that nobody has, of 40, 30, 20 and 10 characters."""
    return [new_article(desk, edith, str(n) * n * 10, f"Article {n}") for n in (4, 3, 2, 1)]


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fields(answer):
    """What the form of the preview sends, as a browser would."""
    return next(form.fields for form in forms_in(answer.content.decode()) if "plan" in form.fields)


def wanted(articles, people, each=1, **more):
    return {
        "which": "ticked",
        "article": articles,
        "people": [user.pk for user in people],
        "each": each,
        "by": "length",
    } | more


def given():
    rows = Assignment.objects.current().filter(span=None)
    return set(rows.values_list("article", "reviewer__username"))


def load_of(browser, name):
    html = browser.get(PAGE).content.decode()
    row = re.search(rf'<th scope="row" class="lead" dir="auto">{name}</th>(.*?)</tr>', html, re.DOTALL)[1]
    return [int(n) for n in re.findall(r">(\d+)<", row)]


def test_an_article_is_given_and_taken_back_on_the_page_of_its_work(
    signed_in, desk, edith, ana, ben, article
):
    browser, at = signed_in(edith), f"/c/desk/articles/{article.pk}/"
    assert "It was given to nobody" in text(browser.get(f"{at}work/"))
    answer = browser.post(f"{at}assign/", {"people": [ana.pk, ben.pk]}, follow=True)
    assert "Assigned. That is change" in text(answer)
    assert given() == {(article.pk, "ana"), (article.pk, "ben")}
    assert 'aria-label="Take it back from Ana"' in answer.content.decode()
    answer = browser.post(f"{at}unassign/", {"reviewer": ana.pk}, follow=True)
    assert "Taken back." in text(answer)
    assert given() == {(article.pk, "ben")}
    assert "It was given to you" not in text(signed_in(ben).get(f"{at}work/"))
    assert list(verify()) == []


def test_nobody_and_strangers_are_no_choice(signed_in, desk, edith, ana, vera, article):
    browser, at = signed_in(edith), f"/c/desk/articles/{article.pk}/"
    for people, words in (([], "Choose at least one person"), ([vera.pk], "people who review")):
        answer = browser.post(f"{at}assign/", {"people": people})
        assert answer.status_code == 422
        assert words in text(answer)
    assert browser.post(f"{at}unassign/", {"reviewer": "x"}).status_code == 302
    assert signed_in(ana).post(f"{at}assign/", {"people": [ana.pk]}).status_code == 403
    assert given() == set()


def test_who_checks_blind_is_not_told_who_else_has_it(signed_in, desk, edith, ana, ben, article):
    assign(desk, author=edith, reviewer_ids=[ben.pk], article_ids=[article.pk])
    at = f"/c/desk/articles/{article.pk}/work/"
    assert "Ben" in text(signed_in(ana).get(at)).split("Who judges it")[1]
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    told = text(signed_in(ana).get(at)).split("Who judges it")[1]
    assert "Ben" not in told
    assert "It was not given to you." in told


def test_a_reference_text_is_nobodys(signed_in, desk, edith, ana):
    origin = new_article(desk, edith, "Origin of it all", role="reference")
    answer = signed_in(edith).post(f"/c/desk/articles/{origin}/assign/", {"people": [ana.pk]})
    assert answer.status_code == 403
    assert "Origin" not in text(signed_in(edith).get(PAGE))


def test_a_preview_names_who_gets_what_and_writes_nothing(signed_in, desk, edith, ana, ben, four):
    browser, head = signed_in(edith), desk.revisions.count()
    answer = browser.post(f"{PAGE}spread/", wanted(four, [ana, ben]))
    told = text(answer)
    assert "Ana Article 4 Article 1 50" in told
    assert "Ben Article 3 Article 2 50" in told
    assert "4 articles, 1 person each. Nothing is assigned yet." in told
    assert desk.revisions.count() == head


def test_what_is_confirmed_is_one_change_that_is_undone_as_one(signed_in, desk, edith, ana, ben, four):
    browser = signed_in(edith)
    preview = browser.post(f"{PAGE}spread/", wanted(four, [ana, ben], each=2))
    sent = fields(preview)
    answer = browser.post(f"{PAGE}spread/", sent, follow=True)
    assert "8 assignments made. That is change" in text(answer)
    assert len(given()) == 8
    last = Revision.objects.order_by("-number").first()
    assert "assigned 4 articles · 2 people" in text(browser.get("/c/desk/history/"))
    browser.post(f"{PAGE}spread/", sent)  # sent twice
    assert Revision.objects.order_by("-number").first() == last
    browser.post(f"/c/desk/history/{last.number}/undo/")
    assert given() == set()


def test_a_plan_that_has_become_stale_is_shown_anew(signed_in, desk, edith, ana, ben, four):
    browser = signed_in(edith)
    sent = fields(browser.post(f"{PAGE}spread/", wanted(four, [ana, ben])))
    assign(desk, author=edith, reviewer_ids=[ben.pk], article_ids=[four[0]])
    answer = browser.post(f"{PAGE}spread/", sent)
    assert answer.status_code == 409
    assert "You yourself, elsewhere, assigned some of these" in text(answer)
    assert given() == {(four[0], "ben")}
    assert "3 articles" in text(answer)
    assert browser.post(f"{PAGE}spread/", fields(answer)).status_code == 302
    assert len(given()) == 4


def test_an_article_that_has_gone_is_left_out_of_the_plan_anew(signed_in, desk, edith, ana, four):
    browser = signed_in(edith)
    sent = fields(browser.post(f"{PAGE}spread/", wanted(four, [ana])))
    version = ArticleDetails.objects.current().get(article=four[0]).pk
    browser.post(f"/c/desk/articles/{four[0]}/withdraw/", {"base": version})
    answer = browser.post(f"{PAGE}spread/", sent)
    assert answer.status_code == 409
    assert "3 articles" in text(answer)
    assert given() == set()


def test_what_people_have_already_counts_where_one_wants_it(signed_in, desk, edith, ana, ben, four):
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[four[0]])
    browser = signed_in(edith)
    counted = browser.post(f"{PAGE}spread/", wanted(four[1:2], [ana, ben], count="on"))
    assert "Ana nothing 40 40 Ben Article 3 0 30" in text(counted)
    not_counted = browser.post(f"{PAGE}spread/", wanted(four[1:2], [ana, ben]))
    assert "Ana Article 3 30 Ben nothing 0" in text(not_counted)


def test_by_claims_what_is_left_counts(signed_in, desk, edith, ana, ben, article, place, four):
    for words in ("31 bridges", "harbour"):
        mark(desk, author=ben, place=place(words))
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[article.pk])
    mark(desk, author=ben, place=Place(four[3], 0, 3, "111"))
    answer = signed_in(edith).post(f"{PAGE}spread/", wanted([four[3]], [ana, ben], by="claims", count="on"))
    assert "Ana nothing 2 2 Ben Article 1 0 1" in text(answer)


def test_too_few_people_is_said_and_nothing_twice(signed_in, desk, edith, ana, ben, four):
    browser = signed_in(edith)
    answer = browser.post(f"{PAGE}spread/", wanted(four, [ana], each=2))
    assert answer.status_code == 422
    assert "nobody gets an article twice" in text(answer)
    assign(desk, author=edith, reviewer_ids=[ana.pk, ben.pk], article_ids=four)
    answer = browser.post(f"{PAGE}spread/", wanted(four, [ana, ben]))
    assert answer.status_code == 422
    assert "Everybody chosen has these articles already" in text(answer)


def test_what_cannot_be_read_is_refused_at_its_field(signed_in, desk, edith, ana, vera, four):
    browser = signed_in(edith)
    for more, words in (
        ({"article": []}, "Tick at least one article"),
        ({"article": ["x"]}, "Choose articles from the list"),
        ({"article": [str(n) for n in range(1, 202)]}, "At most 200"),
        ({"people": []}, "Choose at least one person"),
        ({"people": [vera.pk]}, "people who review"),
        ({"each": "0"}, "greater than or equal to 1"),
    ):
        answer = browser.post(f"{PAGE}spread/", wanted(four, [ana]) | more)
        assert answer.status_code == 422, more
        assert words in text(answer), more
    sent = wanted(four, [ana]) | {"plan": "nonsense", "base": "x"}
    assert browser.post(f"{PAGE}spread/", sent).status_code == 422
    assert given() == set()


def test_all_that_are_due_come_soonest_first(signed_in, desk, edith, ana, four):
    for days, article in ((5, four[0]), (-1, four[2])):
        due = timezone.now() + timedelta(days=days)
        set_work(desk, author=edith, article_id=article, base=None, wanted=Standing(due_at=due))
    browser = signed_in(edith)
    html = browser.get(PAGE).content.decode()
    assert re.findall(r'name="article" value="(\d+)"', html) == [
        str(pk) for pk in (four[2], four[0], four[3], four[1])
    ]
    assert "overdue since" in html
    preview = browser.post(f"{PAGE}spread/", wanted([], [ana], which="due"))
    assert "2 articles" in text(preview)
    set_work(
        desk,
        author=edith,
        article_id=four[3],
        base=None,
        wanted=Standing(stage="cleared"),
    )
    assert "3 articles" in text(browser.post(f"{PAGE}spread/", wanted([], [ana], which="all")))


def test_loads_say_what_is_given_judged_left_and_overdue(signed_in, desk, edith, ana, ben, article, place):
    claims = [
        mark(desk, author=ben, place=place(words)).span_id for words in ("31 bridges", "harbour", "May")
    ]
    browser = signed_in(edith)
    assert load_of(browser, "Ana") == [0, 0, 0, 0, 0]
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[article.pk], span_ids=claims[:1])
    assign(desk, author=edith, reviewer_ids=[ben.pk], span_ids=claims[:1])
    assert load_of(browser, "Ana") == [1, 3, 0, 3, 0]
    assert load_of(browser, "Ben") == [0, 1, 0, 1, 0]
    tag(desk, author=ana, target=claims[1], opinion=Opinion("disputed"), base=None)
    tag(
        desk, author=ben, target=claims[2], opinion=Opinion("disputed"), base=None
    )  # agreed: nothing is wanted
    assert load_of(browser, "Ana") == [1, 3, 1, 1, 0]
    due = datetime(2020, 1, 1, tzinfo=UTC)
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(due_at=due))
    assert load_of(browser, "Ana") == [1, 3, 1, 1, 1]
    assert load_of(browser, "Ben") == [0, 1, 0, 1, 1]
    unassign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[article.pk])
    assert load_of(browser, "Ana") == [0, 1, 0, 1, 1]


def test_only_the_latest_are_counted_and_that_is_said(signed_in, desk, edith, ana, four, monkeypatch):
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=four)
    assert "or more" not in text(signed_in(edith).get(PAGE))
    for name, most in (("ARTICLES", 3),):
        monkeypatch.setattr(f"annotations.access_assignments.{name}", most)
    told = text(signed_in(edith).get(PAGE))
    assert "Ana 3 or more" in told
    assert "only the latest are counted" in told


def test_where_everything_is_given_it_says_so(signed_in, desk, edith, ana, article):
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[article.pk])
    assert "Every article has somebody." in text(signed_in(edith).get(PAGE))
    assert f'href="{PAGE}"' in signed_in(edith).get("/c/desk/articles/").content.decode()
    assert f'href="{PAGE}"' not in signed_in(ana).get("/c/desk/articles/").content.decode()


def test_queries_do_not_grow(signed_in, desk, edith, ana, ben, four, person, django_assert_num_queries):
    browser = signed_in(edith)
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[new_article(desk, edith, "First")])
    with django_assert_num_queries(PAGES := 15):
        browser.get(PAGE)
    with django_assert_num_queries(PREVIEW := 12):
        browser.post(f"{PAGE}spread/", wanted(four, [ana, ben], count="on"))
    for n in range(5):
        set_member(desk, person(f"reviewer{n}"), "reviewer")
        new_article(desk, edith, f"More {n}")
    assign(desk, author=edith, reviewer_ids=[ana.pk, ben.pk], article_ids=four[:2])
    with django_assert_num_queries(PAGES):
        browser.get(PAGE)
    with django_assert_num_queries(PREVIEW):
        browser.post(f"{PAGE}spread/", wanted(four, [ana, ben], count="on"))
