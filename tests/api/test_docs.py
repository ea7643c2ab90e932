"""The reference pages say what the code does."""

import ast
import re
from pathlib import Path

from django.conf import settings

from annotations.api import problems
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


def test_every_problem_has_an_example_of_its_status():
    found = 0
    for methods in document()["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if shown := answer.get("content", {}).get(problems.MEDIA_TYPE):
                    (example,) = shown["examples"].values()
                    body = example["value"]
                    assert (str(body["status"]), body["title"]) == (status, answer["description"])
                    assert body["code"] in problems.CODES[body["status"]]
                    found += 1
    assert found > 100


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
