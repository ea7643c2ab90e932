"""w3c: what the Web Annotation model asks for, and no key that a reader of JSON-LD would drop."""

import json
from copy import deepcopy

import pytest
from pyld import jsonld

from annotations.exports import w3c
from annotations.exports.dataset import Dataset
from annotations.exports.filters import Filters
from annotations.exports.jsontext import dumps
from tests.exports.annocontext import ANNO, OA, load
from tests.exports.held import made, not_held
from tests.exports.rich import filled, paths, whole
from tests.exports.test_documented import named

HOME = "https://facts.example/c/desk/"


def written(dataset):
    return json.loads(b"".join(w3c.write(dataset)))


def expanded(document, version="json-ld-1.1"):
    return jsonld.expand(document, {"documentLoader": load, "processingMode": version})


def pages_of(found):
    return [found["first"], *found.get("@reverse", {"partOf": []})["partOf"]]


def test_an_annotation_is_what_the_model_asks_for(fixed):
    for dataset in (whole(), filled()):
        found, rows = written(dataset), list(dataset.rows())
        items = [each for page in pages_of(found) for each in page["items"]]
        assert (found["type"], found["total"]) == ("AnnotationCollection", len(rows))
        assert [each["claim"] for each in items] == [row["id"] for row in rows]
        ids = [found["id"], *(each["id"] for each in items)]
        assert len(set(ids)) == len(ids)
        for each, row in zip(items, rows, strict=True):
            position, quote = each["target"]["selector"]
            assert (each["type"], each["id"]) == ("Annotation", f"{row['url']}#annotation")
            assert (position["start"], position["end"], quote["exact"]) == (
                row["start"],
                row["end"],
                row["quote"],
            )
            verdicts = [body["value"] for body in each["body"] if body["purpose"] == "classifying"]
            assert verdicts == [row["verdict"]] * bool(row["verdict"])
            assert (each["motivation"] == "questioning") == (row["verdict"] == "needs_source")
            given = [body["value"] for body in each["body"] if body["purpose"] == "assessing"]
            assert given == [review["verdict"] for review in row["reviews"]]
            assert sum(body["purpose"] == "linking" for body in each["body"]) == len(row["evidence"])
    assert found["rights"] == "https://spdx.org/licenses/CC-BY-4.0"
    assert found["id"].endswith(f"/full/export/?format=w3c&at={dataset.at}")


@pytest.mark.parametrize(("size", "sizes"), [(50, [50, 50, 20]), (60, [60, 60]), (120, [120]), (1000, [120])])
def test_pages_are_linked_and_each_is_the_same_by_itself(monkeypatch, db, size, sizes):
    monkeypatch.setattr(w3c, "A_PAGE", size)
    dataset = filled()
    found = written(dataset)
    pages, at = pages_of(found), found["id"]
    addresses = [f"{at}&page={number}" for number in range(1, len(sizes) + 1)]
    assert [page["id"] for page in pages] == addresses
    assert found["last"] == addresses[-1]
    assert [page.get("next") for page in pages] == [*addresses[1:], None]
    assert [page.get("prev") for page in pages] == [None, *addresses[:-1]]
    assert [page["startIndex"] for page in pages] == [sum(sizes[:nth]) for nth in range(len(sizes))]
    assert [len(page["items"]) for page in pages] == sizes
    assert {(page["type"], page["partOf"]) for page in pages} == {("AnnotationPage", at)}
    for number, page in enumerate(pages, 1):
        alone = json.loads(b"".join(w3c.write_page(dataset, number)))
        collection = {name: found[name] for name in ("id", "type", "total")}
        assert alone == {"@context": found["@context"], **page, "partOf": collection}
        assert alone["partOf"]["total"] == 120


def test_nothing_of_a_row_is_left_out():
    assert not_held(lambda row: w3c.annotation(row, HOME)) == w3c.LEFT_OUT


def complete(dataset):
    """With each key that may be there."""
    document = written(dataset) | {
        "rights": "https://spdx.org/licenses/MIT",
        "license": "A OR B",
        "language": "en",
    }
    document["description"] = "What it is."
    document["first"]["items"] += [json.loads(dumps(w3c.annotation(made(), HOME)))]
    return document


def test_expansion_drops_no_key_and_no_value(fixed, monkeypatch):
    monkeypatch.setattr(w3c, "A_PAGE", 2)  # so that there are two
    document = complete(whole())
    everything = expanded(document)
    assert expanded(document, "json-ld-1.0") == everything
    for path in set(paths({**document, "@context": 0})) - {"@context"}:
        assert expanded(without(document, path.replace("[]", "").split("."))) != everything, path
    said = json.dumps(everything, ensure_ascii=False)
    assert all(json.dumps(value, ensure_ascii=False) in said for value in literals(document))
    assert not [iri for iri in iris(everything) if not iri.startswith(("http://", "https://", "urn:aigap:"))]
    assert f'{{"@id": "{OA}questioning"}}' in json.dumps(expanded(complete(filled())))


def without(value, names):
    value = deepcopy(value)
    name, *below = names
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and name in each:
            if below:
                each[name] = without(each[name], below)
            else:
                del each[name]
    return value


def literals(document):
    """Values that no context turns into something else."""
    if isinstance(document, list):
        return [value for each in document for value in literals(each)]
    if isinstance(document, dict):
        named = {"@context", "type", "motivation", "purpose"}
        return [value for name, each in document.items() if name not in named for value in literals(each)]
    assert document is not None  # null is dropped in silence
    return [document]


def iris(value):
    if isinstance(value, list):
        for each in value:
            yield from iris(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "@id":
                yield each
            elif name == "@type":
                yield from each if isinstance(each, list) else [each]
            else:
                yield from iris(each)


def test_own_words_take_no_word_of_the_standard():
    assert not set(w3c.OWN) & set(ANNO)


def test_no_claim_at_all(fixed):
    none = written(Dataset(whole().seat, fixed.head, Filters(publisher=["nobody"])))
    assert (none["total"], "first" in none, "last" in none) == (0, False, False)


def test_each_key_is_documented(fixed, monkeypatch):
    monkeypatch.setattr(w3c, "A_PAGE", 1)
    document = complete(whole())
    for page in document["@reverse"]["partOf"]:
        page["items"] = []  # as those of the first
    del document["@context"]
    assert set(named("w3c")) == {"@context[]", *paths(document)}
