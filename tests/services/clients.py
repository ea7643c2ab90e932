"""A client that works on one claim at random, from what it has read, which may be old by then.

`doors` is how it reaches the claim: by the services (worker.py) or over HTTP. Every door takes what is asked and gives
(what was said, whether something was written).
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

REVIEWERS = (
    "where",
    "read",
    "tag",
    "tag",
    "tag",
    "withdraw",
    "cite",
    "cite",
    "recite",
    "recite",
    "uncite",
    "move",
)
EDITORS = ("where", "read", "rule", "rule", "rule", "unrule", "recite", "move", "move", "move")
VERDICTS = ("verified", "disputed", "needs_source")
Said = dict[str, Any]


class Doors(Protocol):
    def __call__(self, do: str, asked: Said) -> tuple[Said, bool]: ...


class Client:
    def __init__(self, doors: Doors, who: int, *, decides: bool, places: int, seed: str) -> None:
        self.doors, self.who, self.decides, self.places = doors, who, decides, places
        self.chance = random.Random(seed)
        self.seed = seed
        self.span = self.revision = 0
        self.opinion: int | None = None
        self.ruling: int | None = None
        self.sources: dict[str, int] = {}

    def work(self, times: int) -> Iterator[Said]:
        """What it asked and was told, with the times of both."""
        yield self.ask("where", {})
        for nth in range(times):
            do = self.chance.choice(EDITORS if self.decides else REVIEWERS)
            if do in ("move", "rule") and self.chance.random() < 0.7:
                yield self.ask("where", {})  # or others write too fast for one ever to succeed
            if asked := self.asked(do, nth):
                yield self.ask(do, asked)
            if self.chance.random() < 0.5:
                yield self.ask("where", {})
                yield from self.looked()

    def looked(self) -> Iterator[Said]:
        if self.decides or self.chance.random() < 0.5:
            yield self.ask("read", {"span": self.span})
        yield self.ask("sources", {"span": self.span})

    def ask(self, do: str, asked: Said) -> Said:
        began = time.monotonic_ns()
        said, wrote = self.doors(do, asked)
        told = {
            "do": do,
            "began": began,
            "ended": time.monotonic_ns(),
            "asked": asked,
            "said": said,
            "wrote": wrote,
        }
        if "refused" not in said:
            self.learn(do, asked, said)
        elif do == "source":
            self.sources.pop(asked["key"])
        return told

    def asked(self, do: str, nth: int) -> Said | None:
        """None where there is nothing to ask it of."""
        here: Said = {"span": self.span, "who": self.who}
        fresh = {"verdict": self.chance.choice(VERDICTS), "words": f"{self.seed} {nth}"}
        key = self.chance.choice(sorted(self.sources)) if self.sources else None
        ways: dict[str, Callable[[], Said | None]] = {
            "where": dict,
            "read": lambda: {"span": self.span},
            "tag": lambda: {**here, **fresh, "base": self.opinion},
            "withdraw": lambda: self.opinion and {**here, "base": self.opinion},
            "cite": lambda: {**here, **fresh},
            "recite": lambda: key and {"key": key, "base": self.sources[key], **fresh},
            "uncite": lambda: key and {"key": key, "base": self.sources[key]},
            "rule": lambda: {**here, **fresh, "base": self.ruling, "revision": self.revision},
            "unrule": lambda: self.ruling and {**here, "base": self.ruling},
            "move": lambda: {**here, "base": self.revision, "to": self.chance.randrange(self.places)},
        }
        return ways[do]()

    def learn(self, do: str, asked: Said, said: Said) -> None:
        match do:
            case "where":
                self.span, self.revision = said["span"], said["revision"]
            case "read":
                self.opinion, self.ruling = said["opinions"].get(str(self.who)), said["ruling"]
            case "source":
                self.sources[asked["key"]] = said["version"]
            case "mine" | "tag" | "withdraw":
                self.opinion = said.get("version")
            case "sources":
                self.sources = dict(said["sources"])
            case "cite" | "recite":
                self.sources[said.get("key") or asked["key"]] = said["version"]
            case "decision" | "rule" | "unrule":
                self.ruling = said.get("version")
            case "move":
                self.span = said["span"]
