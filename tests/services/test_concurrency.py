"""Many processes at once, on the database that the suite runs on. AIGAP_SOAK=1 makes the numbers large (make soak)."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from annotations.models import Annotation, ClaimState, Collection, Revision, User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import create_collection, set_member
from annotations.services.verify import verify

SOAK = os.environ.get("AIGAP_SOAK") == "1"
PROCESSES = 8
WRITES = 400 if SOAK else 24
EDITS = 200 if SOAK else 6
KILLS = 100 if SOAK else 3
TEXT = "x " * 20_000

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def home(django_user_model: type[User]) -> Collection:
    home = create_collection("busy", author=None)
    for name in ("ana", "ben"):
        set_member(home, django_user_model.objects.create_user(name), "reviewer")
    return home


@pytest.fixture
def article(home: Collection) -> int:
    blocks = [{"start": 0, "end": len(TEXT), "role": "body", "reason": "test"}]
    return import_article(home, author=None, text=TEXT, details=Details(blocks=blocks)).article_id


@pytest.fixture
def span(home: Collection, article: int) -> int:
    return mark(home, author=User.objects.get(username="ben"), place=Place(article, 0, 1, "x")).span_id


@pytest.fixture
def start(home: Collection) -> Iterator[Start]:
    """start(do=…, …): a process that does it, see worker.py."""
    running: list[subprocess.Popen[str]] = []

    def new(**task: object) -> "subprocess.Popen[str]":
        given = json.dumps({"collection": "busy", "author": "ana"} | task)
        command = [sys.executable, "-m", "tests.services.worker", given]
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=_environment(), stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield new
    for process in running:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """The database of this test, for a process that reads its settings anew."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
        url = f"postgres://{who}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "aigap.settings",
        "AIGAP_DATA_DIR": str(settings.DATA_DIR),
    }


def told(*processes: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """What they did, once they have all come to their end."""
    return [
        json.loads(line) for process in processes for line in process.communicate(timeout=600)[0].splitlines()
    ]


def numbers(home: Collection) -> list[int]:
    return list(Revision.objects.filter(collection=home).order_by("number").values_list("number", flat=True))


def assert_sound(home: Collection) -> None:
    head = Collection.objects.get(pk=home.pk).head
    assert numbers(home) == list(range(1, head + 1))
    assert list(verify()) == []


def test_eight_processes_lose_nothing(home: Collection, article: int, start: Start) -> None:
    """T30: every write that came back is there, under its own number; nobody met a locked database."""
    before = Collection.objects.get(pk=home.pk).head
    writers = [
        start(do="write_many", article=article, times=WRITES, **{"from": nth * WRITES * 2})
        for nth in range(PROCESSES)
    ]
    done = told(*writers)

    assert [line for line in done if "error" in line] == []
    assert sorted(line["number"] for line in done) == list(range(before + 1, before + 1 + PROCESSES * WRITES))
    live = dict(ClaimState.objects.current().values_list("span_id", "created_in"))
    assert {line["span"]: line["number"] for line in done} == live
    assert Annotation.objects.current().count() == sum(line["tagged"] for line in done)
    assert_sound(home)


def test_of_many_edits_of_one_opinion_none_is_lost(home: Collection, span: int, start: Start) -> None:
    """T27: 32 clients; each success is a revision, the others were told that they are stale."""
    before = Collection.objects.get(pk=home.pk).head
    editors = [start(do="edit_one", span=span, times=EDITS, clients=4) for _ in range(PROCESSES)]
    done = told(*editors)

    assert [line for line in done if "error" in line] == []
    assert len(done) == PROCESSES * 4 * EDITS
    won = sorted((line["number"], line["why"]) for line in done if "number" in line)
    stored = Annotation.objects.filter(span=span).order_by("created_in").values_list("created_in", "why")
    assert won == list(stored)
    assert [number for number, _ in won] == list(range(before + 1, before + 1 + len(won)))
    assert any("stale" in line for line in done)
    assert_sound(home)


def test_one_key_twenty_times_at_once(home: Collection, span: int, start: Start) -> None:
    """T29: one row, and everybody is told of it."""
    moment = time.time() + 3
    done = told(*(start(do="send_once", span=span, clients=5, at=moment) for _ in range(4)))

    assert [line for line in done if "error" in line] == []
    row = Annotation.objects.get(span=span)
    assert [(line["number"], line["version"]) for line in done] == [(row.created_in, row.pk)] * 20
    assert sum(line["changed"] for line in done) == 1
    assert_sound(home)


def test_a_reply_that_was_lost(home: Collection, span: int, start: Start) -> None:
    """T34: the sender dies after COMMIT; sent again under its key, the write has one effect."""
    assert told(start(do="send_and_die", span=span)) == []
    stored = Annotation.objects.get(span=span)

    ana = User.objects.get(username="ana")
    again = tag(home, author=ana, target=span, opinion=Opinion("disputed"), base=None, key="one-key")

    assert (again.changed, again.version, again.revision) == (False, stored.pk, stored.created_in)
    assert Annotation.objects.filter(span=span).count() == 1
    assert_sound(home)


def test_killed_writers_lose_nothing_that_they_told(home: Collection, article: int, start: Start) -> None:
    """T31: writers are killed as they write; what they told is there, and the next one goes on."""
    acknowledged: list[dict[str, Any]] = []
    for nth in range(KILLS):
        writer = start(do="write_many", article=article, times=10_000, **{"from": nth * 100})
        assert writer.stdout is not None
        acknowledged += [json.loads(writer.stdout.readline()) for _ in range(5 + nth % 7)]
        writer.send_signal(signal.SIGKILL)
        lines = writer.communicate()[0].splitlines(keepends=True)
        acknowledged += [json.loads(line) for line in lines if line.endswith("\n")]

    stored = dict(ClaimState.objects.filter(collection=home).values_list("created_in", "span_id"))
    assert len(acknowledged) >= 5 * KILLS
    assert [line for line in acknowledged if stored.get(line["number"]) != line["span"]] == []
    assert_sound(home)
