"""Pages for what went wrong: in our look, saying what to do next."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

pytestmark = pytest.mark.django_db


def test_what_is_not_there_is_said_with_a_way_on(signed_in, ana):
    answer = signed_in(ana).get("/c/nowhere/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_what_is_not_allowed_says_why(signed_in, ana):
    answer = signed_in(ana).get("/c/desk/settings/")
    assert answer.status_code == 403
    assert "needs the role editor" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/c/desk/articles/{}/tag/", "/c/desk/articles/{}/"),
        ("/c/desk/claims/bulk/", "/c/desk/"),
        ("/account/profile/", "/"),
        ("/accounts/logout/", "/"),
        ("/admin/annotations/user/links/", "/"),
    ],
)
def test_an_address_that_only_a_form_is_sent_to_says_so_with_a_way_on(signed_in, stan, article, path, way):
    answer = signed_in(stan).get(path.format(article.pk))
    html = answer.content.decode()
    assert (answer.status_code, answer["Allow"], answer["Cache-Control"]) == (405, "POST", "no-store")
    assert "Nothing to open here" in html
    assert f'<a class="button" href="{way.format(article.pk)}">' in html


def test_to_scripts_and_to_the_api_it_is_answered_as_before(signed_in, ana, article):
    path = f"/c/desk/articles/{article.pk}/tag/"
    answer = signed_in(ana).get(path, headers={"hx-request": "true"})
    assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST", b"")
    assert signed_in(ana).head(path).content == b""
    answer = signed_in(ana).put("/api/v1/collections/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def fail(*_, **__):
    raise RuntimeError("secret detail")


def test_a_fault_of_ours_says_so_and_shows_nothing_of_it(signed_in, ana, monkeypatch, caplog):
    monkeypatch.setattr("annotations.access.seat", fail)
    browser = signed_in(ana)
    browser.raise_request_exception = False
    answer = browser.get("/c/desk/")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.content.decode()
    assert "secret detail" not in answer.content.decode()
    monkeypatch.setattr("django.template.loader.get_template", fail)
    plain = browser.get("/c/desk/")
    assert (plain.status_code, plain["Content-Type"]) == (500, "text/plain")


def test_a_request_that_makes_no_sense_is_refused_in_words(signed_in, ana, monkeypatch, caplog):
    def suspect(*_, **__):
        raise SuspiciousOperation

    monkeypatch.setattr("annotations.access.seat", suspect)
    answer = signed_in(ana).get("/c/desk/")
    assert answer.status_code == 400
    assert "Go back, reload the page and try again" in answer.content.decode()


def test_a_strange_host_is_refused():
    """T16"""
    assert Client().get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/c/desk/settings/",
        "/account/profile/",
        "/account/tokens/",
        "/c/desk/history/1/undo/",
        "/c/desk/articles/import/",
        "/accounts/logout/",
    ],
)
def test_nothing_is_changed_without_its_csrf_token(signed_in, edith, path):
    """T13"""
    answer = signed_in(edith, enforce_csrf_checks=True).post(path)
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()
