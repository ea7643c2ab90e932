"""averitec and claimreview: what a verdict comes to there, and what they say that they leave out."""

import json
from datetime import date

import pytest

from annotations.domain import stances
from annotations.exports import averitec, claimreview
from annotations.exports.formats import FORMATS
from tests.exports.held import MOMENT, made, not_held
from tests.exports.rich import filled, paths, whole
from tests.exports.test_documented import named


@pytest.mark.parametrize(
    ("verdict", "taken", "label", "rating"),
    [
        ("verified", [], "Supported", None),
        ("verified", ["supports", "background"], "Supported", 5),
        ("verified", ["supports", "contradicts"], "Supported", None),
        ("disputed", ["contradicts"], "Refuted", 1),
        ("disputed", ["contradicts", "background", "contradicts"], "Refuted", 1),
        ("disputed", ["contradicts", "supports"], "Conflicting Evidence/Cherrypicking", None),
        ("disputed", ["supports"], "Conflicting Evidence/Cherrypicking", None),
        ("disputed", ["background"], "Not Enough Evidence", None),
        ("disputed", [], "Not Enough Evidence", None),
        ("needs_source", ["supports"], "Not Enough Evidence", None),
    ],
)
def test_a_verdict_by_its_evidence(verdict, taken, label, rating):
    assert stances.research_label(verdict, taken) == label
    assert stances.truth_rating(verdict, taken) == rating


def test_what_is_said_to_be_left_out_is_left_out_and_nothing_else():
    desk = {"@type": "Organization", "name": "The desk"}
    assert not_held(averitec.labelled) == averitec.LEFT_OUT

    def reviewed(row):
        return claimreview.claim_review(row, desk, claimreview.concluded(row))

    assert not_held(reviewed) == claimreview.LEFT_OUT
    for module, write in ((averitec, averitec.labelled), (claimreview, reviewed)):
        decided = not_held(write, [made(), made("verified", stance="supports")])
        assert set(decided) - set(module.LEFT_OUT) == set(module.OF_DECIDED)


def test_the_stance_of_each_source_is_in_a_review():
    row = made()
    first = row["evidence"][0]
    row["evidence"] = [first | {"stance": stance} for stance in ("supports", "contradicts", "background")]
    cited = claimreview.claim_review(row, {}, MOMENT)["citation"]
    assert [each["description"] for each in cited] == ["supports", "contradicts", "background"]


def test_what_a_feed_leaves_out_of_decided_claims_it_says(fixed):
    feed = json.loads(b"".join(claimreview.write(whole())))
    assert feed["description"].endswith("Of a decided claim also: reviews[].why, reviews[].at.")


def test_a_disputed_claim_as_research_data():
    row = made(ruled=False)
    row["reviews"] = [{"why": "One."}, {"why": ""}, {"why": "Two."}, {"why": "One."}]
    row["evidence"][0] |= {"excerpt": "", "locator": "table 4"}
    row["evidence"][0]["source"] |= {"title": "", "publisher": "The Bureau", "kind": "recording"}
    assert averitec.labelled(row) == {
        "claim_id": 7,
        "claim": "what quote says",
        "label": "Refuted",
        "justification": "One.\n\nTwo.",
        "claim_date": "31-03-2024",
        "speaker": None,
        "original_claim_url": row["article"]["url"],
        "reporting_source": "what article.publisher says",
        "questions": [
            {
                "question": "What in “The Bureau” (table 4) contradicts the claim?",
                "answers": [
                    {
                        "answer": "It contradicts the claim.",
                        "answer_type": "Abstractive",
                        "source_url": row["evidence"][0]["source"]["url"],
                        "cached_source_url": row["evidence"][0]["source"]["archived_url"],
                        "source_medium": "Other",
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("40 percent", "40 percent"),
        ("two\nlines \t apart", "two lines apart"),
        ("x" * 74, "x" * 74),
        ("x" * 75, "x" * 73 + "…"),
        ("word " * 20, "word word word word word word word word word word word word word word…"),
        ("👩‍👩‍👧‍👦" * 11, "👩‍👩‍👧‍👦" * 10 + "…"),
        ("数" * 80, "数" * 73 + "…"),
    ],
)
def test_what_is_reviewed_is_short(quote, shown):
    assert claimreview.shortened(quote) == shown
    assert len(shown) < 75


def test_a_review_says_when_and_by_whom():
    row = made(ruled=False)
    row["reviews"] = [{"at": MOMENT, "why": "a"}, {"at": MOMENT.replace(hour=8), "why": "b"}]
    assert claimreview.concluded(row) == MOMENT
    review = claimreview.claim_review(row | {"evidence": []}, {"name": "The desk"}, MOMENT)
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "Disputed"}
    assert review["itemReviewed"]["appearance"]["datePublished"] == date(2024, 3, 31)
    assert "citation" not in review


def test_whole_files(fixed):
    written = {name: [] for name in ("claimreview", "averitec")}
    for dataset in (whole(), filled()):
        rows = list(dataset.rows())
        for name, found in written.items():
            found.append(json.loads(b"".join(FORMATS[name].write(dataset))))
        feed, labelled = (found[-1] for found in written.values())
        judged = [row["id"] for row in rows if row["verdict"] in ("verified", "disputed")]
        assert [int(each["item"]["url"].split("/")[-2]) for each in feed["dataFeedElement"]] == judged
        assert feed["description"].startswith(f"{len(judged)} of the {len(rows)} claims")
        assert feed["description"].endswith(claimreview.OMITS)
        assert [each["claim_id"] for each in labelled] == [row["id"] for row in rows if row["verdict"]]
    whole_review = claimreview.claim_review(made(), {}, MOMENT)  # of which no claim above has every key
    written["claimreview"].append({"dataFeedElement": [{"item": whole_review}]})
    for name, found in written.items():
        assert set(named(name)) == {path.removeprefix("[].") for each in found for path in paths(each)}


def test_every_key_of_the_feed_is_schema_org_s(fixed):
    """Its context defines every word by @vocab: what it would drop is what is null or of no type."""
    feed = json.loads(b"".join(claimreview.write(whole())))
    assert feed["@context"] == "https://schema.org"
    assert "null" not in json.dumps(feed)
    assert all("@type" in each for each in things(feed))


def things(value):
    if isinstance(value, list):
        for each in value:
            yield from things(each)
    elif isinstance(value, dict):
        yield value
        yield from things(list(value.values()))
