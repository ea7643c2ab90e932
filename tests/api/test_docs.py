"""The reference pages say what the code does."""

import re
from pathlib import Path

from django.conf import settings

from annotations.api import problems
from annotations.api.schema import document
from annotations.exports.build import VERSION
from annotations.exports.csv import COLUMNS
from annotations.exports.formats import FORMATS
from annotations.imports.errors import CODES
from tests.api.cast import cite, tag

REFERENCE = Path(settings.BASE_DIR) / "docs" / "reference"
ROOT = Path(settings.BASE_DIR)
API, EXPORT = REFERENCE / "api.md", ROOT / "docs" / "exports.md"


def first_cells(text, heading):
    table = text.split(heading)[1].split("\n## ")[0]
    return list(re.findall(r"^\| `([^`]*)`", table, re.MULTILINE))


def test_every_column_of_the_export():
    assert first_cells(EXPORT.read_text(), "## A row is a claim") == list(COLUMNS)


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
    codes = set(CODES)
    for folder in ("annotations/api", "annotations/services"):
        for file in (ROOT / folder).glob("*.py"):
            text = file.read_text()
            codes |= set(re.findall(r'Problem\(\s*\d{3},\s*"([a-z-]+)"', text))
            codes |= set(re.findall(r'NotAllowed\(\s*"[^"]*",\s*"([a-z-]+)"', text))
    codes |= set(problems._CODES.values())
    table = API.read_text().split("## Problems")[1]
    rows = re.findall(r"^\| \d+ \| ([^|]*)\|", table, re.MULTILINE)
    assert {code for row in rows for code in re.findall("`(.*?)`", row)} == codes | {
        "bad-credentials",
        "csrf-failed",
    }


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
