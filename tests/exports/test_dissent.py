"""Who differs from the decision is heard: each format that holds reviews holds theirs, decided or not."""

import csv
import io
import json
import zipfile

import pyarrow.parquet as pq
import pytest

from annotations import access
from annotations.exports import averitec, claimreview
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import Collection
from annotations.services.rulings import rule

CONTESTED = 2
"""Ana verified it, Ben needs a source."""
SAID = [("reviewer-aaaaaaaa", "verified", "Seen.\r\nTwice."), ("reviewer-bbbbbbbb", "needs_source", "@who?")]
OF_READERS = {"claimreview": claimreview, "averitec": averitec}
"""What the desk came to, and no single review."""


def written(collection, name):
    return b"".join(FORMATS[name].write(Dataset(access.desk_seat(collection), collection.head)))


def the_claim(name, data):
    """(what was decided, what each reviewer said), as a reader of that format finds them."""
    if name == "w3c":
        return annotated(json.loads(data))
    (row,) = [row for row in READ[name](data) if int(row["id"]) == CONTESTED]
    ruling = row["ruling"] if "ruling" in row else {"verdict": row["ruling.verdict"]}
    reviews = json.loads(row["reviews"]) if name == "csv" else row["reviews"]
    return ruling and ruling["verdict"], [tuple(each[part] for part in PARTS) for each in reviews]


PARTS = ("reviewer", "verdict", "why")


def within(tasks):
    return [claim for each in tasks for claim in each]


def of_archive(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = [archive.read(name).splitlines() for name in archive.namelist() if name.endswith(".jsonl")]
    return [json.loads(line) for line in within(lines)]


READ = {
    "json": json.loads,
    "jsonl": lambda data: [json.loads(line) for line in data.splitlines()],
    "csv": lambda data: list(csv.DictReader(io.StringIO(data.decode(), newline=""))),
    "parquet": lambda data: pq.read_table(io.BytesIO(data)).to_pylist(),
    "doccano": lambda data: within(json.loads(line)["claims"] for line in data.splitlines()),
    "labelstudio": lambda data: within(task["data"]["claims"] for task in json.loads(data)),
    "brat": of_archive,
}


def annotated(document):
    (found,) = [each for each in document["first"]["items"] if each["claim"] == CONTESTED]
    bodies = {}
    for body in found["body"]:
        bodies.setdefault(body["purpose"], []).append(body)
    decided = [body["value"] for body in bodies.get("classifying", ())]
    why = {body["creator"]["nickname"]: body["value"] for body in bodies["commenting"]}
    given = [(body["creator"]["nickname"], body["value"]) for body in bodies["assessing"]]
    return decided[0] if decided else None, [(who, verdict, why[who]) for who, verdict in given]


def test_each_format_is_asked():
    assert {*READ, "w3c", *OF_READERS} == set(FORMATS)
    for held_back in OF_READERS.values():
        assert {f"reviews[].{part}" for part in PARTS} <= {*held_back.LEFT_OUT, *held_back.OF_DECIDED}


@pytest.mark.parametrize("verdict", ["verified", "needs_source", "disputed"])
def test_a_decided_claim_goes_out_with_what_everybody_said(fixed, verdict):
    """The decision is with one, with the other, or with nobody."""
    for name in (*READ, "w3c"):
        assert the_claim(name, written(fixed, name)) in [(None, SAID), ("", SAID)], name
    owner = fixed.memberships.get(role="editor").user
    rule(fixed, author=owner, span_id=CONTESTED, verdict=verdict, rationale="The tables.", base=None)
    decided = Collection.objects.get(pk=fixed.pk)
    for name in (*READ, "w3c"):
        assert the_claim(name, written(decided, name)) == (verdict, SAID), name
