"""Every error is a problem of RFC 9457, whatever raised it."""

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.exceptions import Throttled

from annotations.api import problems
from tests.api.cast import Api, api


def is_problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert {name: body[name] for name in ("type", "status", "code")} == {
        "type": "about:blank",
        "status": status,
        "code": code,
    }
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "path", ["desk/nowhere/", "/api/v1/nowhere", "desk", "desk/spans/x/", "/api/v1/", "desk/%0A/"]
)
def test_an_unknown_address(desk, path):
    is_problem(api(desk.ana).get(path), 404, "not-found")


def test_an_id_beyond_any_database(desk):
    is_problem(api(desk.ana).get(f"desk/spans/{10**30}/"), 404, "not-found")


def test_another_method(desk):
    answer = api(desk.ana).post("desk/export/", {})
    is_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer["Allow"]


def test_options_are_not_offered(desk):
    is_problem(api(desk.ana)("OPTIONS", "desk/spans/"), 405, "method-not-allowed")


def test_an_answer_that_is_not_acceptable(desk):
    is_problem(api(desk.ana).get("desk/spans/", Accept="text/html"), 406, "not-acceptable")
    of_export = is_problem(api(desk.ana).get("desk/export/", Accept="image/png"), 406, "not-acceptable")
    assert "parquet, w3c, claimreview" in of_export["detail"]
    is_problem(api(desk.ana).get("desk/spans/", Accept="application/json;q=0"), 406, "not-acceptable")


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html, application/json;q=0.1", "application/*"]
)
def test_answers_that_are(desk, accept):
    assert api(desk.ana).get("desk/spans/", Accept=accept).status_code == 200


def test_a_body_of_another_kind(desk):
    answer = api(desk.ana).post("desk/spans/", "a=1", Content_Type="text/plain")
    is_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("body", ["{", "[1", '{"start": NaN}', "\udc80".encode("utf-8", "surrogatepass")])
def test_a_body_that_is_no_json(desk, body):
    is_problem(api(desk.ana).post("desk/spans/", body), 400, "parse-error")


@pytest.mark.parametrize("body", ["[]", "5", "null", '"text"'])
def test_a_body_that_is_no_object(desk, body):
    is_problem(api(desk.ana).post("desk/spans/", body), 400, "invalid")


def test_invalid_fields_are_named(desk):
    body = {"article": "1", "start": -1, "end": True, "quote": 5}
    problem = is_problem(api(desk.ana).post("desk/spans/", body), 400, "invalid")
    assert [fault["field"] for fault in problem["errors"]] == ["article", "start", "end", "quote"]


def test_nested_fields_too(desk):
    body = {"text": "A text.", "derived_from": [{"url": "javascript:alert(1)"}]}
    problem = is_problem(api(desk.owner).post("desk/articles/", body), 400, "invalid")
    assert [fault["field"] for fault in problem["errors"]] == ["derived_from.0.url"]


@pytest.mark.parametrize("key", ["", "é", "x" * 101])
def test_a_key_that_cannot_be_kept(desk, key):
    path = f"desk/spans/{desk.span}/annotation/"
    answer = api(desk.ana).put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=key)
    is_problem(answer, 400, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "limit=",
        "cursor=",
        "cursor=5",
        "status=done",
        "verdict=",
        "article=x",
    ],
)
def test_a_query_that_says_nothing(desk, query):
    is_problem(api(desk.ana).get(f"desk/spans/?{query}"), 400, "invalid")


def test_too_many_requests():
    answer = problems.of(Throttled(wait=3.2)).response()
    said = (answer.status_code, answer["Retry-After"], b'"code":"throttled"' in answer.content)
    assert said == (429, "4", True)


def test_a_database_that_does_not_answer():
    answer = problems.of(OperationalError("disk I/O error")).response()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"disk" not in answer.content


def test_an_unexpected_error_says_nothing_of_itself(desk, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("annotations.api.shapes.collection", fail)
    client = api(desk.ana)
    client.client.raise_request_exception = False
    answer = client.get("desk/")
    is_problem(answer, 500, "server-error")
    assert b"secret" not in answer.content


def test_who_comes_without_a_token_is_told_where_to_make_one(desk):
    body = is_problem(Api(Client()).get("desk/spans/"), 401, "not-authenticated")
    assert "Authorization: Token" in body["detail"]
    assert "/account/" in body["detail"]


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '{"a":' + "[" * 900 + "]" * 900 + "}"])
def test_json_without_a_floor_is_not_json(desk, body):
    client = api(desk.owner)
    client.client.raise_request_exception = False
    for path in ("desk/spans/", "desk/articles/"):
        is_problem(client.post(path, body), 400, "parse-error")
