"""Filters of the list of claims, kept under a name by whoever made them."""

import pytest

from annotations.models import Revision, SavedFilter
from annotations.services import saved_filters as service
from annotations.services.claims import mark

pytestmark = pytest.mark.django_db
FILTERS = "/c/desk/claims/filters/"


@pytest.fixture
def saved(desk, ana):
    return service.save_filter(desk, user=ana, name="Mine, open", query="status=open&unsourced=on")


def names(user):
    return list(SavedFilter.objects.filter(user=user).order_by("pk").values_list("name", "query"))


def test_the_filter_on_screen_is_saved_with_nothing_empty_in_it(signed_in, desk, ana, place):
    mark(desk, author=ana, place=place("harbour"))
    browser = signed_in(ana)
    html = browser.get("/c/desk/claims/?status=to_check&q=&after=999999").content.decode()
    assert '<input type="hidden" name="query" value="status=to_check">' in html
    sent = {"name": "  To  check ", "query": "status=to_check&q=&after=9&csrf=x&next=//evil.example"}
    answer = browser.post(FILTERS, sent)
    assert answer["Location"] == "/c/desk/claims/?status=to_check#notices"
    assert names(ana) == [("To check", "status=to_check")]
    html = browser.get(answer["Location"]).content.decode()
    assert "Saved as “To check”." in html
    assert '<a href="?status=to_check" aria-current="page" dir="auto">To check</a>' in html
    assert not Revision.objects.filter(action__contains="filter").exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Give it a name."),
        ("Mine, open", "You have one of that name here."),
        ("x" * 101, "at most 100 characters"),
        ("nul\0", "cannot hold a NUL"),
    ],
)
def test_what_cannot_be_a_name_is_said_at_its_field(signed_in, ana, saved, name, told):
    answer = signed_in(ana).post(FILTERS, {"name": name, "query": "verdict=disputed"})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert '<input type="hidden" name="query" value="verdict=disputed">' in answer.content.decode()
    assert len(names(ana)) == 1


def test_so_many_and_no_more(signed_in, ana, saved, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    answer = signed_in(ana).post(FILTERS, {"name": "Another", "query": "q=a"})
    assert answer.status_code == 422
    assert "Delete one first." in answer.content.decode()


def test_it_is_renamed_and_deleted(signed_in, desk, ana, saved):
    service.save_filter(desk, user=ana, name="Other", query="q=a")
    browser, path = signed_in(ana), f"{FILTERS}{saved.pk}/"
    clash = browser.post(path, {"name": "Other"})
    assert (clash.status_code, "You have one of that name here." in clash.content.decode()) == (422, True)
    assert 'value="Other" aria-label="Name of Mine, open" aria-invalid="true"' in clash.content.decode()
    assert browser.post(path, {"name": "Open"})["Location"] == f"{FILTERS}#notices"
    assert names(ana)[0] == ("Open", "status=open&unsourced=on")
    browser.post(path, {"delete": "1", "name": "Open"})
    assert names(ana) == [("Other", "q=a")]
    html = browser.get(FILTERS).content.decode()
    assert 'href="/c/desk/claims/?status=open&amp;unsourced=on">The claims that it showed</a>' in html


def test_it_is_its_owners_alone(signed_in, edith, ben, sam, ana, saved):
    for user in (edith, ben):
        browser = signed_in(user)
        assert "Mine, open" not in browser.get("/c/desk/claims/").content.decode()
        assert "Mine, open" not in browser.get(FILTERS).content.decode()
        for sent in ({"name": "x"}, {"delete": "1"}):
            assert browser.post(f"{FILTERS}{saved.pk}/", sent).status_code == 404
    assert signed_in(sam).post(f"{FILTERS}{saved.pk}/", {"delete": "1"}).status_code == 404
    assert signed_in(sam).get(FILTERS).status_code == 404
    assert names(ana)


def test_nor_by_way_of_another_collection(signed_in, ana, saved):
    from annotations.services.settings import create_collection, set_member

    set_member(create_collection("elsewhere", author=ana), ana, "editor")
    answer = signed_in(ana).post(f"/c/elsewhere/claims/filters/{saved.pk}/", {"delete": "1"})
    assert answer.status_code == 404
    assert "Mine, open" not in signed_in(ana).get("/c/elsewhere/claims/").content.decode()


def test_a_name_is_text(signed_in, desk, ana):
    name = '<img src=x onerror=alert(1)>"'
    service.save_filter(desk, user=ana, name=name, query="q=%3Cb%3E")
    for path in ("/c/desk/claims/", FILTERS):
        assert "<img src=x" not in signed_in(ana).get(path).content.decode()


def test_none_yet(signed_in, ana, desk):
    assert "No filter is saved yet." in signed_in(ana).get(FILTERS).content.decode()


def test_more_of_them_ask_no_more_of_the_database(signed_in, desk, ana, django_assert_max_num_queries):
    browser = signed_in(ana)
    for count in (1, 9):
        for n in range(count):
            service.save_filter(desk, user=ana, name=f"{count} {n}", query="q=a")
        with django_assert_max_num_queries(10):
            browser.get("/c/desk/claims/")
        with django_assert_max_num_queries(6):
            browser.get(FILTERS)
