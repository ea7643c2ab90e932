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

from annotations.models import Annotation, ClaimState, Collection, Evidence, User  # noqa: E402
from annotations.services.claims import Opinion, Place, mark, tag, withdraw  # noqa: E402
from annotations.services.errors import NotThere  # noqa: E402
from annotations.services.evidence import (  # noqa: E402
    Citation,
    NewSource,
    add_evidence,
    edit_evidence,
    remove_evidence,
)
from annotations.services.ledger import Stale  # noqa: E402
from annotations.services.places import move_claim  # noqa: E402
from annotations.services.rulings import rule, withdraw_ruling  # noqa: E402
from annotations.services.states import require_live, work_on  # noqa: E402
from tests.services.clients import Client  # noqa: E402

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


def edit_same(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """Everybody decides, cites anew or moves the same claim, from what each read last."""
    doors = ServiceDoors(home, author, task["article"])
    for nth in range(task["times"]):
        words = f"{os.getpid()} {client} {nth}"
        said, wrote = _edited(doors, task, words, nth)
        tell(**({"number": said["number"], "words": words} if wrote else {"refused": True}))


def _edited(doors: "ServiceDoors", task: dict[str, Any], words: str, nth: int) -> tuple[dict[str, Any], bool]:
    if task["thing"] == "boundaries":
        place = (os.getpid() + nth) % 400
        now = doors.where({})
        return doors("move", {"span": now["span"], "base": now["revision"], "to": place})
    span = {"span": task["span"], "words": words}
    if task["thing"] == "evidence":
        [(key, version)] = doors.sources(span)["sources"].items()
        return doors("recite", span | {"key": key, "base": version})
    now = doors.read(span)
    verdict = VERDICTS[nth % 3]
    return doors("rule", span | {"verdict": verdict, "base": now["ruling"], "revision": now["revision"]})


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


def history(home: Collection, author: User, task: dict[str, Any], client: int) -> None:
    """Works on a claim at random; tells of each thing when it was asked and answered, of refusals too."""
    doors = ServiceDoors(home, author, task["article"])
    seed = f"{task['seed']} {author.username} {client}"
    ours = Client(doors, author.pk, decides=task["decides"], places=task["places"], seed=seed)
    time.sleep(max(0, task["at"] - time.time()))
    for told in ours.work(task["times"] * (2 if ours.decides else 1)):
        tell(**told)


class ServiceDoors:
    """The services, and reads of one statement each."""

    def __init__(self, home: Collection, author: User, article: int) -> None:
        self.home, self.author, self.article = home, author, article

    def __call__(self, do: str, asked: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        try:
            said: dict[str, Any] = getattr(self, do)(asked)
        except Stale as stale:
            row = stale.current
            current = row and (row.created_in if isinstance(row, ClaimState) else row.pk)
            return {"refused": "stale", "current": current}, False
        except NotThere:
            return {"refused": "absent"}, False
        return said, said.pop("wrote", False)

    def where(self, asked: dict[str, Any]) -> dict[str, Any]:
        states = ClaimState.objects.current().filter(span__article=self.article)
        span, revision = states.values_list("span_id", "created_in").get()
        return {"span": span, "revision": revision}

    def read(self, asked: dict[str, Any]) -> dict[str, Any]:
        work = work_on(asked["span"], self.home.pk)
        require_live(work)
        return {
            "revision": work.revision,
            "opinions": {str(who): version for who, (version, _) in work.opinions.items()},
            "sources": sorted(work.sources),
            "ruling": work.ruling and work.ruling[0],
        }

    def sources(self, asked: dict[str, Any]) -> dict[str, Any]:
        rows = Evidence.objects.current().filter(span=asked["span"])
        return {"sources": dict(rows.values_list("key", "pk"))}

    def tag(self, asked: dict[str, Any]) -> dict[str, Any]:
        opinion = Opinion(asked["verdict"], why=asked["words"])
        return self._written(tag, target=asked["span"], opinion=opinion, base=asked["base"])

    def withdraw(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self._written(withdraw, span_id=asked["span"], base=asked["base"])

    def cite(self, asked: dict[str, Any]) -> dict[str, Any]:
        source = NewSource("web", {"title": asked["words"]})
        done = add_evidence(self.home, author=self.author, span_id=asked["span"], source=source)
        return {"wrote": True, "number": done.revision, "key": done.key, "version": done.version}

    def recite(self, asked: dict[str, Any]) -> dict[str, Any]:
        cited = Citation("background", excerpt=asked["words"])
        return self._written(edit_evidence, evidence_key=asked["key"], base=asked["base"], citation=cited)

    def uncite(self, asked: dict[str, Any]) -> dict[str, Any]:
        said = self._written(remove_evidence, evidence_key=asked["key"], base=asked["base"])
        return {name: value for name, value in said.items() if name != "version"}

    def rule(self, asked: dict[str, Any]) -> dict[str, Any]:
        decision = {"verdict": asked["verdict"], "rationale": asked["words"], "base": asked["base"]}
        return self._written(rule, span_id=asked["span"], claim_revision=asked["revision"], **decision)

    def unrule(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self._written(withdraw_ruling, span_id=asked["span"], base=asked["base"])

    def move(self, asked: dict[str, Any]) -> dict[str, Any]:
        start = 2 * asked["to"]
        place = Place(self.article, start, start + 1, "x")
        done = move_claim(
            self.home, author=self.author, span_id=asked["span"], place=place, base=asked["base"]
        )
        return {"wrote": done.changed, "number": done.revision, "span": done.span_id}

    def _written(self, service: Callable[..., Any], **request: Any) -> dict[str, Any]:
        done = service(self.home, author=self.author, **request)
        version = {} if done.version is None else {"version": done.version}
        return {"wrote": done.changed, "number": done.revision, **version}


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
