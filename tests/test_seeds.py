"""The sample corpus is what it says: consistent, our own, with every hazard and every state to show."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from annotations.domain.consensus import STATUSES, VERDICTS, derive
from annotations.models import Aspect, Problem, Source, Stance

SEEDS = Path(__file__).parent.parent / "seeds"
MANIFEST = json.loads((SEEDS / "manifest.json").read_text())
WORK = json.loads((SEEDS / "work.json").read_text())
ARTICLES = {article["key"]: article for article in MANIFEST["articles"]}
TEXTS = {key: (SEEDS / article["file"]).read_bytes().decode() for key, article in ARTICLES.items()}
CLAIMS = {claim["key"]: claim for claim in WORK["claims"]}
ROLES = {person["username"]: person.get("role") for person in MANIFEST["people"]}


def steps(claim: dict[str, Any], do: str) -> list[dict[str, Any]]:
    return [step for step in claim["steps"] if step["do"] == do]


def outcome(claim: dict[str, Any]) -> str:
    rulings = [step["verdict"] for step in steps(claim, "rule")]
    status, verdict = derive(
        verdicts=[step["verdict"] for step in steps(claim, "tag")],
        has_source=bool(steps(claim, "cite")),
        ruling=rulings[0] if rulings else None,
        not_checkable=bool(steps(claim, "not_checkable")),
        reviews_needed=MANIFEST["collection"]["reviews_needed"],
        verified_needs_source=MANIFEST["collection"]["verified_needs_source"],
    )
    return f"{status}:{verdict}" if verdict else status


def test_five_articles_of_three_formats_and_nothing_else() -> None:
    listed = {article["file"] for article in ARTICLES.values()}

    assert listed == {f"articles/{path.name}" for path in (SEEDS / "articles").iterdir()}
    assert len(listed) == 5
    assert {Path(name).suffix for name in listed} == {".txt", ".md", ".html"}


@pytest.mark.parametrize("key", ARTICLES)
def test_each_article_says_that_it_is_a_sample(key: str) -> None:
    lines = re.sub(r"<[^>]+>", "\n", TEXTS[key]).split("\n")

    assert [line for line in lines if line.startswith("Sample article written for aigap: ")]
    assert ARTICLES[key]["url"].startswith("https://example.org/")
    assert ARTICLES[key]["derived_from"]


def test_three_articles_descend_from_one_agency_story() -> None:
    origins = Counter(origin["url"] for article in ARTICLES.values() for origin in article["derived_from"])

    assert sorted(origins.values()) == [1, 2, 3]


@pytest.mark.parametrize("key", CLAIMS)
def test_a_quote_stands_once_in_its_article(key: str) -> None:
    claim = CLAIMS[key]

    assert TEXTS[claim["article"]].count(claim["quote"]) == 1
    assert claim.get("aspect", "fact") in Aspect.values


@pytest.mark.parametrize("key", CLAIMS)
def test_the_steps_come_to_what_the_claim_expects(key: str) -> None:
    assert outcome(CLAIMS[key]) == CLAIMS[key]["expect"]


def test_every_state_and_verdict_occurs() -> None:
    outcomes = Counter(map(outcome, CLAIMS.values()))

    assert len(CLAIMS) == len(WORK["claims"]) >= 45
    assert {name.partition(":")[0] for name in outcomes} == set(STATUSES)
    assert {f"agreed:{verdict}" for verdict in VERDICTS} <= outcomes.keys()
    assert {"ruled:verified", "ruled:disputed", "ruled:needs_source"} <= outcomes.keys()


def test_reviewers_disagree_on_many_claims() -> None:
    verdicts = [{step["verdict"] for step in steps(claim, "tag")} for claim in CLAIMS.values()]

    assert sum(len(given) > 1 for given in verdicts) >= 8


@pytest.mark.parametrize("key", CLAIMS)
def test_people_do_only_what_their_role_allows(key: str) -> None:
    claim = CLAIMS[key]
    deciders = {step["who"] for step in steps(claim, "rule")}
    others = {step["who"] for step in claim["steps"] if step["do"] != "rule"}
    reviewers = [step["who"] for step in steps(claim, "tag")]

    assert {ROLES[who] for who in deciders} <= {"editor"}
    assert {ROLES[who] for who in others} == {"reviewer"}
    assert not deciders & others
    assert len(reviewers) == len(set(reviewers))
    assert claim["steps"][0]["do"] in {"mark", "tag", "not_checkable"}


def test_opinions_and_evidence_use_the_words_of_the_models() -> None:
    for claim in CLAIMS.values():
        for step in steps(claim, "tag"):
            assert step["verdict"] in VERDICTS
            assert step["why"]
            assert step.get("problem", "") in ["", *Problem.values]
        for step in steps(claim, "cite"):
            assert step["stance"] in Stance.values
            assert step["source"] in WORK["sources"]
        for step in steps(claim, "not_checkable"):
            assert step["reason"] in {"opinion", "prediction", "common knowledge"}
        for step in steps(claim, "rule"):
            assert step["rationale"]


def test_sources_are_of_every_kind_and_cited() -> None:
    cited = {step["source"] for claim in CLAIMS.values() for step in steps(claim, "cite")}
    kinds = {source["kind"] for source in WORK["sources"].values()}
    stances = {step["stance"] for claim in CLAIMS.values() for step in steps(claim, "cite")}

    assert cited == WORK["sources"].keys()
    assert kinds == set(Source.Kind.values)
    assert stances == set(Stance.values)
    assert all(
        source.get("article") in ARTICLES
        for source in WORK["sources"].values()
        if source["kind"] == "article"
    )


def test_overlaps_aspects_and_a_figure_told_twice() -> None:
    places = [(c["article"], TEXTS[c["article"]].index(c["quote"]), len(c["quote"])) for c in CLAIMS.values()]
    overlaps = [
        (a, b) for a in places for b in places if a[0] == b[0] and a[1] < b[1] < a[1] + a[2] and a is not b
    ]
    tellings = [
        {c["article"] for c in CLAIMS.values() if figure in c["quote"]} for figure in ("$31", "68", "100 m")
    ]

    assert len(overlaps) >= 3
    assert {claim.get("aspect", "fact") for claim in CLAIMS.values()} == set(Aspect.values)
    assert all(len(articles) >= 2 for articles in tellings)


HAZARDS = {
    "counting-house": ["\u00a0reported", "\n(Photo : ", "\nREAD NEXT:\u00a0", "\n\u00a9 2024 "],
    "sinoport": [
        "Home\u00a0>\u00a0",
        " AM EST\n",
        "Marco Polo",
        "Moonshadow",
        "ZeroToOne Labs",
        "Wenxin Yiyen",
    ],
    "quayside": [
        "\u2019s A.I.",
        "Meta's",
        "\u201c",
        '"',
        "Mr. Lee",
        "\nRelated Articles\n",
        "\nLatest Updates\n",
    ],
    "briefing-desk": ["generative AI start-ups"],
    "orbita": ["<nav>", "No comments", "clara-almonte", "Written by Julian Larrea", "Related | ", "<script>"],
}


@pytest.mark.parametrize("key", HAZARDS)
def test_the_hazards_of_web_text_are_there(key: str) -> None:
    assert [hazard for hazard in HAZARDS[key] if hazard not in TEXTS[key]] == []
    assert ARTICLES[key]["hazards"]


def test_the_hazards_at_the_ends_of_texts() -> None:
    ends = {key: text[-1] for key, text in TEXTS.items()}

    assert TEXTS["briefing-desk"].startswith(" date 2024-03-31 ")
    assert TEXTS["briefing-desk"].endswith(" manufact")
    assert [key for key, end in ends.items() if end != "\n"] == [
        "counting-house",
        "sinoport",
        "briefing-desk",
    ]


def words(text: str) -> list[str]:
    return re.findall(r"[\w$%]+(?:[.,]\w+)*", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_the_texts_are_our_own() -> None:
    """Names and figures make runs of up to five words, so eight in a row would be a sentence taken over."""
    if settings.REAL_ARTICLES is None:
        pytest.skip("AIGAP_REAL_ARTICLES is not set: nothing to compare the sample articles with.")
    originals = [path.read_text() for path in settings.REAL_ARTICLES.glob("*.txt")]
    ours = [path.read_text() for path in SEEDS.rglob("*") if path.is_file()]

    shared = set().union(*(runs(text, 8) for text in originals)) & set().union(
        *(runs(text, 8) for text in ours)
    )

    assert originals
    assert shared == set()
