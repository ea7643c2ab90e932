"""The API's page: all of the schema, under the CSP, for everyone, in both themes."""

import pytest

from annotations.api.schema import document
from annotations.models import User


@pytest.fixture
def reader(transactional_db):
    return User.objects.create_user("reader", password="correct horse battery")


def test_the_page_has_no_fault(live_server, new_page, sign_in, reader, axe, shot):
    page = sign_in(new_page(), reader)
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.locator("h1").inner_text() == "API"
    shot(page, "api-docs")
    assert axe(page) == []


def test_every_operation_and_shape_is_on_it(live_server, page, sign_in, reader):
    sign_in(page, reader).goto(f"{live_server.url}/api/v1/docs/")
    text = page.locator("main").text_content()
    for path, methods in document()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path.removeprefix('/api/v1/')}" in text
    broken = page.evaluate(
        "[...document.querySelectorAll('main a[href^=\"#\"]')].filter(a => !document.querySelector(a.hash)).length"
    )
    assert broken == 0


def test_it_fits_a_phone(live_server, new_page, sign_in, reader):
    page = sign_in(new_page(viewport={"width": 320, "height": 640}), reader)
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
