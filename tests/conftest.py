"""The suite's ground: a database and data directory of its own, and a flush that the triggers allow.

DATABASE_URL says which database: unset, a SQLite file in WAL mode; postgres://…, a PostgreSQL one.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

HERE = Path(__file__).parent


def pytest_configure() -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # Argon2 is slow on purpose; tests of it ask for it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not has_browser():
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


def has_browser() -> bool:
    """True also where one is required: then its absence is an error of each test, not a skip."""
    required = os.environ.get("AIGAP_REQUIRE_BROWSER") == "1"
    return required or any(shutil.which(name) for name in ("chromium", "chromium-browser"))


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
    return folder


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> None:
    """Triggers refuse the flush after a transactional test: lift them; its post_migrate puts them back."""
    from annotations.models import triggers

    flush = TransactionTestCase._fixture_teardown

    def lift_and_flush(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        cache.clear()
        flush(self)

    TransactionTestCase._fixture_teardown = lift_and_flush  # type: ignore[method-assign]
