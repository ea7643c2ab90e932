"""Sources suggested while typing: to whom, and with how many queries."""

import pytest

from annotations.services.articles import Details, import_article
from annotations.services.claims import mark
from annotations.services.evidence import NewSource, add_evidence
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def register(desk, ana, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    details = {"title": "Register", "url": "https://register.example/"}
    return add_evidence(desk, author=ana, span_id=span, source=NewSource("web", details))


def bring(desk, editor, title):
    """Of no publisher."""
    details = Details(title=title, language="en", blocks=blocks_of(title))
    return import_article(desk, author=editor, text=title, details=details).article_id


def known(client, article, typed):
    return client.get(f"/c/desk/articles/{article.pk}/known-sources/", {"q": typed}, **HTMX)


@pytest.mark.parametrize("typed", ["regi", "https://register.example", "register.example/"])
def test_by_title_and_by_address(as_, ben, article, register, typed):
    html = known(as_(ben), article, typed).content.decode()
    assert f"already cited for claim {register.span_id}" in html


def test_an_article_by_its_title_with_its_number(as_, desk, edith, ben, article):
    other = bring(desk, edith, "Other")
    asked = {"q": "oth", "for": "article"}
    path = f"/c/desk/articles/{article.pk}/known-sources/"
    html = as_(ben).get(path, asked, **HTMX).content.decode()
    assert f'<span class="about">Number {other}</span>' in html


def test_viewers_and_strangers_get_none(as_, vera, sam, article, register):
    assert known(as_(vera), article, "regi").status_code == 403
    assert known(as_(sam), article, "regi").status_code == 404


def test_queries_do_not_grow(as_, desk, ben, ana, article, register, django_assert_max_num_queries):
    for number in range(20):
        source = NewSource("web", {"title": f"Register {number}"})
        add_evidence(desk, author=ana, span_id=register.span_id, source=source)
    client = as_(ben)
    known(client, article, "regi")
    with django_assert_max_num_queries(8):
        html = known(client, article, "regi").content.decode()
    assert html.count('role="option"') == 8


@pytest.mark.parametrize(
    "typed", ["register.example", "https://register.example/#top", "http://www.register.example"]
)
def test_an_address_that_is_a_source_already_is_said(as_, ben, article, register, typed):
    html = known(as_(ben), article, typed).content.decode()
    assert 'This address is already a source here: <b dir="auto">Register</b>' in html


@pytest.mark.parametrize("typed", ["https://register.example/other", "register", "https://example/"])
def test_another_address_is_not(as_, ben, article, register, typed):
    assert "already a source" not in known(as_(ben), article, typed).content.decode()


@pytest.mark.parametrize(
    "kept",
    [
        "https://example.org/a",
        "http://www.example.org/a/",
        "https://example.org/a#top",
        "http://example.org/a/#x",
    ],
)
def test_many_older_ones_below_it_do_not_hide_it(as_, desk, ana, ben, article, register, kept):
    """Nine that begin alike, one that differs by a capital, and then the one."""
    below = [f"https://example.org/a/{number}" for number in range(9)]
    for number, url in enumerate([*below, "https://example.org/A", "https://example.org/a_b", kept]):
        source = NewSource("web", {"title": f"Page {number}", "url": url})
        add_evidence(desk, author=ana, span_id=register.span_id, source=source)
    html = known(as_(ben), article, "example.org/a").content.decode()
    assert 'already a source here: <b dir="auto">Page 11</b>' in html


def test_saved_all_the_same_it_is_said_once_more(as_, ben, article, register):
    path = f"/c/desk/articles/{article.pk}/claims/{register.span_id}/sources/"
    form = {"kind": "web", "url": "https://register.example", "title": "Again"}
    assert "already a source here" in as_(ben).post(path, form, **HTMX).content.decode()
    form = {"kind": "web", "url": "https://other.example", "title": "Other", "key": "k-1"}
    assert "already a source here" not in as_(ben).post(path, form, **HTMX).content.decode()
    assert "already a source here" not in as_(ben).post(path, form, **HTMX).content.decode(), "a lost answer"
