"""Several users at once: looked at, then all or none, and their links shown once."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from annotations.models import Collection, Membership, User
from annotations.services.newcomers import MOST

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/annotations/user/several/"
LINES = 'nora, Nora Quill, nora@desk.example\n\nomar\n"piet","Stad, Piet van der"'


def seen(browser, people=LINES, **more):
    """The form as it stands after a look at these lines."""
    sent = {"people": people, "collection": "", "role": "reviewer"} | more
    answer = browser.post(SEVERAL, sent | {"look": "1"})
    assert answer.status_code == 200, answer.context["form"].errors
    return sent | {"seen": answer.context["seen"]}


def users():
    return set(User.objects.values_list("username", flat=True))


def test_looking_creates_nothing(at, stan):
    seen(at(stan))
    assert users() == {"stan"}


def test_all_are_made_and_each_link_opens_its_own_account(at, stan):
    browser = at(stan)
    html = browser.post(SEVERAL, seen(browser) | {"create": "1"}).content.decode()
    links = re.findall(r"<code>[^<]*(/accounts/link/[^<]+)</code>", html)
    assert users() == {"stan", "nora", "omar", "piet"}
    assert ["nora" in Client().get(links[0]).content.decode(), len(links)] == [True, 3]
    assert 'download="one-time-links.txt"' in html
    nora, piet = User.objects.get(username="nora"), User.objects.get(username="piet")
    assert (nora.email, piet.display_name) == ("nora@desk.example", "Stad, Piet van der")
    assert not nora.has_usable_password()


def test_they_become_members_where_one_says_so(at, stan, desk):
    browser = at(stan)
    browser.post(SEVERAL, seen(browser, collection="desk", role="viewer") | {"create": "1"})
    seats = Membership.objects.filter(collection=desk)
    assert {(seat.user.username, seat.role) for seat in seats} == {
        (name, "viewer") for name in ("nora", "omar", "piet")
    }
    assert len({seat.pseudonym for seat in seats}) == 3
    assert Collection.objects.get(pk=desk.pk).epoch > desk.epoch


def test_each_is_in_the_log_of_administration_without_their_name_in_the_words(at, stan):
    browser = at(stan)
    browser.post(SEVERAL, seen(browser) | {"create": "1"})
    assert set(LogEntry.objects.values_list("user__username", "object_repr", "change_message")) == {
        ("stan", name, "Made with others, from a list.")
        for name in ("Nora Quill", "omar", "Stad, Piet van der")
    }


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ana, Another", "There is a user “ana” already."),
        ("ANA", "There is a user “ANA” already."),
        ("new person", "Username: Enter a valid username"),
        (", Nameless", "Username: This field cannot be blank."),
        ("x, X, not-an-address", "E-mail: Enter a valid email address."),
        ("x, X, x@y.example, editor", "More than three fields: “editor”."),
        ("Nora", "The same username as in line 1."),
        ("x" * 151, "Ensure this value has at most 150 characters"),
    ],
)
def test_a_fault_is_named_by_its_line_and_nobody_is_made(at, stan, ana, line, fault):
    browser = at(stan)
    sent = {"people": f"nora\n{line}", "collection": "", "role": "reviewer"}
    for button in ("look", "create"):
        answer = browser.post(SEVERAL, sent | {button: "1"})
        assert answer.status_code == 422
        second = answer.context["lines"][1]
        assert (second.newcomer.line, fault in " ".join(second.faults)) == (2, True), second
    assert users() == {"stan", "ana"}


def test_what_was_not_looked_at_is_not_created(at, stan):
    browser = at(stan)
    sent = seen(browser) | {"create": "1", "people": "quinn"}
    assert "Create 1 user" in browser.post(SEVERAL, sent).content.decode()
    assert users() == {"stan"}


def test_sent_twice_it_makes_them_once_and_says_so(at, stan):
    browser = at(stan)
    sent = seen(browser) | {"create": "1"}
    browser.post(SEVERAL, sent)
    again = browser.post(SEVERAL, sent)
    assert again.status_code == 422
    assert "Were they all made a moment ago?" in again.content.decode()
    assert User.objects.count() == 4


@pytest.mark.parametrize("people", ["", " \n ", "\n".join(f"p{n}" for n in range(MOST + 1)), "x\0y"])
def test_none_or_too_many_are_refused(at, stan, people):
    browser = at(stan)
    sent = {"people": people, "collection": "", "role": "reviewer"}
    answer = browser.post(SEVERAL, sent | {"look": "1"})
    if answer.status_code == 200:
        answer = browser.post(SEVERAL, sent | {"create": "1", "seen": answer.context["seen"]})
    assert (answer.status_code, users()) == (422, {"stan"})


def test_a_list_makes_nobody_staff(at, stan):
    browser = at(stan)
    flags = {"is_staff": "on", "is_superuser": "on", "kind": "service", "password": "x"}
    browser.post(SEVERAL, seen(browser) | {"create": "1"} | flags)
    assert list(User.objects.filter(is_staff=True)) == [stan]
    assert not User.objects.filter(kind="service").exists()


def test_200_people_cost_as_many_queries_as_20(at, stan, django_assert_max_num_queries):
    browser = at(stan)
    for count, prefix in ((20, "few"), (200, "many")):
        sent = seen(browser, "\n".join(f"{prefix}-{n}" for n in range(count)))
        with django_assert_max_num_queries(18):
            browser.post(SEVERAL, sent | {"create": "1"})
    assert User.objects.count() == 221
