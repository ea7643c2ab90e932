"""One claim as a thing that does one thing at a time: what a concurrent history of it is held to (T27, T30).

Opinions, citations and the decision are registers, each with the version that stands; the claim's boundaries are one
too, whose version is the claim's revision, and moving them gives everything on the claim a new version.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.linear import Event, Impossible

Versions = dict[Any, int]


@dataclass(frozen=True)
class Claim:
    """`opinions`: reviewer → version; `sources`: key → version."""

    span: int
    revision: int
    place: int = 0
    opinions: Versions = field(default_factory=dict)
    sources: Versions = field(default_factory=dict)
    ruling: int | None = None

    def said(self) -> dict[str, Any]:
        return {
            "revision": self.revision,
            "opinions": self.opinions,
            "sources": sorted(self.sources.values()),
            "ruling": self.ruling,
        }


def _done(claim: Claim, event: Event) -> Claim:
    """What a write makes of it. Of a move `said` has the versions that all that went along has now."""
    asked, said = event.asked, event.said
    _need(event.do in ("recite", "uncite") or asked["span"] == claim.span, "the claim was not there")
    claim = replace(claim, revision=event.number)
    match event.do:
        case "tag" | "withdraw":
            _need(claim.opinions.get(asked["who"]) == asked["base"], "an opinion was lost")
            return replace(claim, opinions=_with(claim.opinions, asked["who"], said.get("version")))
        case "cite":
            return replace(claim, sources=_with(claim.sources, said["key"], said["version"]))
        case "recite" | "uncite":
            _need(claim.sources.get(asked["key"]) == asked["base"], "a citation was lost")
            return replace(claim, sources=_with(claim.sources, asked["key"], said.get("version")))
        case "rule" | "unrule":
            _need(claim.ruling == asked["base"], "a decision was lost")
            return replace(claim, ruling=said.get("version"))
        case "move":
            return _moved(claim, asked["to"], said)
    raise AssertionError(event.do)


def step(claim: Claim, event: Event) -> Claim:
    """The same, with what is based upon the claim as a whole."""
    if event.do == "move":
        _need(claim.revision == event.asked["base"], "what was done to the claim was not seen")
    if event.do == "rule" and event.asked["revision"] is not None:
        _need(claim.revision == event.asked["revision"], "what was said of the claim was not seen")
    return _done(claim, event)


def _moved(claim: Claim, place: int, said: dict[str, Any]) -> Claim:
    _need(said["opinions"].keys() == claim.opinions.keys(), "an opinion did not go along")
    _need(said["sources"].keys() == claim.sources.keys(), "a citation did not go along")
    _need((said["ruling"] is None) == (claim.ruling is None), "the decision did not go along")
    went = {name: said[name] for name in ("opinions", "sources", "ruling")}
    return replace(claim, span=said["span"], place=place, **went)


def _with(versions: Versions, key: Any, version: int | None) -> Versions:
    kept = {each: old for each, old in versions.items() if each != key}
    return kept if version is None else kept | {key: version}


def _need(right: bool, otherwise: str) -> None:
    if not right:
        raise Impossible(otherwise)


def holds(claim: Claim, event: Event) -> bool:
    """Whether a read or a refusal is right."""
    asked, said = event.asked, event.said
    here = asked.get("span") in (None, claim.span)
    match said.get("refused"):
        case "absent":
            return not here or _is_absent(claim, event.do, asked)
        case "stale":  # a form follows a claim that was moved, and shows both places
            return _is_stale(claim, event.do, asked, said) if here else event.do == "move"
    match event.do:
        case "where":
            return bool(said == {"span": claim.span, "revision": claim.revision})
        case "read":
            return here and bool(said == claim.said())
        case "decision":
            return here and claim.ruling == said["version"]
        case "source":
            return claim.sources.get(asked["key"]) == said["version"]
        case "sources":
            return said["sources"] == (claim.sources if here else {})
        case "mine":
            return here and claim.opinions.get(asked["who"]) == said["version"]
        case "move":  # it stands there already
            return here and (claim.place, claim.revision) == (asked["to"], asked["base"])
    return False


def _is_absent(claim: Claim, do: str, asked: dict[str, Any]) -> bool:
    match do:
        case "withdraw" | "mine":
            return asked["who"] not in claim.opinions
        case "recite" | "uncite" | "source":
            return asked["key"] not in claim.sources
        case "rule" | "unrule" | "decision":
            return claim.ruling is None and asked.get("base", 0) is not None
    return False


def _is_stale(claim: Claim, do: str, asked: dict[str, Any], said: dict[str, Any]) -> bool:
    """What is there is not what it was based on; and, where the client was told, is what they were told."""
    match do:
        case "tag" | "withdraw":
            found = claim.opinions.get(asked["who"])
        case "recite" | "uncite":
            found = claim.sources.get(asked["key"])
        case "move":
            found = claim.revision
        case "rule" if claim.ruling == asked["base"]:
            return (
                claim.revision != asked["revision"] and said.get("current", claim.revision) == claim.revision
            )
        case _:
            found = claim.ruling
    return found != asked["base"] and said.get("current", found) == found
