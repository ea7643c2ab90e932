"""Many processes at once, on the database that the suite runs on. AIGAP_SOAK=1 makes the numbers large (make soak)."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import (
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    Evidence,
    Revision,
    Ruling,
    User,
)
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.settings import set_member
from annotations.services.verify import verify

SOAK = os.environ.get("AIGAP_SOAK") == "1"
PROCESSES = 8
WRITES = 400 if SOAK else 24
EDITS = 200 if SOAK else 6
KILLS = 100 if SOAK else 3

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def span(busy: Collection, long_article: int) -> int:
    return mark(busy, author=User.objects.get(username="ben"), place=Place(long_article, 0, 1, "x")).span_id


def told(*processes: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """What they did, once they have all come to their end."""
    return [
        json.loads(line) for process in processes for line in process.communicate(timeout=600)[0].splitlines()
    ]


def numbers(busy: Collection) -> list[int]:
    return list(Revision.objects.filter(collection=busy).order_by("number").values_list("number", flat=True))


def assert_sound(busy: Collection) -> None:
    head = Collection.objects.get(pk=busy.pk).head
    assert numbers(busy) == list(range(1, head + 1))
    assert list(verify()) == []


def test_eight_processes_lose_nothing(busy: Collection, long_article: int, start: Start) -> None:
    """T30: every write that came back is there, under its own number; nobody met a locked database."""
    before = Collection.objects.get(pk=busy.pk).head
    writers = [
        start(do="write_many", article=long_article, times=WRITES, **{"from": nth * WRITES * 2})
        for nth in range(PROCESSES)
    ]
    done = told(*writers)

    assert [line for line in done if "error" in line] == []
    assert sorted(line["number"] for line in done) == list(range(before + 1, before + 1 + PROCESSES * WRITES))
    live = dict(ClaimState.objects.current().values_list("span_id", "created_in"))
    assert {line["span"]: line["number"] for line in done} == live
    assert Annotation.objects.current().count() == sum(line["tagged"] for line in done)
    assert_sound(busy)


def test_of_many_edits_of_one_opinion_none_is_lost(busy: Collection, span: int, start: Start) -> None:
    """T27: 32 clients; each success is a revision, the others were told that they are stale."""
    before = Collection.objects.get(pk=busy.pk).head
    editors = [start(do="edit_one", span=span, times=EDITS, clients=4) for _ in range(PROCESSES)]
    done = told(*editors)

    assert [line for line in done if "error" in line] == []
    assert len(done) == PROCESSES * 4 * EDITS
    won = sorted((line["number"], line["why"]) for line in done if "number" in line)
    stored = Annotation.objects.filter(span=span).order_by("created_in").values_list("created_in", "why")
    assert won == list(stored)
    assert [number for number, _ in won] == list(range(before + 1, before + 1 + len(won)))
    assert any("stale" in line for line in done)
    assert_sound(busy)


@pytest.mark.parametrize("thing", ["ruling", "evidence", "boundaries"])
def test_of_many_edits_of_one_claim_none_is_lost(
    busy: Collection, span: int, long_article: int, start: Start, thing: str
) -> None:
    """T27 for what is no opinion: each success is a revision, the others were told that it has changed."""
    edith = User.objects.create_user("edith")
    set_member(busy, edith, "editor")
    add_evidence(busy, author=edith, span_id=span, source=NewSource("web", {"title": "Register"}))
    before = Collection.objects.get(pk=busy.pk).head
    task = {"thing": thing, "article": long_article, "span": span, "author": "edith", "times": EDITS}
    done = told(*(start(do="edit_same", clients=4, **task) for _ in range(PROCESSES)))

    assert [line for line in done if "error" in line] == []
    assert len(done) == PROCESSES * 4 * EDITS
    won = sorted((line["number"], line["words"]) for line in done if "number" in line)
    assert [number for number, _ in won] == list(range(before + 1, before + 1 + len(won)))
    assert any("refused" in line for line in done)
    match thing:
        case "ruling":
            stored = Ruling.objects.order_by("created_in").values_list("created_in", "rationale")
        case "evidence":
            stored = Evidence.objects.exclude(excerpt="").order_by("created_in")
            stored = stored.values_list("created_in", "excerpt")
        case _:
            moved = ClaimLink.objects.order_by("created_in").values_list("created_in", flat=True)
            won, stored = [number for number, _ in won], moved.distinct()
    assert won == list(stored)
    assert_sound(busy)


def test_one_key_twenty_times_at_once(busy: Collection, span: int, start: Start) -> None:
    """T29: one row, and everybody is told of it."""
    moment = time.time() + 3
    done = told(*(start(do="send_once", span=span, clients=5, at=moment) for _ in range(4)))

    assert [line for line in done if "error" in line] == []
    row = Annotation.objects.get(span=span)
    assert [(line["number"], line["version"]) for line in done] == [(row.created_in, row.pk)] * 20
    assert sum(line["changed"] for line in done) == 1
    assert_sound(busy)


def test_a_reply_that_was_lost(busy: Collection, span: int, start: Start) -> None:
    """T34: the sender dies after COMMIT; sent again under its key, the write has one effect."""
    assert told(start(do="send_and_die", span=span)) == []
    stored = Annotation.objects.get(span=span)

    ana = User.objects.get(username="ana")
    again = tag(busy, author=ana, target=span, opinion=Opinion("disputed"), base=None, key="one-key")

    assert (again.changed, again.version, again.revision) == (False, stored.pk, stored.created_in)
    assert Annotation.objects.filter(span=span).count() == 1
    assert_sound(busy)


def test_killed_writers_lose_nothing_that_they_told(
    busy: Collection, long_article: int, start: Start
) -> None:
    """T31: writers are killed as they write; what they told is there, and the next one goes on."""
    acknowledged: list[dict[str, Any]] = []
    for nth in range(KILLS):
        writer = start(do="write_many", article=long_article, times=10_000, **{"from": nth * 100})
        assert writer.stdout is not None
        acknowledged += [json.loads(writer.stdout.readline()) for _ in range(5 + nth % 7)]
        writer.send_signal(signal.SIGKILL)
        lines = writer.communicate()[0].splitlines(keepends=True)
        acknowledged += [json.loads(line) for line in lines if line.endswith("\n")]

    stored = dict(ClaimState.objects.filter(collection=busy).values_list("created_in", "span_id"))
    assert len(acknowledged) >= 5 * KILLS
    assert [line for line in acknowledged if stored.get(line["number"]) != line["span"]] == []
    assert_sound(busy)
