"""Who may do what, exactly: role × method for every route (T2). A route or a method without a row fails."""

from dataclasses import dataclass

import pytest

from annotations.api.urls import urlpatterns
from annotations.models import Revision
from annotations.services.rulings import rule
from tests.api.cast import TEXT, Api, api, cite, etag_of, make_desk, tag

PEOPLE = ("anonymous", "stranger", "vera", "ana", "owner", "reader", "elsewhere")
"""vera views, ana reviews, owner edits; reader is the owner's token to read, elsewhere one for another collection."""

READ = (401, 404, 200, 200, 200, 200, 404)
HERE = TEXT.index("Output")
SPAN = {"article": "{article}", "start": HERE, "end": HERE + 6, "quote": "Output"}

ROUTES = {
    "api-collections": ("", {"GET": (401, 200, 200, 200, 200, 200, 200)}),
    "api-collection": ("desk/", {"GET": READ}),
    "api-articles": (
        "desk/articles/",
        {"GET": READ, "POST": (401, 404, 403, 403, 201, 403, 404)},
    ),
    "api-article": (
        "desk/articles/{article}/",
        {"GET": READ, "PATCH": (401, 404, 403, 403, 200, 403, 404)},
    ),
    "api-article-work": (
        "desk/articles/{article}/work/",
        # Without anybody's having it yet, a reviewer takes it.
        {"GET": (401, 404, 403, 200, 200, 200, 404), "PUT": (401, 404, 403, 200, 200, 403, 404)},
    ),
    "api-spans": ("desk/spans/", {"GET": READ, "POST": (401, 404, 403, 201, 201, 403, 404)}),
    "api-span": (
        "desk/spans/{span}/",
        {
            "GET": READ,
            "PATCH": (401, 404, 403, 200, 200, 403, 404),
            "DELETE": (401, 404, 403, 409, 409, 403, 404),
        },
    ),
    "api-annotation": (
        "desk/spans/{span}/annotation/",
        {
            "GET": (401, 404, 404, 200, 404, 404, 404),
            # Whoever decided a claim does not review it.
            "PUT": (401, 404, 403, 200, 403, 403, 404),
            "DELETE": (401, 404, 403, 204, 404, 403, 404),
        },
    ),
    "api-span-evidence": ("desk/spans/{span}/evidence/", {"POST": (401, 404, 403, 201, 201, 403, 404)}),
    "api-ruling": (
        "desk/spans/{span}/ruling/",
        {
            "GET": READ,
            "PUT": (401, 404, 403, 403, 200, 403, 404),
            "DELETE": (401, 404, 403, 403, 204, 403, 404),
        },
    ),
    "api-evidence": (
        "desk/evidence/{key}/",
        {
            "GET": READ,
            "PUT": (401, 404, 403, 200, 200, 403, 404),
            "DELETE": (401, 404, 403, 204, 204, 403, 404),
        },
    ),
    "api-export": ("desk/export/", {"GET": READ}),
    "api-export-count": ("desk/export/count/", {"GET": READ}),
    "api-export-links": ("desk/export/links/", {"POST": (401, 404, 201, 201, 201, 201, 404)}),
    "api-changes": ("desk/changes/", {"GET": READ}),
    "api-schema": ("/api/v1/schema/", {"GET": (401, 200, 200, 200, 200, 200, 200)}),
    "api-claim-schema": ("/api/v1/schema/claim.json", {"GET": (401, 200, 200, 200, 200, 200, 200)}),
    # A page: a token signs nobody in.
    "api-docs": ("/api/v1/docs/", {"GET": (302,) * 7}),
    "api-none": ("desk/nothing/", dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), (404,) * 7)),
}
BODIES = {
    "api-articles": {"text": "Another text, about ships.", "title": "Ships"},
    "api-article": {"title": "Corrected"},
    "api-article-work": {"owner": "ana", "stage": "checking"},
    "api-spans": SPAN,
    "api-span": {"not_checkable": True, "reason": "opinion"},
    "api-annotation": {"verdict": "disputed"},
    "api-span-evidence": {"kind": "web", "title": "Tables", "url": "https://stats.example/"},
    "api-ruling": {"verdict": "verified", "rationale": "The tables settle it.", "revision": 0},
    "api-evidence": {"stance": "contradicts"},
}
CELLS = [
    (name, method, who, status)
    for name, (_, methods) in ROUTES.items()
    for method, statuses in methods.items()
    for who, status in zip(PEOPLE, statuses, strict=True)
]


@dataclass
class Scene:
    """A claim on which ana and ben disagree, which owner has decided, with a source that ana added."""

    article: int
    span: int
    key: str
    versions: dict
    clients: dict

    def body(self, name):
        now = {"article": self.article, "revision": self.versions["api-span"]}
        return {field: now.get(field, value) for field, value in BODIES.get(name, {}).items()}


@pytest.fixture
def scene(db):
    desk = make_desk()
    mine = tag(desk.collection, desk.ana, desk.span)
    tag(desk.collection, desk.ben, desk.span, "disputed")
    cited = cite(desk.collection, desk.ana, desk.span)
    ruling = rule(
        desk.collection,
        author=desk.owner,
        span_id=desk.span,
        verdict="disputed",
        rationale="Two to one.",
        base=None,
    )
    clients = {
        "anonymous": Api(api(desk.vera).client),
        **{name: api(getattr(desk, name)) for name in ("stranger", "vera", "ana", "owner")},
        "reader": api(desk.owner, scope="read"),
        "elsewhere": api(desk.owner, collections=[desk.other]),
    }
    versions = {
        "api-annotation": mine,
        "api-evidence": etag_of(cited).strip('"'),
        "api-ruling": ruling.version,
    }
    versions["api-span"] = ruling.revision
    versions["api-article-work"] = 0
    versions["api-article"] = int(api(desk.owner).get(f"desk/articles/{desk.article}/")["ETag"].strip('"'))
    return Scene(desk.article, desk.span, cited.key, versions, clients)


@pytest.mark.parametrize(("name", "method", "who", "status"), CELLS)
def test_each_may_do_exactly_this(scene, name, method, who, status):
    path = ROUTES[name][0].format(article=scene.article, span=scene.span, key=scene.key)
    body = scene.body(name)
    based = {"If-Match": f'"{scene.versions[name]}"'} if name in scene.versions else {}
    if (name, method, who) == ("api-annotation", "PUT", "owner"):
        based = {"If-None-Match": "*"}
    answer = scene.clients[who](method, path, body if method in {"POST", "PUT", "PATCH"} else None, **based)
    assert answer.status_code == status, answer.content[:500]


def test_every_route_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(ROUTES)


@pytest.mark.parametrize("name", [name for name in ROUTES if name not in {"api-none", "api-docs"}])
def test_other_methods_are_refused_with_those_there_are(scene, name):
    path = ROUTES[name][0].format(article=scene.article, span=scene.span, key=scene.key)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - ROUTES[name][1].keys():
        answer = scene.clients["owner"](method, path, {})
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert set(answer["Allow"].split(", ")) - {"HEAD"} == ROUTES[name][1].keys()


BASED = [
    (name, method)
    for name, (_, methods) in ROUTES.items()
    for method in methods
    if method in {"PUT", "PATCH", "DELETE"} and name != "api-none"
]


@pytest.mark.parametrize(("name", "method"), BASED)
def test_every_change_names_its_base_and_a_stale_one_changes_nothing(scene, name, method):  # T27, T28
    path = ROUTES[name][0].format(article=scene.article, span=scene.span, key=scene.key)
    client = scene.clients["ana" if name == "api-annotation" else "owner"]
    body = scene.body(name) if method != "DELETE" else None
    before = (Revision.objects.count(), client.get(path).json())
    assert client(method, path, body).status_code == 428
    assert client(method, path, body, If_Match="*").status_code == 428
    for stale in ('"999999"', '"none"', '"888.888"'):
        answer = client(method, path, body, If_Match=stale)
        assert (answer.status_code, answer.json()["current"]) == (412, before[1])
        assert answer["ETag"] == client.get(path)["ETag"]
    assert client(method, path, body, If_Match="none").status_code == 400
    assert (Revision.objects.count(), client.get(path).json()) == before
