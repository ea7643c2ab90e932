"""Each body that the schema names has an example, and the schema allows it."""

import json
import re
from html import unescape
from typing import Any

import jsonschema
import pytest

from annotations.api.examples import EXAMPLES, TEXT
from annotations.api.problem_examples import PROBLEMS
from annotations.api.schema import document
from tests.api.cast import person

NEVER_ALONE = {"Exported"}
"""Two kinds of file, each described where it is."""


def asked_and_given() -> set[str]:
    """The components that are a request's or an answer's whole body."""
    found = set()
    for methods in document()["paths"].values():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for kind in (kind for body in bodies for kind in body.get("content", {}).values()):
                found |= set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", repr(kind.get("schema"))))
    return found - NEVER_ALONE


def plain(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it, and nothing beside what is described."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: plain(value) for key, value in schema.items() if key not in ("nullable", "example")}
    if "properties" in said:
        said.setdefault("additionalProperties", False)
    return {"anyOf": [said, {"type": "null"}]} if schema.get("nullable") else said


@pytest.mark.parametrize(
    ("name", "example"),
    [*EXAMPLES.items(), *[("ProblemOut", each) for each in PROBLEMS.values()]],
    ids=[*EXAMPLES, *PROBLEMS],
)
def test_an_example_is_as_described(name, example):
    schemas = plain(document()["components"]["schemas"])
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(example)


def test_no_body_is_without_an_example():
    assert len(asked_and_given()) > 20
    assert asked_and_given() - EXAMPLES.keys() == set()


def test_the_examples_tell_one_story():
    claim = EXAMPLES["ClaimOut"]
    assert TEXT[claim["start"] : claim["end"]] == claim["quote"] == EXAMPLES["SpanIn"]["quote"]
    assert claim["prefix"] + claim["quote"] + claim["suffix"] == TEXT
    for block in EXAMPLES["WholeArticleOut"]["blocks"]:
        assert block["end"] <= len(TEXT)


def test_the_page_shows_them(client, db):
    client.force_login(person("nora"), backend="django.contrib.auth.backends.ModelBackend")
    page = unescape(client.get("/api/v1/docs/").content.decode())
    for name, example in [*EXAMPLES.items(), *PROBLEMS.items()]:
        assert json.dumps(example, indent=2, ensure_ascii=False) in page, name
