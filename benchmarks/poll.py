"""An open reader asks every four seconds what has changed: what that costs when nothing has, and 200 who ask."""

import json
import random
import statistics
import threading
import time

from benchmarks.server import Client, Server, serving, shell
from benchmarks.tag import PREPARE, Times, all_places, tagging

READERS = 200
EVERY = 4.0
LASTS = 30.0
SESSIONS = f"""
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from annotations.models import Article, Collection, Membership, User
from annotations.services.settings import set_member
from annotations.services.bulk import analyse
collection, keys = Collection.objects.get(), []
for n in range({READERS}):
    user = User.objects.create_user(f"reader{{n}}", display_name=f"Reader {{n}}")
    set_member(collection, user, "reviewer")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    keys.append(session.session_key)
collection.refresh_from_db()
browser = Client(SERVER_NAME="localhost", headers={{"HX-Request": "true"}})
browser.cookies["sessionid"] = keys[0]
path = f"/c/bench/articles/{{Article.objects.get().pk}}/since/?n={{collection.head}}&here=0"
browser.get(path)
with CaptureQueriesContext(connection) as counted:
    assert browser.get(path).status_code == 204
analyse()
print(json.dumps([keys, len(counted)]))
"""


def measure(database_url: str = "", requests: int = 600, rounds: int = 3) -> dict[str, object]:
    """Rounds of idle polls and of an empty view in turn; then everybody at once, while one person tags."""
    with serving(database_url) as server:
        article = int(shell(server.environment, PREPARE).strip().splitlines()[-1])
        keys, queries = json.loads(shell(server.environment, SESSIONS).strip().splitlines()[-1])
        people = [Client(server.port, {"sessionid": key}) for key in keys]
        path = f"/c/bench/articles/{article}/since/"
        _, _, headers = people[0].request("GET", f"{path}?n=0&here=0")
        idle_path = f"{path}?n={headers['X-Revision']}&here=0"
        for _ in range(40):
            people[0].request("GET", idle_path)
        idle, empty = [], []
        for _ in range(rounds):
            idle.append(_asked(server, people[0], idle_path, requests))
            empty.append(_asked(server, people[0], "/empty/", requests))
        crowd = Crowd(path, headers["X-Revision"])
        crowd.run(server, people, article)
    return {
        "idle poll: queries": queries,
        "idle poll: CPU of the server, ms": round(statistics.median(each.cpu_ms for each in idle), 2),
        "empty view: CPU of the server, ms": round(statistics.median(each.cpu_ms for each in empty), 2),
        "ratio": round(statistics.median(a.cpu_ms / b.cpu_ms for a, b in zip(idle, empty, strict=True)), 2),
        **crowd.figures(),
    }


def _asked(server: Server, client: Client, path: str, requests: int) -> Times:
    latencies, before = [], server.cpu_seconds()
    for _ in range(requests):
        began = time.perf_counter()
        status, _, _ = client.request("GET", path)
        latencies.append(time.perf_counter() - began)
        if status != 204:
            raise RuntimeError(f"{path} answered {status}")
    return Times(latencies, server.cpu_seconds() - before)


class Crowd:
    """Readers of one article who ask every four seconds, and one who tags a sentence every second."""

    def __init__(self, path: str, told: str) -> None:
        self.path, self.told = path, told
        self.polls: list[float] = []
        self.tags: list[float] = []
        self.answers: list[int] = []
        self.busy = 0.0

    def run(self, server: Server, people: list[Client], article: int) -> None:
        ends, before = time.monotonic() + LASTS, server.cpu_seconds()
        threads = [threading.Thread(target=self.reads, args=(client, ends)) for client in people]
        tagger = Client(server.port)
        tagger.sign_in("user1", "a-bench-of-seven-planks")
        threads.append(threading.Thread(target=self.judges, args=(tagger, article, ends)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.busy = (server.cpu_seconds() - before) / LASTS

    def reads(self, client: Client, ends: float) -> None:
        told, digest = self.told, "0"
        time.sleep(random.random() * EVERY)
        while time.monotonic() < ends:
            began = time.perf_counter()
            status, body, headers = client.request("GET", f"{self.path}?n={told}&here={digest}")
            self.polls.append(time.perf_counter() - began)
            self.answers.append(status)
            told = headers["X-Revision"] or told
            digest = json.loads(body).get("digest", digest) if status == 200 else digest
            time.sleep(EVERY)

    def judges(self, client: Client, article: int, ends: float) -> None:
        for place in all_places():
            if time.monotonic() > ends:
                break
            path, form = tagging(article, place, "crowd")
            began = time.perf_counter()
            self.answers.append(client.request("POST", path, form)[0])
            self.tags.append(time.perf_counter() - began)
            time.sleep(1)

    def figures(self) -> dict[str, object]:
        polls, tags = Times(self.polls, 0), Times(self.tags, 0)
        return {
            f"{READERS} readers: polls": len(self.polls),
            f"{READERS} readers: poll, median and p95, ms": [
                round(polls.median_ms, 1),
                round(polls.p95_ms, 1),
            ],
            f"{READERS} readers: tag, median and p95, ms": [round(tags.median_ms, 1), round(tags.p95_ms, 1)],
            f"{READERS} readers: cores that the server kept busy": round(self.busy, 2),
            f"{READERS} readers: errors": sum(status not in (200, 204) for status in self.answers),
        }
