"""`load_seeds`: what it makes, and that it ends the same however often it is interrupted or repeated."""

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

from annotations.imports import read_upload
from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Membership,
    Revision,
    Ruling,
    Source,
    SourceDetails,
    Span,
    User,
    triggers,
)
from annotations.services.claims import withdraw
from annotations.services.samples import Corpus

CORPUS = Corpus()
ROLES = {person["username"]: person.get("role") for person in CORPUS.people}


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

    assert found == {(c["quote"], c.get("aspect", "fact")): c["expect"] for c in CORPUS.claims}
    assert Collection.objects.get().slug == "ai-gap"
    assert "5 articles, 78 claims" in loaded


def test_the_importers_guess_what_the_manifest_says(db: None) -> None:
    for article in CORPUS.articles:
        draft = read_upload(article["file"], (CORPUS.folder / article["file"]).read_bytes())
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


LEAVES_FIRST: tuple[type[Model], ...] = (
    *(Annotation, Ruling, Evidence, SourceDetails, Source, ClaimState, Span, ArticleDetails, Article),
    *(CollectionSettings, Revision, Membership, Collection, User),
)


def wipe() -> None:
    triggers.remove(connection)
    for model in LEAVES_FIRST:
        model._base_manager.all().delete()
    triggers.install(connection)
    (settings.DATA_DIR / "demo-accounts.txt").unlink()


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
