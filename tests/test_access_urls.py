"""Every address, asked for by people of every kind. A route that is not in the table fails."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from annotations import urls
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import create_collection, set_member

OPEN = {
    "/healthz",
    "/accounts/login/",
}
"""What answers 200 to whoever asks."""

SAMPLES = {
    "slug": "desk",
    "article_id": "{article}",
    "span_id": "{claim}",
    "number": "1",
    "key": "1-1",
    "uid": "MQ",
    "token": "abc-def",
    "source_id": "1",
    "user_id": "1",
    "reviewer_id": "1",
    "object_id": "1",
    "app_label": "annotations",
    "content_type_id": "1",
    "url": "nowhere",
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, address with {placeholders}) of every pattern below."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield pattern.name or route, "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def filled(address: str, **known: object) -> str:
    address = re.sub(r"\(\?P\{?(\w+)\}?[^)]*\)|[\^$]|\\Z", lambda m: f"{{{m[1]}}}" if m[1] else "", address)
    names = re.findall(r"\{(\w+)\}", address)
    values = {name: SAMPLES.get(name, "1").format(**known) for name in names}
    return address.format(**values).replace("\\", "")


@pytest.fixture
def scene(desk, article, ana, edith, ben, vera, sam, stan, place):
    """Sam edits another collection; Ana's opinion is change 3 of the desk, Edith's import 2."""
    other = create_collection("elsewhere", author=sam, name="Elsewhere")
    set_member(other, sam, "editor")
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    mark(desk, author=ana, place=place("harbour"))
    people = {"viewer": vera, "reviewer": ben, "editor": edith, "stranger": sam, "staff": stan}
    return {"article": article.pk, "claim": claim, "people": people}


def browsers(people):
    yield "anonymous", Client()
    for role in ("stranger", "staff", "viewer", "reviewer", "editor"):
        browser = Client()
        browser.force_login(people[role], backend="django.contrib.auth.backends.ModelBackend")
        yield role, browser


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch", "head"])
def test_signed_out_people_reach_the_allow_list_alone(scene, method):
    browser, reached = Client(raise_request_exception=False), set()
    for _, address in routes(get_resolver().url_patterns):
        path = filled(address, **scene)
        answer = getattr(browser, method)(path)
        assert answer.status_code < 500, (method, path, answer.status_code)
        if answer.status_code == 200:
            reached.add(path)
    assert reached <= OPEN, reached - OPEN


def test_the_walk_reaches_every_kind_of_address():
    walked = {address for _, address in routes(get_resolver().url_patterns)}
    assert "/c/{slug}/articles/{article_id}/details/" in walked
    assert any(address.startswith("/admin/annotations/user/") for address in walked)
    assert any(address.startswith("/api/v1/collections/") for address in walked)


ROLES = ("anonymous", "stranger", "staff", "viewer", "reviewer", "editor")
EVERYBODY = (302, 200, 200, 200, 200, 200)
MEMBERS = (302, 404, 404, 200, 200, 200)
REVIEWERS = (302, 404, 404, 403, 200, 200)
EDITORS = (302, 404, 404, 403, 403, 200)
FRAGMENT = (302, 404, 404, 302, 302, 302)
REVIEWERS_302 = (302, 404, 404, 403, 302, 302)
REVIEWERS_404 = (302, 404, 404, 403, 404, 404)
REVIEWERS_303 = (302, 404, 404, 403, 303, 303)
REVIEWERS_422 = (302, 404, 404, 403, 422, 422)
NOTHING_BESIDE = (302, 404, 404, 404, 404, 404)
"""There is no second text here; test_beside.py has one."""
WRONG_METHOD = (302, 405, 405, 405, 405, 405)

# name: [(method, what is sent, the status for each of ROLES in this order)]
MATRIX = {
    "desk": [("get", {}, EVERYBODY), ("post", {}, WRONG_METHOD)],
    "desk-next": [("get", {}, (302,) * 6), ("post", {}, WRONG_METHOD)],
    "sign-in": [("get", {}, (200, 302, 302, 302, 302, 302)), ("put", {}, (405,) * 6)],
    "sign-out": [("get", {}, (405,) * 6), ("post", {}, (302,) * 6)],
    "account-link": [("get", {}, (410,) * 6), ("post", {}, (410,) * 6)],
    "account": [("get", {}, EVERYBODY), ("post", {}, WRONG_METHOD)],
    "account-profile": [("get", {}, WRONG_METHOD), ("post", {}, (302,) * 6)],
    "account-password": [("get", {}, WRONG_METHOD), ("post", {}, (302, 422, 422, 422, 422, 422))],
    "account-reading": [
        ("get", {}, WRONG_METHOD),
        ("post", {}, (302,) * 6),
        ("post", {"size": "9"}, (302, 422, 422, 422, 422, 422)),
    ],
    "token-create": [("get", {}, WRONG_METHOD), ("post", {}, (302, 422, 422, 422, 422, 422))],
    "token-revoke": [("get", {}, WRONG_METHOD), ("post", {}, (302,) * 6)],
    "second-factor": [("get", {}, (302, 404, 200, 404, 404, 404)), ("put", {}, WRONG_METHOD)],
    "collection": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "collection-settings": [("get", {}, EDITORS), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "dataset": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "dataset-import": [("get", {}, EDITORS), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "dataset-link": [
        ("get", {}, WRONG_METHOD),
        ("post", {}, (302, 404, 404, 302, 302, 302)),
        ("post", {"format": "csv"}, (302, 404, 404, 201, 201, 201)),
    ],
    "article-plain": [("get", {}, REVIEWERS), ("post", {}, REVIEWERS_422), ("put", {}, WRONG_METHOD)],
    "article-proof": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "article-list": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "article-import": [("get", {}, EDITORS), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "article-details": [("get", {}, EDITORS), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "article-withdraw": [("get", {}, EDITORS), ("post", {}, (302, 404, 404, 403, 403, 409))],
    "article-work": [("get", {}, REVIEWERS), ("post", {}, REVIEWERS_422)],
    "article-assign": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "article-unassign": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 302))],
    "assignments": [("get", {}, EDITORS), ("post", {}, WRONG_METHOD)],
    "assignments-spread": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "people": [("get", {}, (302, 404, 404, 403, 302, 302)), ("post", {}, WRONG_METHOD)],
    "claim-list": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "claims-accept": [
        ("get", {}, EDITORS),
        ("post", {}, (302, 404, 404, 403, 403, 422)),
        ("put", {}, WRONG_METHOD),
    ],
    "claims-bulk": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 302))],
    "saved-filters": [
        ("get", {}, MEMBERS),
        ("post", {}, (302, 404, 404, 422, 422, 422)),
        ("put", {}, WRONG_METHOD),
    ],
    "saved-filter": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 404, 404, 404))],
    "claim-detail": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "public-corrections": [("get", {}, (404,) * 6), ("post", {}, (405,) * 6)],
    "public-correction": [("get", {}, (404,) * 6), ("post", {}, (405,) * 6)],
    "public-corrections-feed": [("get", {}, (404,) * 6), ("post", {}, (405,) * 6)],
    "correction-list": [("get", {}, EDITORS), ("post", {}, WRONG_METHOD)],
    "claim-correct": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-correction-publish": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-correction-withdraw": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "legal-list": [("get", {}, REVIEWERS), ("post", {}, WRONG_METHOD)],
    "claim-legal-ask": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 303, 409))],
    "claim-legal-answer": [
        ("get", {}, WRONG_METHOD),
        ("post", {"answer": "cleared"}, (302, 404, 404, 403, 403, 403)),
    ],
    "claim-legal-withdraw": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "agreement": [("get", {}, EDITORS), ("post", {}, WRONG_METHOD)],
    "agreement-cell": [("get", {}, (302, 404, 404, 403, 403, 404)), ("post", {}, WRONG_METHOD)],
    "agreement-pairs": [("get", {}, EDITORS), ("post", {}, WRONG_METHOD)],
    "agreement-verdicts": [("get", {}, EDITORS), ("post", {}, WRONG_METHOD)],
    "history": [("get", {}, REVIEWERS), ("post", {}, WRONG_METHOD)],
    "revision": [("get", {}, REVIEWERS), ("post", {}, WRONG_METHOD)],
    "revision-undo": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "history-undo": [("get", {}, REVIEWERS_422), ("post", {}, REVIEWERS_422)],
    # The reader. Its fragments, asked for as pages, lead to the page; an empty request is refused by what it lacks.
    "article-detail": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "article-card": [("get", {}, FRAGMENT), ("post", {}, WRONG_METHOD)],
    "article-claims": [("get", {}, FRAGMENT), ("post", {}, WRONG_METHOD)],
    "article-left": [("get", {}, FRAGMENT), ("post", {}, WRONG_METHOD)],
    "article-left-next": [("get", {}, FRAGMENT), ("post", {}, WRONG_METHOD)],
    "article-beside": [("get", {}, MEMBERS), ("post", {}, WRONG_METHOD)],
    "article-beside-text": [("get", {}, NOTHING_BESIDE), ("post", {}, WRONG_METHOD)],
    "article-beside-align": [("get", {}, NOTHING_BESIDE), ("post", {}, WRONG_METHOD)],
    "article-since": [("get", {}, FRAGMENT), ("post", {}, WRONG_METHOD)],
    "article-facts": [("get", {}, REVIEWERS_302), ("post", {}, WRONG_METHOD)],
    "article-next": [("get", {}, (302, 404, 404, 403, 302, 302)), ("post", {}, WRONG_METHOD)],
    "claim-mark": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "claim-tag": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "claim-not-checkable": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "claim-undo": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_303)],
    "claim-why": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "claim-withdraw": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
    "claim-checkable": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_303)],
    "claim-unmark": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 409, 409))],
    "claim-move": [
        ("get", {}, (302, 404, 404, 403, 403, 200)),
        ("post", {}, (302, 404, 404, 403, 403, 422)),
    ],
    "claim-split": [("get", {}, (302, 404, 404, 403, 200, 200)), ("post", {}, REVIEWERS_422)],
    "claim-merge": [
        ("get", {}, (302, 404, 404, 403, 403, 200)),
        ("post", {}, (302, 404, 404, 403, 403, 422)),
    ],
    "claim-assign": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-unassign": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-send-back": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-call-off": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-stand-by": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "claim-comment": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "article-comment": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
    "article-comment-withdraw": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
    "article-mention-aside": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
    "claim-note": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_303)],
    "claim-decide": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "claim-decide-withdraw": [("get", {}, WRONG_METHOD), ("post", {}, (302, 404, 404, 403, 403, 422))],
    "source-add": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "document-upload": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_422)],
    "document": [("get", {}, (302, 404, 404, 404, 404, 404)), ("post", {}, WRONG_METHOD)],
    "known-sources": [("get", {}, REVIEWERS_302), ("post", {}, WRONG_METHOD)],
    "source-change": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
    "source-remove": [("get", {}, WRONG_METHOD), ("post", {}, REVIEWERS_404)],
}


def test_every_page_has_its_row():
    assert {name for name, _ in routes(urls.urlpatterns)} == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_gets_what_the_table_says(scene, name):
    address = dict(routes(urls.urlpatterns))[name]
    for method, sent, expected in MATRIX[name]:
        path = filled(address, **scene)
        got = {role: getattr(b, method)(path, sent).status_code for role, b in browsers(scene["people"])}
        assert got == dict(zip(ROLES, expected, strict=True)), (method, path)


FOREIGN = [
    ("get", "/c/elsewhere/articles/{article}/"),
    ("get", "/c/elsewhere/articles/{article}/details/"),
    ("get", "/c/elsewhere/articles/{article}/since/?n=2"),
    ("post", "/c/elsewhere/articles/{article}/details/"),
    ("post", "/c/elsewhere/articles/{article}/mark/"),
    ("post", "/c/elsewhere/articles/{article}/claims/{claim}/note/"),
    ("get", "/c/elsewhere/articles/{article}/plain/"),
    ("post", "/c/elsewhere/articles/{article}/claims/{claim}/legal/ask/"),
    ("post", "/c/elsewhere/articles/{article}/claims/{claim}/legal/answer/"),
    ("post", "/c/elsewhere/articles/{article}/claims/{claim}/correction/"),
    ("post", "/c/elsewhere/articles/{article}/claims/{claim}/correction/publish/"),
    ("get", "/c/elsewhere/articles/{article}/proof/"),
    ("post", "/c/elsewhere/articles/{article}/assign/"),
    ("post", "/c/elsewhere/articles/{article}/unassign/"),
    ("get", "/c/elsewhere/history/3/"),
    ("post", "/c/elsewhere/history/3/undo/"),
    ("get", "/c/elsewhere/articles/99999999999999999999/"),
    ("get", "/c/elsewhere/articles/999999999999999999/details/"),
    ("get", "/c/elsewhere/history/999999999999999999/"),
]


@pytest.mark.parametrize(("method", "address"), FOREIGN)
def test_a_child_under_the_wrong_parent_is_not_there(scene, desk, method, address):
    """Sam is the editor of elsewhere: what belongs to the desk is not there for him, and nothing changes."""
    browser = Client()
    browser.force_login(scene["people"]["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    head = desk.revisions.count()
    assert getattr(browser, method)(address.format(**scene)).status_code == 404
    assert desk.revisions.count() == head


POLICY = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
]


@pytest.mark.parametrize("name", [name for name in MATRIX if MATRIX[name][0][0] == "get"])
def test_every_page_is_under_the_enforced_policy_and_kept_by_nobody(scene, name):
    """T18, and DESIGN: pages are `no-store`."""
    browser = Client()
    browser.force_login(scene["people"]["editor"], backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get(filled(dict(routes(urls.urlpatterns))[name], **scene))
    assert sorted(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert not re.search(
        rb"<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=|hx-on|javascript:", answer.content
    )
    if answer["Content-Type"].startswith("text/html"):
        assert answer["Cache-Control"] == "no-store"
