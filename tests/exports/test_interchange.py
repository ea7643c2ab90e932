"""The formats that put claims back into their text: doccano, labelstudio, brat.

AIGAP_WRITE_GOLDEN=1 writes the files of tests/golden/ anew: read the difference.
"""

import io
import json
import os
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import access
from annotations.exports.brat import KINDS, fragments
from annotations.exports.dataset import Dataset
from annotations.exports.documents import Mark, documents
from annotations.exports.formats import FORMATS
from annotations.models import Article, Aspect, Collection, CollectionSettings, Status
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import change_settings
from tests.api.cast import article_in
from tests.exports.rich import paths
from tests.exports.test_documented import named

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture
def spread(fixed):
    """With a claim over two lines, and another aspect of a place."""
    people = {each.user.username: each.user for each in fixed.memberships.all()}
    text = Article.objects.get(pk=1).text
    wide = Place(1, text.index("they said"), text.index(" is four"), "they said.\n=2+2", Aspect.SAID)
    again = Place(1, text.index("+40"), text.index(", they"), "+40 percent", Aspect.WORDING)
    tag(fixed, author=people["ben"], target=wide, opinion=Opinion("verified", "I heard\nthat.\t"), base=None)
    mark(fixed, author=people["ben"], place=again)
    return Collection.objects.get(pk=fixed.pk)


def written(collection, name):
    return b"".join(FORMATS[name].write(Dataset(access.desk_seat(collection), collection.head)))


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def keep_texts(collection):
    live = CollectionSettings.objects.current().get(collection=collection)
    owner = collection.memberships.get(role="editor").user
    change_settings(collection, author=owner, base=live.pk, changes={"text_exportable": False})
    return Collection.objects.get(pk=collection.pk)


@pytest.mark.parametrize("name", ["doccano", "labelstudio", "brat"])
def test_the_whole_file(spread, name):
    data = written(spread, name)
    assert data == written(spread, name)
    files = unpacked(data) if name == "brat" else {f"claims.{FORMATS[name].extension}": data}
    for path, content in files.items():
        file = GOLDEN / name / path if name == "brat" else GOLDEN / path
        if os.environ.get("AIGAP_WRITE_GOLDEN"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        assert content == file.read_bytes(), path
    if name == "brat":
        kept = {str(file.relative_to(GOLDEN / name)) for file in (GOLDEN / name).rglob("*.*")}
        assert kept == files.keys()


def test_the_page_names_each_field_of_each_and_no_other(spread):
    """But those of an article and of a claim, which are the rows': see the next test."""
    made = {
        "doccano": [json.loads(line) for line in written(spread, "doccano").splitlines()],
        "labelstudio": json.loads(written(spread, "labelstudio")),
        "brat": json.loads(unpacked(written(spread, "brat"))["desk/manifest.json"]),
    }
    for name, value in made.items():
        fields = dict.fromkeys(path.removeprefix("[].") for path in paths(value))
        ours = [field for field in fields if not re.search(r"(article|claims\[\])\.", field)]
        assert named(name, "###") == ours


@pytest.mark.parametrize("kept", [False, True])
def test_every_place_is_the_claims_words_and_every_row_is_there(spread, kept):
    collection = keep_texts(spread) if kept else spread
    rows = {row["id"]: row for row in json.loads(written(collection, "json"))}
    seen = []
    for line in written(collection, "doccano").splitlines():
        example = json.loads(line)
        assert example["text_is"] == ("quotes" if kept else "whole")
        for (start, end, _), claim in zip(example["label"], example["claims"], strict=True):
            assert example["text"][start:end] == claim["quote"]
            seen.append({**claim, "article": example["article"]})
    for task in json.loads(written(collection, "labelstudio")):
        places = [part["value"] for part in task["annotations"][0]["result"] if part["type"] == "labels"]
        for value in places:
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
        seen += [{**claim, "article": task["data"]["article"]} for claim in task["data"]["claims"]]
    files = unpacked(written(collection, "brat"))
    for path in files:
        if path.endswith(".ann"):
            told = [json.loads(line) for line in files[path[:-3] + "jsonl"].splitlines()]
            assert standoff(files[path[:-3] + "txt"].decode(), files[path].decode()) == [
                (f"T{row['id']}", " ".join(row["quote"].split("\n"))) for row in told
            ]
            seen += told
    texts = [path for path in files if path.endswith(".txt") and b"Output" in files[path]]
    assert len(texts) == (0 if kept else 1)
    assert sorted(seen, key=lambda row: row["id"]) == [rows[number] for number in sorted(rows) for _ in "123"]


def standoff(text, annotations):
    """[(id, words)] as brat reads them: split where Python's codecs end a line, each checked against the text."""
    found = []
    for line in annotations.splitlines():
        name, data, words = line.split("\t")[:3] if line.count("\t") > 1 else (*line.split("\t"), "")
        if name[0] == "T":
            kind, places = data.split(" ", 1)
            assert kind in KINDS
            pieces = [tuple(map(int, place.split(" "))) for place in places.split(";")]
            assert " ".join(text[start:end] for start, end in pieces) == words
            found.append((name, words))
        else:
            assert (name[0] in "A#", data.split(" ")[1]) == (True, found[-1][0])
    return found


def test_labels_that_count_utf_16_are_to_be_had_from_doccanos_rows(spread):
    """As docs/exports.md makes them with jq, for doccano's page, which counts so."""
    for line in written(spread, "doccano").splitlines():
        example = json.loads(line)
        units = example["text"].encode("utf-16-le")
        for claim in example["claims"]:
            there = units[2 * claim["start_utf16"] : 2 * claim["end_utf16"]]
            assert there.decode("utf-16-le") == claim["quote"]


def test_label_studio_knows_every_word_that_the_file_uses(spread):
    interface = ElementTree.parse(ROOT / "docs/examples/labelstudio.xml").getroot()
    names = {each.get("name"): {value.get("value") for value in each} for each in interface}
    assert names["status"] == set(Status.values)
    assert names["aspect"] == set(Aspect.values)
    assert names["verdict"] == set(KINDS)
    for task in json.loads(written(spread, "labelstudio")):
        for part in task["annotations"][0]["result"]:
            said = part["value"].get(part["type"], [])
            assert part["from_name"] in names
            assert set(said) <= names[part["from_name"]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one\ntwo", ["one", "two"]),
        ("\n\none\u2028two\tthree\n", ["one", "two", "three"]),
        ("one \n\n two", ["one ", " two"]),
        ("💩\n四十", ["💩", "四十"]),
    ],
)
def test_brat_takes_no_line_end_inside_a_span(text, pieces):
    found = fragments(text, Mark({}, 0, len(text)))
    assert [text[start:end] for start, end in found] == pieces


def test_names_of_files_are_safe_and_of_one_article_each(fixed):
    owner = fixed.memberships.get(role="editor").user
    titles = ["../../etc/passwd", "CON", "a" * 300, "Ärger: 40 %?\x1b", "四十", "", "con"]
    from annotations.models import ArticleDetails
    from annotations.services.articles import edit_details

    for nth, title in enumerate(titles):
        article = article_in(fixed, owner, f"Text {nth} says so.")
        base = ArticleDetails.objects.current().get(article=article).pk
        edit_details(fixed, author=owner, article_id=article, base=base, changes={"title": title})
        mark(fixed, author=owner, place=Place(article, 0, 6, f"Text {nth}"))
    collection = Collection.objects.get(pk=fixed.pk)
    names = [each.name for each in documents(Dataset(access.desk_seat(collection), collection.head))]
    assert names[2:] == [
        "000003-etc-passwd",
        "000004-con",
        "000005-" + "a" * 40,
        "000006-arger-40",
        "000007",
        "000008",
        "000009-con",
    ]


def test_more_articles_are_no_more_queries_and_come_by_id_and_place(fixed, monkeypatch):
    owner = fixed.memberships.get(role="editor").user

    def bring(count):
        for _ in range(count):
            nth = Article.objects.count()
            article = article_in(fixed, owner, f"Text {nth} says so, and more.")
            for quote in ("more", "says", f"Text {nth}", f"{nth} says"):
                start = f"Text {nth} says so, and more.".index(quote)
                mark(fixed, author=owner, place=Place(article, start, start + len(quote), quote))

    def walk():
        collection = Collection.objects.get(pk=fixed.pk)
        dataset = Dataset(access.desk_seat(collection), collection.head)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(documents(dataset))
        return dataset, len(queries)

    bring(2)
    walk()
    _, few = walk()
    bring(10)
    walk()
    dataset, many = walk()
    assert many <= few
    by_place = sorted(
        dataset.rows(), key=lambda row: (row["article"]["id"], row["start"], row["end"], row["id"])
    )
    monkeypatch.setattr("annotations.exports.rows.CHUNK", 3)
    monkeypatch.setattr("annotations.exports.rows.ARTICLES_AT_ONCE", 5)
    monkeypatch.setattr("annotations.exports.rows.IDS_AT_ONCE", 7)
    assert [row for _, rows in dataset.articles() for row in rows] == by_place
