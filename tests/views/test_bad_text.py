"""T26: what a database would not store as it was typed is refused in words, by every form and on both databases."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import (
    Annotation,
    ApiToken,
    ArticleDetails,
    CollectionSettings,
    Evidence,
    PrivateNote,
    Revision,
    SourceDetails,
    User,
)
from annotations.services.accounts import create_person, one_time_link
from annotations.services.claims import Opinion, tag
from annotations.services.evidence import NewSource, add_evidence
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
PLACE = {"start": "28", "end": "38", "quote": "31 bridges"}
WEB = {"kind": "web", "title": "T"}
AT, CLAIM = "/c/desk/articles/{article}/", "/c/desk/articles/{article}/claims/{claim}/"

# (address, fields that are good, the one that is not, its most characters or None, who)
READER = [
    *((f"{CLAIM}why/", {"base": "{opinion}"}, name, 10_000, "ana") for name in ("why", "should_read")),
    (f"{CLAIM}why/", {"base": "{opinion}"}, "problem", 0, "ana"),
    (f"{AT}not-checkable/", PLACE, "reason", 200, "ana"),
    *((f"{AT}{door}/", {**PLACE, "verdict": "verified", "reason": "x"}, "key", 100, "ana")
      for door in ("mark", "tag", "not-checkable", "undo")),
    *((f"{CLAIM}{door}/", {"base": "none"}, "key", 100, "ana") for door in ("withdraw", "checkable", "unmark", "note")),
    *((f"{AT}sources/{{key}}/{door}", {"base": "1"}, "key", 100, "ana") for door in ("", "remove/")),
    *((f"{AT}tag/", {**PLACE, "verdict": "verified"}, name, 0, "ana") for name in ("verdict", "base", "start")),
    (f"{AT}tag/", {**PLACE, "verdict": "verified"}, "claim", 0, "ana"),
    (f"{CLAIM}note/", {}, "text", 10_000, "ana"),
    *((f"{CLAIM}sources/", WEB, name, most, "ana")
      for name, most in {"title": 500, "publisher": 200, "url": 2000, "published_on": 0, "locator": 300,
                         "excerpt": 10_000, "stance": 0, "kind": 0, "key": 100}.items()),
    (f"{CLAIM}sources/", WEB | {"kind": "person"}, "person_role", 200, "ana"),
    (f"{CLAIM}sources/", WEB | {"kind": "calculation"}, "note", 10_000, "ana"),
    (f"{CLAIM}sources/", {"kind": "article"}, "article", 0, "ana"),
    *((f"{AT}sources/{{key}}/", {"base": "{cited}", "source_base": "{details}"}, name, most, "ana")
      for name, most in {"title": 500, "url": 2000, "locator": 300, "excerpt": 10_000}.items()),
]  # fmt: skip
PAGES = [
    *(("/account/profile/", {}, name, 150, "ana") for name in ("display_name",)),
    ("/account/tokens/", {"scope": "read", "days": "7"}, "name", 100, "ana"),
    *(("/account/password/", {"old_password": PASSWORD, "new_password1": "a-long-way-to-go", "new_password2": "x"},
       name, None, "ana") for name in ("old_password", "new_password1", "new_password2")),
    ("/account/second-factor/", {}, "code", 12, "stan"),
    ("/accounts/login/", {"username": "ana", "password": PASSWORD}, "username", 150, ""),
    ("/accounts/login/", {"username": "ana", "password": PASSWORD}, "password", None, ""),
    ("{link}", {"new_password1": "a-long-way-to-go", "new_password2": "a-long-way-to-go"}, "new_password1", None, ""),
    *(("/c/desk/settings/", {"base": "{settings}", "name": "The desk", "reviews_needed": "1"}, name, most, "edith")
      for name, most in {"name": 200, "description": 10_000, "language": 35, "license": 100, "base": 0}.items()),
    *((f"{AT}details/", {"base": "{article_details}", "direction": "ltr", "role": "checked"}, name, most, "edith")
      for name, most in {"title": 500, "publisher": 200, "byline": 300, "url": 2000, "language": 35,
                         "published_on": 0, "role": 0}.items()),
    ("/c/desk/articles/import/", {}, "pasted", None, "edith"),
]  # fmt: skip
SEARCHES = [
    *(("/c/desk/articles/", name) for name in ("q", "publisher", "work", "role", "sort", "page")),
    *(
        ("/c/desk/claims/", name)
        for name in ("q", "status", "verdict", "publisher", "article", "after", "sort")
    ),
    *(("/c/desk/claims/", name) for name in ("problem", "person", "given", "due", "unsourced")),
    *((AT, name) for name in ("claim",)),
    *((f"{AT}card/", name) for name in ("claim", "start", "end")),
    (f"{AT}claims/", "after"),
    (f"{AT}next/", "after"),
    *(("/c/desk/dataset/", name) for name in ("status", "verdict", "publisher", "text", "language", "at")),
    ("/c/desk/history/", "before"),
    ("/accounts/login/", "next"),
]


@pytest.fixture
def known(desk, edith, ana, stan, article, place):
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    cited = add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))
    TOTPDevice.objects.create(user=stan, name="App")
    return {
        "article": article.pk,
        "claim": claim,
        "opinion": Annotation.objects.get().pk,
        "key": cited.key,
        "cited": cited.version,
        "details": SourceDetails.objects.get().pk,
        "settings": CollectionSettings.objects.get().pk,
        "article_details": ArticleDetails.objects.get().pk,
        "link": "/accounts/" + one_time_link(create_person("nora")).split("/accounts/")[1],
    }


def sign_in(client, who):
    if who:
        user = User.objects.get(username=who)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def stored():
    models = (Revision, PrivateNote, ApiToken, Annotation, Evidence)
    return [model.objects.count() for model in models], list(User.objects.order_by("pk").values())


@pytest.mark.parametrize("form", [*READER, *PAGES], ids=lambda form: f"{form[0]}:{form[2]}")
def test_nothing_unfit_is_stored_and_the_answer_says_what_to_do(client, known, form):
    path, good, name, most, who = form
    sign_in(client, who)
    good = {field: value.format(**known) for field, value in good.items()}
    before = stored()
    for value in ["a\0b", *([] if most is None else ["x" * (most + 1) or "x"])]:
        headers = HTMX if (*form,) in READER else {}
        answer = client.post(path.format(**known), good | {name: value}, **headers)
        assert answer.status_code == 422, (value[:10], answer.status_code, answer.content[:300])
        html = answer.content.decode()
        assert 'class="toast trouble"' in html or "error" in html
    assert stored() == before


@pytest.mark.parametrize(("path", "name"), SEARCHES)
def test_no_search_breaks(client, known, path, name):
    sign_in(client, "ana" if "login" not in path else "")
    for value in ("a\0b", "x" * 5000, "9" * 5000, "9" * 25, "-1", "٣", "²"):
        answer = client.get(path.format(**known), {name: value})
        assert answer.status_code in {200, 302, 404, 422}, value[:10]


def test_a_token_that_no_database_could_hold_is_none_of_mine(client, known):
    for value in ("a\0b", "x" * 5000):
        assert sign_in(client, "ana").post("/account/tokens/revoke/", {"token": value}).status_code == 302


def test_a_draft_that_was_tampered_with_is_not_imported(client, known):
    for value in ("a\0b", "x" * 5000):
        for name in ("draft", "d0-text", "d0-sealed"):
            form = {"confirm": "1", "draft": "d0", "d0-take": "1", "d0-sealed": "x", "d0-text": "T"} | {
                name: value
            }
            answer = sign_in(client, "edith").post("/c/desk/articles/import/", form)
            assert answer.status_code in {302, 422}
    assert ArticleDetails.objects.count() == 1
