"""docs/examples/mirror.py against a live server: killed, taken up again, and told to begin anew."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotations.models import ArticleDetails
from annotations.services.articles import edit_details
from annotations.services.claims import unmark
from annotations.services.settings import set_member
from tests.api.cast import TEXT, api, make_desk, mark, tag
from tests.api.test_changes import export

MIRROR = Path(__file__).parents[2] / "docs/examples/mirror.py"
WORDS = [word for word in TEXT.split() if TEXT.count(word) == 1]


class Mirror:
    def __init__(self, server, user, folder):
        self.file = folder / "copy.sqlite3"
        self.command = [sys.executable, str(MIRROR), f"{server.url}/api/v1/collections/desk/", str(self.file)]
        self.environment = {**os.environ, "AIGAP_TOKEN": api(user, scope="read").token}

    def start(self, *options):
        return subprocess.Popen([*self.command, *options], env=self.environment)

    def run(self, *options):
        assert self.start(*options).wait(30) == 0

    def ask(self, sql):
        with sqlite3.connect(self.file, timeout=30) as db:
            return db.execute(sql).fetchall()

    def killed_half_way(self):
        """After its next page."""
        before = self.ask("SELECT next FROM state") if self.file.exists() else None
        process = self.start("--limit", "1")
        until = time.monotonic() + 20
        while not self.file.exists() or not self.began() or self.ask("SELECT next FROM state") == before:
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def began(self):
        try:
            return self.ask("SELECT next FROM state WHERE next IS NOT NULL")
        except sqlite3.OperationalError:  # its tables are being made
            return False

    def claims(self):
        return [json.loads(row) for (row,) in self.ask("SELECT object FROM claim ORDER BY id")]


@pytest.mark.django_db(transaction=True)
def test_the_copy_is_the_collection_whatever_happens_to_it(live_server, tmp_path):
    desk = make_desk()
    client, mirror = api(desk.ben), Mirror(live_server, desk.ben, tmp_path)
    spans = [mark(desk.collection, desk.ana, desk.article, word) for word in WORDS]
    tag(desk.collection, desk.ana, spans[0], "disputed")

    mirror.killed_half_way()
    unmark(desk.collection, author=desk.ana, span_id=spans[1])
    mirror.killed_half_way()
    mirror.run()
    mirror.run()
    assert mirror.claims() == export(client)

    details = ArticleDetails.objects.current().get(article=desk.article)
    edit_details(
        desk.collection,
        author=desk.owner,
        article_id=desk.article,
        base=details.pk,
        changes={"title": "Another 💩"},
    )
    unmark(desk.collection, author=desk.ana, span_id=spans[2])
    mirror.run("--limit", "1")
    assert mirror.claims() == export(client)

    (head, epoch, _, _) = mirror.ask("SELECT * FROM state")[0]
    set_member(desk.collection, desk.ben, "viewer")
    mirror.killed_half_way()
    tag(desk.collection, desk.ana, spans[3], "disputed")
    mirror.run("--limit", "1")
    assert [row["id"] for row in mirror.claims()] == [spans[0], spans[3]]
    assert mirror.claims() == export(client)
    (new_head, new_epoch, turn, following) = mirror.ask("SELECT * FROM state")[0]
    assert (new_head > head, new_epoch > epoch, turn, following) == (True, True, 1, None)

    process = mirror.start("--every", "0.1")
    span = mark(desk.collection, desk.ana, desk.article, "40 percent in")
    tag(desk.collection, desk.ana, span, "disputed")
    until = time.monotonic() + 20
    while len(mirror.claims()) < 3:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert mirror.claims() == export(client)


@pytest.mark.django_db(transaction=True)
def test_it_says_what_came_in_a_line(live_server, tmp_path):
    desk = make_desk()
    mirror = Mirror(live_server, desk.ben, tmp_path)

    def said():
        process = subprocess.run(
            mirror.command, env=mirror.environment, capture_output=True, text=True, timeout=30
        )
        assert (process.returncode, process.stderr) == (0, "")
        return process.stdout

    def head():
        desk.collection.refresh_from_db()
        return desk.collection.head

    said()
    assert said() == f"head {head()}: 0 claims changed\n"
    tag(desk.collection, desk.ana, mark(desk.collection, desk.ana, desk.article, "2023"))
    assert said() == f"head {head()}: 1 claim changed\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, "HTTP Error 404: Not Found. Look at the address, or who may read there.\n"),
        ("wrong", "HTTP Error 401: Unauthorized. Look at AIGAP_TOKEN.\n"),
    ],
)
def test_it_stops_with_a_line_where_waiting_mends_nothing(live_server, tmp_path, token, said):
    desk = make_desk()
    mirror = Mirror(live_server, desk.stranger, tmp_path)
    environment = mirror.environment | ({"AIGAP_TOKEN": token} if token else {})
    process = subprocess.run(mirror.command, env=environment, capture_output=True, text=True, timeout=30)
    assert (process.returncode, process.stderr) == (1, said)
