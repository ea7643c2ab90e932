"""The sample corpus is what it says: consistent, our own, with every hazard and every state to show."""

import json
import re
import stat
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.domain.consensus import STATUSES, VERDICTS, derive
from annotations.imports import read_upload
from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    Aspect,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Membership,
    Problem,
    Revision,
    Ruling,
    Source,
    SourceDetails,
    Span,
    Stance,
    User,
    triggers,
)
from annotations.services import samples
from annotations.services.claims import withdraw

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


def load() -> str:
    out = StringIO()
    call_command("load_seeds", stdout=out)
    return out.getvalue()


def accounts() -> dict[str, str]:
    rows = [line.split() for line in (settings.DATA_DIR / "demo-accounts.txt").read_text().splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 3}


def everything() -> list[Any]:
    """What the ledger holds, without the ids and times that a database chooses."""
    revisions = Revision.objects.order_by("number")
    claims = ClaimState.objects.order_by("created_in")
    return [
        Collection.objects.get().head,
        list(revisions.values_list("number", "action", "author__username", "idempotency_key", "tally")),
        list(
            claims.values_list("created_in", "retired_in", "span__quote", "span__aspect", "status", "verdict")
        ),
        list(Evidence.objects.order_by("key").values_list("key", "span__quote", "stance", "excerpt")),
        SourceDetails.objects.count(),
        list(Membership.objects.order_by("user__username").values_list("user__username", "role")),
    ]


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def loaded(db: None, own_folder: Path) -> str:
    return load()


def test_the_load_comes_to_what_the_claims_expect(loaded: str) -> None:
    live = ClaimState.objects.current().values_list("span__quote", "span__aspect", "status", "verdict")

    found = {
        (quote, aspect): f"{status}:{verdict}" if verdict else status
        for quote, aspect, status, verdict in live
    }

    assert found == {(c["quote"], c.get("aspect", "fact")): c["expect"] for c in CLAIMS.values()}
    assert Collection.objects.get().slug == "ai-gap"
    assert "5 articles, 78 claims" in loaded


def test_the_importers_guess_what_the_manifest_says(db: None) -> None:
    for key, article in ARTICLES.items():
        draft = read_upload(article["file"], TEXTS[key].encode())
        guessed = draft.metadata

        assert {
            name: guessed[name] for name in ("title", "byline", "published_on", "language", "direction")
        } == {name: article[name] for name in ("title", "byline", "published_on", "language", "direction")}


def test_claims_stand_in_lines_that_count_as_work(loaded: str) -> None:
    for details in ArticleDetails.objects.current().select_related("article"):
        folded = [block for block in details.blocks if block["role"] == "furniture"]
        places = Span.objects.filter(article=details.article).values_list("start", "end")

        assert [line for line in folded if details.article.text[line["start"] :].startswith("Sample article")]
        assert not [
            1 for block in folded for start, end in places if start < block["end"] and block["start"] < end
        ]


def test_a_second_load_changes_nothing(loaded: str) -> None:
    before, passwords = everything(), accounts()
    kept = set(User.objects.values_list("username", "password"))

    assert "Kept in" not in load()

    assert everything() == before
    assert accounts() == passwords
    assert set(User.objects.values_list("username", "password")) == kept


def test_a_second_load_leaves_what_people_did_since(loaded: str) -> None:
    collection = Collection.objects.get()
    ana = User.objects.get(username="ana")
    mine = Annotation.objects.current().filter(reviewer=ana).order_by("pk")[0]
    withdraw(collection, author=ana, span_id=mine.span_id, base=mine.pk)

    load()

    assert Collection.objects.get().head == collection.head
    assert not Annotation.objects.current().filter(reviewer=ana, span=mine.span_id).exists()


class Killed(BaseException):
    pass


class Bomb:
    """Goes off at the n-th statement that writes, before the database sees it."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            self.left -= 1
            if self.left == 0:
                raise Killed
        return execute(sql, params, many, context)


@pytest.mark.parametrize("writes", [1, 3, 5, 9, 20, 33, 90, 401, 850, 1040])
def test_a_load_that_was_killed_goes_on_to_the_same_end(writes: int, loaded: str) -> None:
    whole = everything()
    wipe()
    with pytest.raises(Killed), connection.execute_wrapper(Bomb(writes)):
        load()
    passwords = accounts()

    load()

    assert everything() == whole
    assert accounts() == passwords
    assert all(User.objects.get(username=name).check_password(word) for name, word in passwords.items())


def wipe() -> None:
    triggers.remove(connection)
    for model in (
        Annotation,
        Ruling,
        Evidence,
        SourceDetails,
        Source,
        ClaimState,
        Span,
        ArticleDetails,
        Article,
    ):
        model._base_manager.all().delete()
    for model in (CollectionSettings, Revision, Membership, Collection, User):
        model._base_manager.all().delete()
    triggers.install(connection)
    (settings.DATA_DIR / "demo-accounts.txt").unlink()


def test_an_unfinished_load_is_known(db: None, own_folder: Path) -> None:
    before = samples.is_unfinished()
    with pytest.raises(Killed), connection.execute_wrapper(Bomb(30)):
        load()
    between = samples.is_unfinished()

    load()

    assert (before, between, samples.is_unfinished()) == (False, True, False)


def test_the_accounts_open_and_their_list_is_private(loaded: str) -> None:
    path = settings.DATA_DIR / "demo-accounts.txt"
    roles = dict(Membership.objects.values_list("user__username", "role"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert accounts().keys() == ROLES.keys()
    assert all(User.objects.get(username=name).check_password(word) for name, word in accounts().items())
    assert roles == {name: role for name, role in ROLES.items() if role}
    assert [user.username for user in User.objects.filter(is_staff=True)] == ["admin"]
    assert all(word in loaded for word in accounts().values())
    assert len(set(accounts().values())) == len(ROLES)


def test_somebody_elses_account_is_not_used(db: None, own_folder: Path) -> None:
    User.objects.create_user("ana", password="hers alone")

    with pytest.raises(CommandError, match="ana"):
        load()

    assert Collection.objects.count() == 0
    assert User.objects.get().check_password("hers alone")
