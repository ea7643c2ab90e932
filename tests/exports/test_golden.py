"""Each format, whole, against a file. AIGAP_WRITE_GOLDEN=1 writes the files anew: read the difference."""

import csv
import io
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from annotations.exports.csv import COLUMNS, line
from annotations.exports.formats import FORMATS
from annotations.management.commands.export import Command
from tests.api.cast import TEXT, api, article_in, cite, mark, tag

GOLDEN = Path(__file__).parents[1] / "golden"


def exported(name, *options):
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    call_command("export", "desk", "--format", name, *options, stdout=out)
    out.flush()
    return out.buffer.getvalue()


def test_the_whole_file(fixed):
    for name in set(FORMATS) - {
        "doccano",
        "labelstudio",
        "brat",
    }:  # test_interchange.py has more claims for them
        file, data = GOLDEN / f"claims.{FORMATS[name].extension}", exported(name)
        if os.environ.get("AIGAP_WRITE_GOLDEN"):
            file.write_bytes(data)
        if name == "parquet":  # another version of pyarrow may write the same in other bytes
            table = pq.read_table(io.BytesIO(data))
            assert table.equals(pq.read_table(file), check_metadata=True)
        else:
            assert data == file.read_bytes(), name


def test_the_formats_say_the_same(fixed):
    rows = json.loads(exported("json"))
    assert [json.loads(line) for line in exported("jsonl").splitlines()] == rows
    sheet = list(csv.DictReader(io.StringIO(exported("csv").decode(), newline="")))
    assert [int(cells["id"]) for cells in sheet] == [row["id"] for row in rows]
    assert [json.loads(cells["reviews"]) for cells in sheet] == [row["reviews"] for row in rows]
    assert [json.loads(cells["evidence"]) for cells in sheet] == [row["evidence"] for row in rows]


def test_the_columns_of_the_sheet_are_those_of_the_row(fixed):
    row = json.loads(exported("json"))[2]
    dotted = []
    for name, value in row.items():
        dotted += [f"{name}.{below}" for below in value] if isinstance(value, dict) else [name]
    assert dotted == list(COLUMNS)


def test_no_cell_is_a_formula_and_json_is_as_written(fixed):  # T23
    sheet = list(csv.reader(io.StringIO(exported("csv").decode(), newline="")))
    assert not [
        cell for cells in sheet for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]
    first = json.loads(exported("json"))[0]
    assert (first["quote"], first["article"]["title"]) == ("+40 percent", "-1 degree")
    assert sheet[1][11] == "'+40 percent"


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_each_beginning_of_a_formula_is_neutralised(start):  # T23
    written = io.StringIO(line([start, f" {start}"]), newline="")
    assert next(csv.reader(written)) == [f"'{start}", f" {start}"]


def test_what_an_export_says_of_an_earlier_revision_never_changes(fixed):
    owner = fixed.memberships.get(role="editor").user
    at = fixed.head
    before = {name: exported(name) for name in FORMATS}
    article = article_in(fixed, owner, TEXT)
    span = mark(fixed, owner, article, "2023")
    tag(fixed, owner, span, "disputed")
    cite(fixed, owner, span)
    for name in FORMATS:
        assert exported(name) != before[name]
        assert exported(name, "--at", str(at)) == before[name]


def test_the_command_gives_what_an_editor_gets(fixed):
    owner = fixed.memberships.get(role="editor").user
    for name in FORMATS:
        answer = api(owner).get(f"desk/export/?format={name}")
        assert b"".join(answer.streaming_content) == exported(name)


def test_its_help_says_where_links_lead_and_how_to_have_them_lead_elsewhere(settings):
    settings.PUBLIC_URL = "https://facts.example"
    said = " ".join(Command().create_parser("manage.py", "export").format_help().split())
    assert "Links in the file begin with https://facts.example." in said
    assert "AIGAP_PUBLIC_URL, or the same PORT" in said


def test_the_command_says_what_is_wrong(fixed):
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="no collection"):
        call_command("export", "nowhere", "--format", "csv")
    with pytest.raises(CommandError, match="revisions 1 to"):
        call_command("export", "desk", "--format", "csv", "--at", "999")


def test_a_collection_without_claims(fixed):
    from annotations.services.settings import create_collection

    owner = fixed.memberships.get(role="editor").user
    create_collection("bare", author=owner)
    from annotations.models import Collection
    from annotations.services.settings import set_member

    set_member(Collection.objects.get(slug="bare"), owner, "editor")
    found = {}
    for name in ("json", "jsonl", "csv"):
        answer = api(owner).get(f"bare/export/?format={name}")
        found[name] = b"".join(answer.streaming_content)
    assert found == {"json": b"[]\n", "jsonl": b"", "csv": (",".join(COLUMNS) + "\r\n").encode()}
