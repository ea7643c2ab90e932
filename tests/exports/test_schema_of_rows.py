"""claim.schema.json: what it says of a row is so, and it says everything."""

import json

import pytest
from jsonschema import Draft202012Validator

from annotations.exports.claimschema import ADDRESS, FILE, claim_schema
from annotations.exports.jsontext import dumps
from annotations.models import Aspect, Problem, Source, Stance, Status, Verdict
from tests.api.cast import api
from tests.exports.rich import filled, paths, whole


def test_every_row_is_as_the_schema_says(fixed):
    rows = [json.loads(dumps(row)) for dataset in (whole(), filled()) for row in dataset.rows()]
    Draft202012Validator.check_schema(claim_schema())
    check = Draft202012Validator(claim_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [(row["id"], each.message) for row in rows for each in check.iter_errors(row)] == []
    assert set(described(claim_schema())) == {path for row in rows for path in paths(row)}
    assert {row["status"] for row in rows} == set(Status.values)

    client = api(fixed.memberships.get(role="editor").user)
    answer = client.get(ADDRESS)
    assert (answer.content, answer["Content-Type"]) == (FILE.read_bytes(), "application/schema+json")


def described(schema, above=""):
    for alternative in schema.get("anyOf", [schema]):
        below = alternative
        if reference := alternative.get("$ref"):
            below = claim_schema()["$defs"][reference.rpartition("/")[2]]
        for name, each in below.get("properties", {}).items():
            here = f"{above}.{name}" if above else name
            here += "[]" * (each.get("type") == "array")
            yield here
            yield from described(each.get("items", each), here)


def test_words_are_those_of_the_models():
    definitions = claim_schema()["$defs"]
    properties = {name: each["properties"] for name, each in definitions.items()}
    top = claim_schema()["properties"]
    assert top["status"]["enum"] == Status.values
    assert top["verdict"]["enum"] == [*Verdict.values, None]
    assert top["aspect"]["enum"] == Aspect.values
    assert properties["review"]["problem"]["enum"] == ["", *Problem.values]
    assert properties["evidence"]["stance"]["enum"] == Stance.values
    assert properties["source"]["kind"]["enum"] == Source.Kind.values
    for each in (claim_schema(), *definitions.values()):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"verdict": "verified", "status": "open"},
        {"verdict": None, "status": "agreed"},
        {"ruling": {}},
        {"article": None},
        {"id": "1"},
    ],
)
def test_a_row_that_is_not_so_is_refused(change):
    golden = FILE.parents[2] / "tests" / "golden" / "claims.json"
    row = json.loads(golden.read_text())[0]
    assert Draft202012Validator(claim_schema()).is_valid(row)
    assert not Draft202012Validator(claim_schema()).is_valid(row | change)
