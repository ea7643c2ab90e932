"""The suite's ground: a database and data directory of its own, and a flush that the triggers allow.

DATABASE_URL says which database: unset, a SQLite file in WAL mode; postgres://…, a PostgreSQL one.
"""

import gc
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import handlers
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import TransactionTestCase
from django.test.testcases import _StaticFilesHandler as FromStaticRoot

from annotations.models import Article, Collection, User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Place
from annotations.services.settings import create_collection, set_member

HERE = Path(__file__).parent
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")
PASSWORD = "seven-bridges-at-dusk"
TEXT = (
    "Bridges 🌉 counted\n"
    "There are 31 bridges in the harbour, the mayor said.\n"
    "Two more open in May, at a cost of $2 billion."
)


def pytest_configure() -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    # The live server gives out what collectstatic made, not the sources that a finder knows.
    handlers.StaticFilesHandler = FromStaticRoot  # type: ignore[misc, assignment]
    # Argon2 is slow on purpose; tests of it ask for it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not has_browser():
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium: apt-get install chromium-headless-shell")
                )


def pytest_collection_finish() -> None:
    """All modules are here to stay: looking through them for garbage, again and again, took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def has_browser() -> bool:
    """True also where one is required: then its absence is an error of each test, not a skip."""
    required = os.environ.get("AIGAP_REQUIRE_BROWSER") == "1"
    return required or any(shutil.which(name) for name in CHROMIUM)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """A database for this process alone; on SQLite a file, since threads and processes share it."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        name = f"test_{database['NAME']}_{os.getpid()}"
    database.setdefault("TEST", {})["NAME"] = name


@pytest.fixture(scope="session", autouse=True)
def own_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT = folder / "media"
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir()
    settings.CACHES["presence"]["LOCATION"] = str(folder / "presence")
    return folder


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> None:
    """Triggers refuse the flush after a transactional test: they are lifted for it, and nothing else that follows a
    migration is done again, since most of the time of such a test would go into that. Nor is anything truncated, as
    Django would on PostgreSQL: a few rows are deleted ten times as fast."""
    from annotations.apps import install_triggers
    from annotations.models import triggers

    def lift_and_flush(self: TransactionTestCase) -> None:
        with transaction.atomic():
            triggers.remove(connection)
            with connection.cursor() as cursor:
                for table in connection.introspection.django_table_names(only_existing=True):
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        cache.clear()
        ContentType.objects.clear_cache()
        install_triggers(using="default")

    TransactionTestCase._fixture_teardown = lift_and_flush  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def drop_with_whoever_is_in() -> None:
    """A request that a browser no longer waits for may still hold a connection when the last test is over."""

    def drop(self: DatabaseCreation, name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = drop  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def forget_articles() -> None:
    """What a process keeps of an article is kept by its id; here ids begin anew with each test."""
    from annotations.services import claims
    from annotations.views import presence, reading

    claims._kept_text.cache_clear()
    reading.kept_article.cache_clear()
    presence.forget()
    ContentType.objects.clear_cache()


# The cast: edith edits, ana and ben review, vera looks, sam is a stranger, stan is staff and no member.


@pytest.fixture
def person(db: None, django_user_model: type[User]) -> Callable[..., User]:
    def new(username: str, **fields: Any) -> User:
        return django_user_model.objects.create_user(
            username, password=PASSWORD, display_name=username.title(), **fields
        )

    return new


@pytest.fixture
def desk(db: None) -> Collection:
    return create_collection("desk", author=None, name="The desk")


@pytest.fixture
def edith(person: Callable[..., User], desk: Collection) -> User:
    return set_member(desk, person("edith"), "editor").user


@pytest.fixture
def ana(person: Callable[..., User], desk: Collection) -> User:
    return set_member(desk, person("ana"), "reviewer").user


@pytest.fixture
def ben(person: Callable[..., User], desk: Collection) -> User:
    return set_member(desk, person("ben"), "reviewer").user


@pytest.fixture
def vera(person: Callable[..., User], desk: Collection) -> User:
    return set_member(desk, person("vera"), "viewer").user


@pytest.fixture
def sam(person: Callable[..., User]) -> User:
    return person("sam")


@pytest.fixture
def stan(person: Callable[..., User]) -> User:
    return person("stan", is_staff=True)


@pytest.fixture
def article(desk: Collection, edith: User) -> Article:
    """Three lines, one block each; "31 bridges" is 28 to 38 in code points, 29 to 39 in UTF-16."""
    details = Details(
        title="Bridges 🌉 counted",
        publisher="Harbour Post",
        published_on=date(2026, 3, 31),
        url="https://harbour.example/bridges",
        language="en",
        blocks=blocks_of(TEXT),
    )
    stored = import_article(desk, author=edith, text=TEXT, details=details)
    return Article.objects.get(pk=stored.article_id)


def blocks_of(text: str) -> list[dict[str, object]]:
    """The first line a headline, the others body, each one sentence."""
    blocks: list[dict[str, object]] = []
    at = 0
    for line in text.split("\n"):
        role = "body" if blocks else "headline"
        end = at + len(line)
        blocks.append({"start": at, "end": end, "role": role, "reason": "", "sentences": [[at, end]]})
        at += len(line) + 1
    return blocks


@pytest.fixture
def place(article: Article) -> Callable[..., Place]:
    """place("31 bridges"): where these words stand first."""

    def find(quote: str, aspect: str = "fact") -> Place:
        start = article.text.index(quote)
        return Place(article.pk, start, start + len(quote), quote, aspect)

    return find
