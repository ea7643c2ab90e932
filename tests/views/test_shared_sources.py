"""A source cited for several claims: whose words about it count, and two people changing it at once."""

import re

import pytest

from annotations.models import Evidence, SourceDetails
from annotations.services.claims import mark
from annotations.services.evidence import NewSource, add_evidence

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def cited(desk, ana, ben, place):
    """ana cites the register first, ben cites it too: {"ana": …, "ben": …}."""
    details = {"title": "Register", "url": "https://register.example/"}
    first, second = (
        mark(desk, author=ana, place=place(words)).span_id for words in ("31 bridges", "harbour")
    )
    hers = add_evidence(desk, author=ana, span_id=first, source=NewSource("web", details))
    source = Evidence.objects.get().source_id
    return {"ana": hers, "ben": add_evidence(desk, author=ben, span_id=second, source=source)}


def details():
    return SourceDetails.objects.current().get()


def form(cited, **changed):
    fields = {"base": cited.version, "source_base": details().pk, "stance": "supports"}
    return fields | {"title": "Register", "url": "https://register.example/"} | changed


def path(article, cited):
    return f"/c/desk/articles/{article.pk}/sources/{cited.key}/"


def card(client, article, cited):
    at = f"/c/desk/articles/{article.pk}/card/?claim={cited.span_id}"
    return client.get(at, **HTMX).content.decode()


def test_who_cited_a_source_first_says_what_it_is(as_, ana, article, cited):
    client = as_(ana)
    assert f'name="source_base" value="{details().pk}"' in card(client, article, cited["ana"])
    answer = client.post(path(article, cited["ana"]), form(cited["ana"], title="The register"), **HTMX)
    assert answer.status_code == 200
    assert details().title == "The register"


def test_who_cites_it_too_changes_their_own_citation_alone(as_, ben, article, cited):
    client, before = as_(ben), details()
    html = card(client, article, cited["ben"])
    change = re.search(r'<details class="change">.*?</details>', html, re.S)[0]
    assert 'name="title"' not in change
    assert 'name="url"' not in change
    assert "add a source of your own instead" in change
    refused = client.post(path(article, cited["ben"]), form(cited["ben"], title="Gossip"), **HTMX)
    assert refused.status_code == 403
    assert "add a source of your own instead" in refused.content.decode()
    own = {"base": cited["ben"].version, "stance": "contradicts", "locator": "p. 9", "excerpt": "Thirty."}
    assert client.post(path(article, cited["ben"]), own, **HTMX).status_code == 200
    row = Evidence.objects.current().get(key=cited["ben"].key)
    assert (row.stance, row.locator, row.excerpt) == ("contradicts", "p. 9", "Thirty.")
    assert details() == before


def test_an_editor_changes_any(as_, edith, article, cited):
    answer = as_(edith).post(path(article, cited["ben"]), form(cited["ben"], title="The register"), **HTMX)
    assert answer.status_code == 200
    assert details().title == "The register"


def test_a_source_changed_meanwhile_is_shown_both_ways(as_, ana, edith, article, cited):
    mine = form(cited["ana"], url="https://register.example/mine", locator="p. 4")
    theirs = form(cited["ben"], title="The register", url="https://register.example/theirs")
    assert as_(edith).post(path(article, cited["ben"]), theirs, **HTMX).status_code == 200
    client = as_(ana)
    answer = client.post(path(article, cited["ana"]), mine, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert details().url.endswith("/theirs"), "nothing is lost"
    for words in ("Edith changed this", "The register", "https://register.example/theirs", "/mine", "p. 4"):
        assert words in html, words
    assert f"?claim={cited['ana'].span_id}" in html
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert client.post(path(article, cited["ana"]), again, **HTMX).status_code == 200
    left_alone = "The register"  # she never touched the title, so the other's stays
    assert (details().title, details().url) == (left_alone, "https://register.example/mine")


def test_what_the_change_was_based_on_must_be_said(as_, ana, article, cited):
    sent = form(cited["ana"], title="The register")
    del sent["source_base"]
    assert as_(ana).post(path(article, cited["ana"]), sent, **HTMX).status_code == 422
    assert details().title == "Register"


def test_both_changed_meanwhile_are_compared_at_once(as_, ana, edith, article, cited):
    client = as_(edith)
    client.post(path(article, cited["ana"]), form(cited["ana"], title="The register", locator="p. 1"), **HTMX)
    mine = form(cited["ana"], title="Harbour register", locator="p. 2", source_base=details().pk - 1)
    client = as_(ana)
    answer = client.post(path(article, cited["ana"]), mine, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert ("p. 1" in html, "p. 2" in html) == (True, True)
    assert ("The register" in html, "Harbour register" in html) == (True, True)
    mine = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert client.post(path(article, cited["ana"]), mine, **HTMX).status_code == 200
    assert details().title == "Harbour register"


def test_a_card_full_of_sources_asks_once(
    as_, desk, ana, article, place, cited, django_assert_num_queries, django_assert_max_num_queries
):
    client = as_(ana)
    card(client, article, cited["ana"])
    with django_assert_max_num_queries(20) as counted:
        card(client, article, cited["ana"])
    for n in range(5):
        source = NewSource("web", {"title": f"S{n}"})
        add_evidence(desk, author=ana, span_id=cited["ana"].span_id, source=source)
    with django_assert_num_queries(len(counted)):
        card(client, article, cited["ana"])
