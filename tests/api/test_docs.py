"""The reference pages say what the code does."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from annotations.api import problems
from annotations.api.examples import EXAMPLES
from annotations.api.problem_examples import PROBLEMS
from annotations.api.schema import document
from annotations.exports.build import VERSION
from annotations.exports.csv import COLUMNS
from annotations.exports.formats import FORMATS
from annotations.imports.errors import CODES as NOT_IMPORTED
from tests.api.cast import cite, tag

REFERENCE = Path(settings.BASE_DIR) / "docs" / "reference"
ROOT = Path(settings.BASE_DIR)
API, EXPORT = REFERENCE / "api.md", ROOT / "docs" / "exports.md"


def first_cells(text, heading):
    table = text.split(heading)[1].split("\n## ")[0]
    return list(re.findall(r"^\| `([^`]*)`", table, re.MULTILINE))


def test_every_column_of_the_export():
    named = first_cells(EXPORT.read_text(), "## A row is a claim")
    assert [name for name in named if "[]." not in name] == list(COLUMNS)


def test_every_format_of_the_export():
    (line,) = re.findall(r"^\| `format` \|(.*)$", EXPORT.read_text(), re.MULTILINE)
    assert set(FORMATS) <= set(re.findall(r"`(\w+)`", line))


def test_every_address_and_its_methods():
    rows = re.findall(
        r"^\| `([^`]*)`[^|]*\| ([A-Z, ]+) \|", API.read_text().split("## Addresses")[1], re.MULTILINE
    )
    told = {path: set(methods.split(", ")) for path, methods in rows}
    described = {
        re.sub(r"^/api/v1/collections/\{slug\}/", "", path).removeprefix("/api/v1/"): {
            method.upper() for method in methods
        }
        for path, methods in document()["paths"].items()
    }
    described[""] = described.pop("") if "" in described else {"GET"}
    assert told == described


def test_every_code_of_a_problem():
    """With its status: as it is raised, as the schema has it, and as the page says."""
    table = API.read_text().split("## Problems")[1]
    rows = re.findall(r"^\| (\d+) \| ([^|]*)\|", table, re.MULTILINE)
    told = {(int(status), code) for status, cell in rows for code in re.findall("`(.*?)`", cell)}
    raised = {(400, code) for code in NOT_IMPORTED} | set(problems._OF_FRAMEWORK.items())
    for folder in ("annotations/api", "annotations/services"):
        for file in (ROOT / folder).glob("*.py"):
            raised |= set(codes_in(ast.parse(file.read_text())))
    raised |= {(400, "invalid"), (401, "bad-credentials"), (403, "csrf-failed")}
    known = {(status, code) for status, codes in problems.CODES.items() for code in codes}
    assert known == raised == told
    enum = document()["components"]["schemas"]["ProblemOut"]["properties"]["code"]["enum"]
    assert enum == sorted({code for _, code in known})


def codes_in(tree):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (name := getattr(call.func, "id", getattr(call.func, "attr", ""))):
            said = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
            if name == "Problem" and isinstance(said[0], int) and said[1]:
                yield said[0], said[1]
            elif name == "NotAllowed" and said[1:]:
                yield 403, said[1]


def shown_problems():
    """(operation, status, description, example) of each."""
    for methods in document()["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                shown = answer.get("content", {}).get(problems.MEDIA_TYPE)
                for example in shown["examples"].values() if shown else ():
                    yield operation, status, answer["description"], example["value"]


def test_every_problem_is_shown_with_its_status_and_nothing_else():
    found = set()
    for _, status, description, body in shown_problems():
        assert (str(body["status"]), body["title"]) == (status, description)
        assert body["code"] in problems.CODES[body["status"]]
        found.add((body["status"], body["code"]))
    everywhere = {(405, "method-not-allowed"), (429, "throttled"), (500, "server-error"), (409, "refused")}
    known = {(status, code) for status, codes in problems.CODES.items() for code in codes}
    assert found == known - everywhere
    assert {(each["status"], each["code"]) for each in PROBLEMS.values()} == known


@pytest.mark.parametrize(
    ("operation", "status", "codes"),
    [
        ("articles_post", "409", ["duplicate-text"]),
        ("spans_post", "409", ["quote-mismatch"]),
        ("spandetail_delete", "409", ["others-work"]),
        ("changes_get", "410", ["resync"]),
        ("spanruling_put", "403", ["token-scope", "csrf-failed", "role", "ruled-by-reviewer"]),
        ("myannotation_put", "403", ["token-scope", "csrf-failed", "forbidden", "reviewed-by-ruler"]),
        ("articleworkdetail_get", "403", ["role"]),
        ("spans_get", "403", []),
        ("spandetail_patch", "422", ["key-reused"]),
        ("spans_get", "404", ["not-found"]),
    ],
)
def test_a_problem_is_shown_where_it_may_come(operation, status, codes):
    bodies = [
        body for where, at, _, body in shown_problems() if (where["operationId"], at) == (operation, status)
    ]
    assert [body["code"] for body in bodies] == codes


def test_who_comes_too_late_is_shown_what_a_get_would_show():
    found = {
        where["operationId"]: body["current"]
        for where, status, _, body in shown_problems()
        if status == "412"
    }
    shapes = {
        "articledetail": "WholeArticleOut",
        "articleworkdetail": "WorkOut",
        "evidencedetail": "EvidenceOut",
        "myannotation": "OpinionOut",
        "spandetail": "ClaimOut",
        "spanruling": "RulingOut",
    }
    assert {name.split("_")[0] for name in found} == shapes.keys()
    for name, current in found.items():
        assert current == EXAMPLES[shapes[name.split("_")[0]]], name


def test_the_version_is_the_project_s():
    (version,) = re.findall(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version == VERSION


def test_the_schema_is_made_without_a_warning(capsys):
    from drf_spectacular.drainage import GENERATOR_STATS

    document.cache_clear()
    GENERATOR_STATS.reset()
    document()
    assert capsys.readouterr().err == ""


def test_the_schema_names_every_part_of_a_row(desk):
    from tests.api.cast import api

    tag(desk.collection, desk.ana, desk.span)
    cite(desk.collection, desk.ana, desk.span)
    row = api(desk.owner).get(f"desk/spans/{desk.span}/").json()
    shapes = document()["components"]["schemas"]
    assert list(shapes["ClaimOut"]["properties"]) == list(row)
    assert list(shapes["ReviewOut"]["properties"]) == list(row["reviews"][0])
    assert list(shapes["CitedOut"]["properties"]) == list(row["evidence"][0])
    assert list(shapes["SourceOut"]["properties"]) == list(row["evidence"][0]["source"])
