"""What a page that is open is told of others' changes, and of who else reads."""

import re
import time

import pytest
from django.core.cache import caches

from annotations.models import CollectionSettings, Membership
from annotations.services.claims import Opinion, mark, tag, unmark
from annotations.services.places import split_claim
from annotations.services.settings import change_settings, set_member
from annotations.services.withdrawal import withdraw_article
from annotations.views import presence
from annotations.views.since import sealed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def marked(desk, ana, place):
    """Ana marked "31 bridges": change 3 of the desk, after its beginning and the import."""
    return mark(desk, author=ana, place=place("31 bridges")).span_id


@pytest.fixture
def ask(signed_in, article):
    """ask(ben, 3): Ben's page, which was told of change 3, asks what has changed."""
    browsers = {}

    def asked(user, told, query=""):
        browsers[user.pk] = browsers.get(user.pk) or signed_in(user)
        return browsers[user.pk].get(f"/c/desk/articles/{article.pk}/since/?n={told}{query}", headers=HTMX)

    return asked


def head(desk):
    desk.refresh_from_db()
    return desk.head


def test_nothing_changed(ask, desk, ben, marked, django_assert_num_queries):
    """Session, person, seat: three queries, also with who is reading."""
    ask(ben, head(desk), "&here=0")
    presence._seen.clear()
    told = head(desk)
    with django_assert_num_queries(3):
        answer = ask(ben, told, "&here=0")
    assert (answer.status_code, answer.content, answer["X-Revision"]) == (204, b"", str(desk.head))


def test_what_changed_elsewhere_is_nothing_here(ask, desk, edith, ben, marked, django_assert_max_num_queries):
    told = head(desk)
    set_member(desk, ben, "reviewer")
    change_settings(
        desk,
        author=edith,
        base=CollectionSettings.objects.current().get().pk,
        changes={"description": "Bridges"},
    )
    ask(ben, told)
    with django_assert_max_num_queries(4):
        answer = ask(ben, told)
    assert (answer.status_code, answer["X-Revision"]) == (204, str(told + 1))


def test_a_verdict_comes_with_its_paragraph_and_line(ask, desk, ana, ben, marked):
    told = head(desk)
    tag(desk, author=ana, target=marked, opinion=Opinion("disputed"), base=None)
    answer = ask(ben, told)
    found = answer.json()
    assert answer.status_code == 200
    assert ['<span class="h d">31 bridges</span>' in block for block in found["blocks"]] == [True]
    assert [(line["id"], line["revision"]) for line in found["claims"]] == [(marked, told + 1)]
    assert f'<li class="claim d" id="c{marked}"' in found["claims"][0]["line"]
    assert answer["X-Revision"] == str(told + 1)


def test_a_mark_that_is_removed_goes(ask, desk, ana, ben, marked):
    told = head(desk)
    unmark(desk, author=ana, span_id=marked, base=told)
    found = ask(ben, told).json()
    assert [each["id"] for each in found["gone"]] == [marked]
    assert "data-gone" in found["gone"][0]["line"]
    assert len(found["blocks"]) == 1
    assert "31 bridges" in found["blocks"][0]
    assert 'class="h' not in found["blocks"][0]


def test_many_changes_cost_no_more_queries(
    ask, desk, ana, ben, article, place, django_assert_num_queries, django_assert_max_num_queries
):
    told = head(desk)
    mark(desk, author=ana, place=place("31 bridges"))
    ask(ben, told)
    with django_assert_max_num_queries(12) as counted:
        ask(ben, told)
    for words in ("There", "harbour", "mayor", "said"):
        mark(desk, author=ana, place=place(words))
    with django_assert_num_queries(len(counted)):
        assert len(ask(ben, told).json()["claims"]) == 5


def test_many_marks_removed_cost_no_more_queries(
    ask, desk, ana, ben, place, django_assert_num_queries, django_assert_max_num_queries
):
    words = ("31 bridges", "There", "harbour", "mayor", "said")
    spans = [mark(desk, author=ana, place=place(each)).span_id for each in words]
    told = head(desk)
    unmark(desk, author=ana, span_id=spans[0], base=None)
    ask(ben, told)
    with django_assert_max_num_queries(12) as counted:
        assert len(ask(ben, told).json()["gone"]) == 1
    for span in spans[1:]:
        unmark(desk, author=ana, span_id=span, base=None)
    with django_assert_num_queries(len(counted)):
        assert len(ask(ben, told).json()["gone"]) == 5


def test_a_whole_says_what_its_parts_come_to(ask, desk, ana, edith, ben, place):
    whole = mark(desk, author=ana, place=place("31 bridges in the harbour")).span_id
    parts = [place("31 bridges"), place("harbour")]
    split_claim(desk, author=ana, span_id=whole, parts=parts, base=head(desk))
    told = head(desk)
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    lines = {line["id"]: line["line"] for line in ask(ben, told).json()["claims"]}
    assert "1 disputed" in lines[whole]


def test_viewers_learn_of_what_is_settled_only(ask, desk, ana, ben, vera, edith, marked):
    base = CollectionSettings.objects.current().get().pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 2})
    told = head(desk)
    tag(desk, author=ana, target=marked, opinion=Opinion("disputed"), base=None)
    assert ask(vera, told).status_code == 204
    tag(desk, author=ben, target=marked, opinion=Opinion("disputed"), base=None)
    assert [line["id"] for line in ask(vera, told).json()["claims"]] == [marked]


def test_a_page_far_behind_is_to_be_loaded_again(ask, desk, ben, marked):
    assert "Load it again" in ask(ben, 99).json()["label"]
    assert ask(ben, "many").status_code == 200


def test_a_withdrawn_article_says_so(ask, desk, edith, ben, article):
    told = head(desk)
    base = article.versions.get().pk
    withdraw_article(desk, author=edith, article_id=article.pk, base=base)
    answer = ask(ben, told)
    assert answer.status_code == 410
    assert answer.json()["notice"].startswith("This article was withdrawn.")
    assert answer.json()["to"] == f"/c/desk/articles/{article.pk}/"


def test_strangers_and_signed_out_people(client, ask, sam, article):
    path = f"/c/desk/articles/{article.pk}/since/?n=1&here=0"
    assert "HX-Redirect" in client.get(path, headers=HTMX)
    assert ask(sam, 1, "&here=0").status_code == 404
    assert client.post(path).status_code in {302, 403}
    assert caches["presence"].get(f"{article.pk}.{sam.pk}") is None


def test_wrong_method_and_wrong_parent(signed_in, ben, article):
    browser = signed_in(ben)
    assert browser.post(f"/c/desk/articles/{article.pk}/since/").status_code == 405
    assert browser.get("/c/desk/articles/999/since/?n=1", headers=HTMX).status_code == 404
    assert browser.get(f"/c/desk/articles/{article.pk}/since/?n=1").status_code == 302


# Who else reads


def test_readers_are_told_of_each_other(ask, desk, ana, ben, vera, article):
    told = head(desk)
    ask(ana, told, "&here=0")
    found = ask(ben, told, "&here=0")
    assert found.json()["here"] == ["Ana"]
    digest = found.json()["digest"]
    assert ask(ben, told, f"&here={digest}").status_code == 204
    ask(vera, told, "&here=0")
    presence._seen.clear()
    assert ask(ben, told, f"&here={digest}").json()["here"] == ["Ana", "Vera"]


def test_who_has_left_is_no_longer_told(ask, desk, ana, ben, article, monkeypatch):
    told = head(desk)
    monkeypatch.setattr(presence, "STAYS", 0.05)
    ask(ana, told, "&here=0")
    presence._seen.clear()
    time.sleep(0.1)
    assert ask(ben, told, "&here=0").status_code == 204


def test_who_is_no_member_any_more_is_not_told(ask, desk, ana, ben, article):
    told = head(desk)
    ask(ana, told, "&here=0")
    Membership.objects.filter(user=ana).update(ended="2026-01-01T00:00Z")
    presence._members.cache_clear()
    presence._seen.clear()
    assert ask(ben, told, "&here=0").status_code == 204


# Blind


@pytest.fixture
def blind(desk, edith, marked):
    base = CollectionSettings.objects.current().get().pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    return desk


def page_told(signed_in, user, article):
    html = signed_in(user).get(f"/c/desk/articles/{article.pk}/").content.decode()
    return re.search(r'data-revision="([^"]+)" data-mine', html)[1]


def test_blind_a_verdict_changes_nothing_that_is_told(ask, signed_in, blind, ana, ben, article, marked):
    before = page_told(signed_in, ben, article)
    tag(blind, author=ana, target=marked, opinion=Opinion("disputed", "HIDDEN"), base=None)
    answer = ask(ben, before)
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(answer["X-Revision"]) == len(before)
    assert answer["X-Revision"] != before
    assert str(head(blind)) != answer["X-Revision"]


def test_blind_the_number_is_sealed_anew_each_time(ask, signed_in, blind, ben, article):
    first = ask(ben, page_told(signed_in, ben, article))["X-Revision"]
    second = ask(ben, first)["X-Revision"]
    assert first != second
    assert ask(ben, second).status_code == 204


def test_blind_a_new_mark_is_a_place_and_no_more(ask, signed_in, blind, ana, ben, article, place):
    before = page_told(signed_in, ben, article)
    fresh = tag(blind, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    found = ask(ben, before).json()
    assert [(line["id"], line["revision"]) for line in found["claims"]] == [(fresh, 0)]
    assert "isputed" not in str(found)


def test_blind_my_own_verdict_opens_it(ask, signed_in, blind, ana, ben, article, marked):
    tag(blind, author=ana, target=marked, opinion=Opinion("disputed"), base=None)
    before = page_told(signed_in, ben, article)
    tag(blind, author=ben, target=marked, opinion=Opinion("verified"), base=None)
    found = ask(ben, before).json()
    assert found["claims"][0]["revision"] == head(blind)
    assert "Reviewers disagree" in found["claims"][0]["line"]


def test_blind_numbers_of_ones_own_find_nothing_out(ask, blind, ben, vera, marked):
    """Whatever number it is, the answer is that to a page which was told nothing yet."""
    for user in (ben, vera):
        answers = {
            ask(user, number).content for number in (0, head(blind) - 1, head(blind), head(blind) + 1, 9999)
        }
        assert answers == {ask(user, "nothing").content}


def test_blind_viewers_are_told_of_no_reader(ask, blind, ana, ben, vera):
    for user in (ana, ben):
        ask(user, "", "&here=0")
    presence._seen.clear()
    assert ask(ana, "", "&here=0").json()["here"] == ["Ben"]
    page = sealed(head(blind))
    assert "here" not in ask(vera, page, "&here=0").content.decode()
    assert ask(vera, page, "&here=abc").json() == {"here": [], "digest": "0"}
