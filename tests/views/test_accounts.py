"""The door: signing in and out, throttling, one-time links."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from aigap.logs import RedactingFormatter
from annotations.models import User
from annotations.services.accounts import create_person, one_time_link
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "three blue herons at dusk"


def sign_in(browser, name, password=PASSWORD, **more):
    return browser.post("/accounts/login/", {"username": name, "password": password, **more})


def local(link):
    return (
        link.removeprefix("http://127.0.0.1:8000")
        if "127.0.0.1" in link
        else re.sub(r"^https?://[^/]+", "", link)
    )


def test_signing_in_leads_to_the_page_that_was_asked_for(client, ana):
    asked = client.get("/c/desk/claims/?status=open")
    assert asked["Location"] == "/accounts/login/?next=/c/desk/claims/%3Fstatus%3Dopen"
    assert 'name="next" value="/c/desk/claims/?status=open"' in client.get(asked["Location"]).content.decode()
    answer = sign_in(client, "ana", next="/c/desk/claims/?status=open")
    assert answer["Location"] == "/c/desk/claims/?status=open"


def test_a_wrong_password_is_said_and_signs_nobody_in(client, ana):
    answer = sign_in(client, "ana", "wrong")
    assert answer.status_code == 422
    assert "do not go together" in answer.content.decode()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("name", ["gone", "robot", "nobody"])
def test_who_is_gone_a_program_or_unknown_does_not_get_in(client, person, name):
    person("gone", is_active=False)
    person("robot", kind=User.Kind.SERVICE)
    assert sign_in(client, name).status_code == 422
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/accounts/login/?next=/accounts/login/",
        "https://evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:/\\evil",
    ],
)
def test_next_stays_on_this_site(client, ana, evil):
    """T9"""
    assert sign_in(client, "ana", next=evil)["Location"] == "/"
    assert client.get("/accounts/login/", {"next": evil})["Location"] == "/"


def test_signing_in_rotates_the_session(client, ana):
    """T8: a session planted before is worth nothing after."""
    client.get("/accounts/login/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in(client, "ana")
    assert client.cookies["sessionid"].value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_out_is_a_post_and_ends_the_session(signed_in, ana):
    browser = signed_in(ana)
    assert browser.get("/accounts/logout/").status_code == 405
    assert browser.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert browser.get("/").status_code == 302


def test_htmx_is_sent_to_sign_in_as_a_page(client, article):
    where = f"/c/desk/articles/{article.pk}/"
    current = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://testserver{where}"}
    answer = client.get(f"{where}card/?claim=1", **current)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"/accounts/login/?next=%2Fc%2Fdesk%2Farticles%2F{article.pk}%2F"
    assert answer.content == b""


def test_an_expired_session_sends_htmx_to_sign_in(signed_in, ana, article):
    browser = signed_in(ana)
    Session.objects.all().delete()
    answer = browser.post(f"/c/desk/articles/{article.pk}/tag/", HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"].startswith("/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_six_bad_tries_then_fifty_at_once_are_locked_out(ana, monkeypatch):
    """T7: at most 10 password checks."""
    checks = []
    check = hashers.check_password
    monkeypatch.setattr(
        "django.contrib.auth.base_user.check_password",
        lambda *args, **more: checks.append(1) or check(*args, **more),
    )

    def bad_try(_=None):
        try:
            return sign_in(Client(), "ana", "wrong").status_code
        finally:
            connection.close()

    first = [bad_try() for _ in range(6)]
    with ThreadPoolExecutor(8) as threads:
        then = list(threads.map(bad_try, range(50)))
    assert first == [422, 422, 422, 422, 429, 429]
    assert set(then) == {429}
    assert len(checks) <= 10
    assert sign_in(Client(), "ana").status_code == 429, "the right password waits too"


def test_the_lockout_page_says_until_when(client, ana):
    for _ in range(5):
        answer = sign_in(client, "ana", "wrong")
    words = answer.content.decode()
    assert answer.status_code == 429
    assert "Too many tries" in words
    assert "(15 minutes)" in words
    assert 890 <= int(answer["Retry-After"]) <= 900
    assert answer["Cache-Control"] == "no-store"


def test_another_person_and_a_later_hour_are_not_locked_out(client, ana, ben):
    for _ in range(5):
        sign_in(client, "ana", "wrong")
    assert sign_in(Client(), "ben").status_code == 302
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=16)
        attempt.save()
    assert sign_in(Client(), "ana").status_code == 302


def test_a_one_time_link_chooses_a_password_once(client):
    link = local(one_time_link(create_person("nora")))
    field = re.search(r"<input[^>]*new_password1[^>]*>", client.get(link).content.decode())
    assert "autofocus" in field[0]
    answer = client.post(link, {"new_password1": NEW, "new_password2": NEW})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().get(link).status_code == 410
    assert (
        Client()
        .post(link, {"new_password1": "another one, long", "new_password2": "another one, long"})
        .status_code
        == 410
    )
    assert sign_in(Client(), "nora", NEW).status_code == 302


def test_a_weak_password_is_refused_with_what_to_do(client):
    link = local(one_time_link(create_person("nora")))
    answer = client.post(link, {"new_password1": "nora", "new_password2": "nora"})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == ["new_password1"]
    assert "at least 12 characters" in errors["new_password1"][1]
    assert not User.objects.get(username="nora").has_usable_password()


def test_a_link_ends_with_use_of_the_account_and_is_of_one_person(client, ana, ben):
    link = local(one_time_link(ana))
    assert sign_in(client, "ana").status_code == 302
    assert Client().get(link).status_code == 410, "whoever signed in did not need it"
    fresh = local(one_time_link(ana)).split("/")
    other = local(one_time_link(ben)).split("/")
    fresh[3] = other[3]
    assert Client().get("/".join(fresh)).status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/link/AAAA/x/",
        "/accounts/link/%F0%9F%92%A9/x-y/",
        "/accounts/link/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/a-b/",
    ],
)
def test_a_forged_link_says_what_to_do(client, path):
    answer = client.get(path)
    assert answer.status_code == 410
    assert "ask whoever sent it for a new one" in answer.content.decode()


def test_services_and_those_who_left_open_no_link(client, person):
    robot, gone = person("robot", kind=User.Kind.SERVICE), person("gone", is_active=False)
    assert client.get(local(one_time_link(robot))).status_code == 410
    assert client.get(local(one_time_link(gone))).status_code == 410


def test_a_post_without_its_csrf_token_is_refused_in_words(ana):
    """T13"""
    browser = Client(enforce_csrf_checks=True)
    answer = sign_in(browser, "ana")
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()


def test_no_password_or_cookie_reaches_the_log(client, ana, caplog):
    """T12"""
    with caplog.at_level(logging.DEBUG):
        sign_in(client, "ana", "a secret that is wrong")
        sign_in(client, "ana")
        client.get("/?token=sesame-open")
    assert "a secret that is wrong" not in caplog.text
    assert PASSWORD not in caplog.text
    assert client.cookies["sessionid"].value not in caplog.text
    stored = " ".join(map(str, AccessAttempt.objects.values_list("post_data", "get_data")))
    assert "a secret that is wrong" not in stored


def test_a_one_time_link_does_not_reach_the_log(client, capsys):
    """T12: a refused password leaves the link working, so its address is a secret."""
    link = local(one_time_link(create_person("nora")))
    record = logging.makeLogRecord(
        {"msg": "Unprocessable Entity: %s", "args": (link,), "levelname": "WARNING"}
    )
    assert client.post(link, {"new_password1": "nora", "new_password2": "nora"}).status_code == 422
    assert link.split("/")[4] not in capsys.readouterr().err
    line = RedactingFormatter("{message}", style="{").format(record)
    assert line == "Unprocessable Entity: /accounts/link/…"
