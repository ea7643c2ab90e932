"""The five articles that the desk began with: their texts stay outside this repository."""

import os
from pathlib import Path

import pytest

from annotations.imports import Draft, read_upload

FOLDER = os.environ.get("AIGAP_REAL_ARTICLES", "")

pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason="AIGAP_REAL_ARTICLES is not set: it names the folder of the five real articles; .ci/run sets it",
)

# h headline, d deck, c caption, r credit, b byline, . body, f furniture; a letter for each line.
LETTERS = {
    "headline": "h",
    "deck": "d",
    "caption": "c",
    "credit": "r",
    "byline": "b",
    "body": ".",
    "furniture": "f",
}
EXPECTED = {
    "000": {
        "title": ("China Struggles", "Due To OpenAI"),
        "metadata": ("VCPOST", "Thea Felicity", "2024-03-31"),
        "roles": "hbbcr" + "........" + "f" + "...." + "ffff",
    },
    "001": {
        "title": ("China lacks its own OpenAI", "narrow the gap"),
        "metadata": ("", "", "2024-04-08"),
        "roles": "fhb" + "." * 17,
    },
    "002": {
        "title": ("The surprising twist", "U.S. technology"),
        "metadata": ("", "", None),
        "roles": "h.....ff",
    },
    "003": {
        "title": ("", ""),
        "metadata": ("", "", "2024-03-31"),
        "roles": ".......",
    },
    "004": {
        "title": ("China Is Closing", "the New Space Race"),
        "metadata": ("Xataka", "Javier Lacort", None),
        "roles": "hddd" + "cffbbf" + "............" + "brff",
    },
}


@pytest.fixture(params=sorted(EXPECTED))
def article(request: pytest.FixtureRequest) -> tuple[str, bytes, Draft]:
    (path,) = Path(FOLDER).glob(f"{request.param}_*.txt")
    data = path.read_bytes()
    return request.param, data, read_upload(path.name, data, "text/plain")


def test_nothing_is_cut_away(article):
    _, data, draft = article
    assert draft.text == data.decode()
    assert draft.lines() == [line for line in draft.text.split("\n") if line.strip()]


def test_metadata(article):
    number, _, draft = article
    expected = EXPECTED[number]
    start, end = expected["title"]
    assert draft.title.startswith(start)
    assert draft.title.endswith(end)
    assert bool(draft.title) == bool(start)
    assert (draft.publisher, draft.byline, draft.published_on) == expected["metadata"]
    assert (draft.url, draft.language, draft.direction) == ("", "en", "ltr")
    assert set(draft.reasons) == set(draft.metadata)


def test_roles(article):
    number, _, draft = article
    assert "".join(LETTERS[block["role"]] for block in draft.blocks) == EXPECTED[number]["roles"]


def test_every_sentence_lies_in_its_block(article):
    _, _, draft = article
    for block in draft.blocks:
        assert block["sentences"]
        assert all(block["start"] <= start < end <= block["end"] for start, end in block["sentences"])


def test_warnings(article):
    number, _, draft = article
    words = {
        "003": ["no headline", "cut off", "spearhe"],
        "004": ["Two bylines", "Javier Lacort", "Karen Alfaro"],
    }
    assert bool(draft.warnings) == (number in words)
    assert all(word in " ".join(draft.warnings) for word in words.get(number, []))


def test_all_five_are_there():
    assert sorted(path.name[:3] for path in Path(FOLDER).glob("*.txt")) == sorted(EXPECTED)
