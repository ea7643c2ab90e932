"""Files of exports: made once, whole or not at all, whoever dies; those used last are kept."""

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from annotations.models import CollectionSettings
from annotations.services import kept_exports as kept
from annotations.services.settings import change_settings

PARTS = [bytes([n]) * 1000 for n in range(50)]
WHOLE = b"".join(PARTS)


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.EXPORT_CACHE_BYTES = tmp_path, 10**6
    return tmp_path / "cache" / "exports"


def content(name, write=lambda: PARTS):
    return b"".join(kept.Slice(kept.opened(name, write), 0, 10**9))


def put(name, size):
    kept.opened(name, lambda: [b"x" * size]).close()


def test_it_is_made_once_for_its_owner_alone(folder):
    assert content("a") == WHOLE
    assert content("a", lambda: pytest.fail("made again")) == WHOLE
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "a")] == [0o700, 0o600]
    assert os.listdir(folder) == ["a"]


class Maker:
    """Makes a file in a thread of its own: the first half at once, the rest when it is told to."""

    def __init__(self, name, parts=PARTS):
        self.begun, self.go, self.parts = threading.Event(), threading.Event(), parts
        self.pool = ThreadPoolExecutor(1)
        self.done = self.pool.submit(content, name, self.write)
        assert self.begun.wait(5)

    def write(self):
        yield self.parts[0]
        self.begun.set()
        assert self.go.wait(5)
        yield from self.parts[1:]

    def finish(self):
        self.go.set()
        return self.done.result(5)


def test_of_many_at_once_one_makes_it_one_waits_a_moment_and_the_others_are_sent_away(folder, monkeypatch):
    monkeypatch.setattr(kept, "PATIENCE", 3.0)
    maker, asked, sent_away = Maker("a"), threading.Barrier(8), []

    def ask(_):
        asked.wait()
        try:
            return content("a", lambda: pytest.fail("made twice"))
        except kept.Busy:
            sent_away.append(time.monotonic())
            return None

    with ThreadPoolExecutor(8) as pool:
        begun, found = time.monotonic(), pool.map(ask, range(8))
        while len(sent_away) < 7 and time.monotonic() < begun + 3:
            time.sleep(0.01)
        assert len(sent_away) == 7
        assert max(sent_away) - begun < 1.5
        assert maker.finish() == WHOLE
        assert sorted(found, key=bool) == [None] * 7 + [WHOLE]


def test_who_waits_is_sent_away_too_after_a_moment(folder, monkeypatch):
    maker = Maker("a")
    monkeypatch.setattr(kept, "PATIENCE", 0.1)
    for _ in range(2):
        with pytest.raises(kept.Busy):
            content("a")
    assert maker.finish() == WHOLE


def test_who_was_forgotten_gives_no_name_to_another_s_draft(folder):
    forgotten = Maker("1-1-a", [b"old ", b"text"])
    kept.forget([1])
    next_one = Maker("1-1-a")
    assert forgotten.finish() == b"old text"
    assert os.listdir(folder) == ["1-1-a.part"]
    assert next_one.finish() == WHOLE
    assert content("1-1-a", lambda: pytest.fail("made again")) == WHOLE


def test_who_fails_after_it_was_forgotten_takes_no_draft_of_another_away(folder):
    failing = Maker("1-1-a", [b"old", 5])
    kept.forget([1])
    next_one = Maker("1-1-a")
    with pytest.raises(TypeError):
        failing.finish()
    assert next_one.finish() == WHOLE
    assert os.listdir(folder) == ["1-1-a"]


def test_a_draft_that_is_forgotten_while_its_file_is_found_is_no_fault(folder, monkeypatch):
    looks, found = [], kept.found

    def finished_meanwhile(name):
        looks.append(name)
        if len(looks) == 2:
            (folder / "1-1-a").write_bytes(WHOLE)
            (folder / "1-1-a.part").unlink()
        return found(name)

    monkeypatch.setattr(kept, "found", finished_meanwhile)
    assert content("1-1-a", lambda: pytest.fail("made again")) == WHOLE


def test_files_of_an_earlier_epoch_go_when_one_of_a_later_is_asked_for(folder):
    """Another node said that they are nobody's any more, or a backup was restored."""
    for name in ("1-2-a", "1-10-b", "11-1-a", "2-1-a"):
        put(name, 10)
    assert kept.found("1-10-c") is None
    assert sorted(os.listdir(folder)) == ["1-10-b", "11-1-a", "2-1-a"]
    assert kept.found("1-9-a") is None
    assert "1-10-b" in os.listdir(folder), "who comes late drops nothing"


MAKER = """
import sys, time
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]), EXPORT_CACHE_BYTES=10**6)
from annotations.services import kept_exports as kept
def write():
    yield b"half of another file"
    print("half", flush=True)
    time.sleep(60)
kept.opened("a", write)
"""


def test_a_maker_that_is_killed_half_way_leaves_nothing_behind(folder, settings, monkeypatch):
    command = [sys.executable, "-c", MAKER, str(settings.DATA_DIR)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "half\n"
        monkeypatch.setattr(kept, "PATIENCE", 0.1)
        with pytest.raises(kept.Busy):
            content("a")
        kept.evict(0)
        assert os.listdir(folder) == ["a.part"], "somebody is at it"
        maker.kill()
    assert content("a") == WHOLE
    assert os.listdir(folder) == ["a"]


def test_abandoned_drafts_are_cleared_away(folder):
    kept.folder()
    (folder / "dead.part").write_bytes(b"x" * 10)
    put("a", 10)
    assert os.listdir(folder) == ["a"]


@pytest.mark.parametrize(("number", "raised"), [(errno.ENOSPC, kept.NoRoom), (errno.EIO, OSError)])
def test_what_fails_half_way_is_not_there(folder, number, raised):
    def failing():
        yield PARTS[0]
        raise OSError(number, "no")

    with pytest.raises(raised):
        content("a", failing)
    assert os.listdir(folder) == []
    assert content("a") == WHOLE


def test_those_used_longest_ago_go_first(folder, settings):
    settings.EXPORT_CACHE_BYTES = 1000
    for name in "abc":
        put(name, 300)
    kept.found("a").close()
    reading = kept.found("b")
    for name in "bc":  # as if they had been used a while ago, b before c
        os.utime(folder / name, (0, ord(name)))
    put("d", 300)
    assert sorted(os.listdir(folder)) == ["a", "c", "d"]
    assert b"".join(kept.Slice(reading, 100, 299)) == b"x" * 200, "who reads it has it still"
    reading.close()
    put("e", 5000)
    assert os.listdir(folder) == ["e"], "one that is too large stays until the next"
    put("f", 10)
    assert os.listdir(folder) == ["f"]
    assert sum(path.stat().st_size for path in folder.iterdir()) <= settings.EXPORT_CACHE_BYTES


def test_what_is_left_of_a_full_disk_is_the_database_s(folder, monkeypatch):
    disk = shutil.disk_usage(folder.parents[1])
    monkeypatch.setattr(kept.shutil, "disk_usage", lambda _: disk._replace(free=kept.FLOOR - 1))
    with pytest.raises(kept.NoRoom):
        content("a")
    assert os.listdir(folder) == []


def test_a_folder_that_cannot_be_used_keeps_nothing(folder):
    folder.parent.write_text("in the way")
    assert kept.found("a") is None
    with pytest.raises(kept.NoRoom):
        kept.opened("a", lambda: PARTS)


def test_a_collection_is_forgotten_alone(folder):
    for name in ("1-a", "1-b", "11-a"):
        put(name, 10)
    kept.forget([1])
    assert os.listdir(folder) == ["11-a"]


@pytest.mark.django_db(transaction=True)
def test_kept_files_go_when_what_may_be_seen_changes(folder, desk, edith):
    """Whoever asks next would not get them; the disk does not keep them either."""
    put(f"{desk.pk}-a", 10)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"name": "Another"})
    assert os.listdir(folder) == [f"{desk.pk}-a"]
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"text_exportable": False})
    assert os.listdir(folder) == []
