"""Processes beside the test's own, on the same database."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from annotations.models import Collection, User
from annotations.services.articles import Details, import_article
from annotations.services.settings import create_collection, set_member
from tests.services.exchange import two
from tests.services.ground import d

__all__ = ["d", "two"]
TEXT = "x " * 20_000
Process = subprocess.Popen[str]


@pytest.fixture
def busy(transactional_db: None, django_user_model: type[User]) -> Collection:
    busy = create_collection("busy", author=None)
    for name in ("ana", "ben"):
        set_member(busy, django_user_model.objects.create_user(name), "reviewer")
    return busy


@pytest.fixture
def long_article(busy: Collection) -> int:
    blocks = [{"start": 0, "end": len(TEXT), "role": "body", "reason": "test"}]
    return import_article(busy, author=None, text=TEXT, details=Details(blocks=blocks)).article_id


@pytest.fixture
def start(busy: Collection) -> Iterator[Callable[..., Process]]:
    """start(do=…, …): a process that does it, see worker.py."""
    running: list[subprocess.Popen[str]] = []

    def new(**task: object) -> "subprocess.Popen[str]":
        given = json.dumps({"collection": "busy", "author": "ana"} | task)
        command = [sys.executable, "-m", "tests.services.worker", given]
        environment = environment_of(database_url(), settings.DATA_DIR)
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield new
    for process in running:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def database_url(name: str = "") -> str:
    """The database of this test, or another beside it, for a process that reads its settings anew."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name or database['NAME']}"
    who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{database['HOST']}:{database['PORT'] or 5432}/{name or database['NAME']}"


def environment_of(url: str, folder: Path) -> dict[str, str]:
    own = {"DATABASE_URL": url, "AIGAP_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "aigap.settings"}
    return os.environ | own


def manage(url: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=environment_of(url, folder),
        capture_output=True,
        text=True,
        check=False,
    )
