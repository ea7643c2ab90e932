"""A process that writes: python -m tests.services.worker '{"do": …}'. What it did goes to stdout, a JSON a line.

Told are only writes that have come back, so that whoever reads may hold the ledger to them.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from annotations.models import Annotation, Collection, User  # noqa: E402
from annotations.services.claims import Opinion, Place, mark, tag  # noqa: E402
from annotations.services.ledger import Stale  # noqa: E402

VERDICTS = ("verified", "disputed", "needs_source")
telling = threading.Lock()


def tell(**what: Any) -> None:
    with telling:
        print(json.dumps(what), flush=True)


def write_many(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """Marks and tags places of its own, one after the other."""
    for nth in range(task["times"]):
        start = task["from"] + nth * 2
        place = Place(task["article"], start, start + 1, "x")
        if nth % 3:
            done = tag(home, author=author, target=place, opinion=Opinion(VERDICTS[nth % 3]), base=None)
        else:
            done = mark(home, author=author, place=place)
        tell(number=done.revision, span=done.span_id, tagged=bool(nth % 3))


def edit_one(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """Everybody edits the same opinion, from what each read last."""
    rows = Annotation.objects.current().filter(span=task["span"], reviewer=author)
    for nth in range(task["times"]):
        base = rows.values_list("pk", flat=True).first()
        opinion = Opinion(VERDICTS[nth % 3], why=f"{os.getpid()} {client} {nth}")
        try:
            done = tag(home, author=author, target=task["span"], opinion=opinion, base=base)
            tell(number=done.revision, why=opinion.why)
        except Stale:
            tell(stale=True)


def send_once(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """One request with one key, at one moment."""
    time.sleep(max(0, task["at"] - time.time()))
    opinion = Opinion("disputed", why="once")
    done = tag(home, author=author, target=task["span"], opinion=opinion, base=None, key="one-key")
    tell(number=done.revision, version=done.version, changed=done.changed)


def send_and_die(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """Stored, but nobody was told."""
    tag(home, author=author, target=task["span"], opinion=Opinion("disputed"), base=None, key="one-key")
    os.kill(os.getpid(), 9)


def run(client: int, task: dict[str, Any]) -> None:
    work: Callable[..., None] = globals()[task["do"]]
    try:
        home = Collection.objects.get(slug=task["collection"])
        work(home, User.objects.get(username=task["author"]), task, client)
    except Exception as error:
        tell(error=f"{type(error).__name__}: {error}")
    finally:
        connection.close()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    clients = [threading.Thread(target=run, args=(n, given)) for n in range(given.get("clients", 1))]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
