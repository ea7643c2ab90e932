"""Names suggested behind an @: whose, to whom, and as what they are written."""

import re

import pytest

from annotations.models import CollectionSettings, Membership
from annotations.services.settings import change_settings, create_collection, set_member

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def named(browser, typed=""):
    answer = browser.get("/c/desk/people/", {"q": typed}, **HTMX)
    assert answer.status_code == 200
    return re.findall(r'data-value="([^"]*)"', answer.content.decode())


def test_members_who_review_and_nobody_else(signed_in, desk, edith, ana, ben, vera, sam, person):
    set_member(create_collection("other", author=None), sam, "editor")
    gone = set_member(desk, person("gone"), "reviewer")
    Membership.objects.filter(pk=gone.pk).update(ended="2026-01-01T00:00Z")
    set_member(desk, person("asleep", is_active=False), "reviewer")
    assert named(signed_in(ana)) == ["@ben", "@edith"]
    assert named(signed_in(ana), "ED") == ["@edith"]
    assert named(signed_in(ana), "sam") == []
    assert signed_in(ana).get("/c/desk/people/?q=sam", **HTMX).content == b""


def test_who_may_ask(signed_in, desk, ana, vera, sam):
    assert signed_in(vera).get("/c/desk/people/", **HTMX).status_code == 403
    assert signed_in(sam).get("/c/desk/people/", **HTMX).status_code == 404
    assert signed_in(ana).get("/c/desk/people/")["Location"] == "/c/desk/"


def test_names_are_written_so_that_they_name_and_shown_as_text(signed_in, desk, ana, person):
    for username, name in (("li@desk.example", "Li <b>Wei</b>"), ("no@desk.example", "")):
        user = person(username)
        user.display_name = name
        user.save()
        set_member(desk, user, "reviewer")
    html = signed_in(ana).get("/c/desk/people/?q=l", **HTMX).content.decode()
    assert 'data-value="@&quot;Li &lt;b&gt;Wei&lt;/b&gt;&quot;"' in html
    assert "<b>" not in html
    assert named(signed_in(ana), "no") == []


def test_who_checks_blind_is_told_names_too(signed_in, desk, edith, ana, ben):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    assert named(signed_in(ana)) == ["@ben", "@edith"]


def test_few_at_a_time_and_queries_do_not_grow(signed_in, desk, ana, ben, person, django_assert_num_queries):
    browser = signed_in(ana)
    with django_assert_num_queries(4):
        assert len(named(browser)) == 1
    for n in range(12):
        set_member(desk, person(f"cora{n}"), "reviewer")
    with django_assert_num_queries(4):
        assert len(named(browser, "cora")) == 8


def test_odd_input(signed_in, desk, ana, ben):
    for typed in ("\0", "x" * 9000, "%", "<"):
        assert named(signed_in(ana), typed) == []
