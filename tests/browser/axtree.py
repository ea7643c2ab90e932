"""Chromium's accessibility tree: what it hands to a screen reader, in the order in which that reads."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

DULL = {"none", "generic", "InlineTextBox", "ignored", "presentation"}


@dataclass
class Node:
    role: str
    name: str
    states: dict[str, Any]
    value: str = ""
    description: str = ""
    children: list["Node"] = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, role: str, name: str = "") -> list["Node"]:
        """Of this role, whose name begins so; in the order in which they are read."""
        return [each for each in self.walk() if each.role == role and each.name.startswith(name)]

    def one(self, role: str, name: str = "") -> "Node":
        found = self.all(role, name)
        assert len(found) == 1, (role, name, [each.name for each in self.all(role)])
        return found[0]

    def text(self) -> str:
        return " ".join(each.name for each in self.walk() if each.role == "StaticText")

    def lines(self, depth: int = 0):
        """For eyes, when a test fails."""
        states = " ".join(f"{name}={value}" for name, value in self.states.items())
        yield f"{'  ' * depth}{self.role} “{self.name}” {self.value and f'= {self.value}'} {states}".rstrip()
        for child in self.children:
            yield from child.lines(depth + 1)


def tree(page: Page) -> Node:
    """What is ignored is left out, and what says nothing gives way to its children."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {each["nodeId"]: each for each in nodes}
    [root] = _built(nodes[0], known)
    return root


def _built(raw: dict[str, Any], known: dict[str, Any]) -> list[Node]:
    below = [known[each] for each in raw.get("childIds", ()) if each in known]
    children = [node for each in below for node in _built(each, known)]
    role = raw.get("role", {}).get("value", "none")
    if raw.get("ignored") or role in DULL:
        return children
    said = {name: raw.get(name, {}).get("value", "") for name in ("name", "value", "description")}
    states = {
        each["name"]: each["value"].get("value", _related(each["value"]))
        for each in raw.get("properties", ())
    }
    return [Node(role, said["name"], states, str(said["value"]), said["description"], children)]


def _related(value: dict[str, Any]) -> Any:
    """The ids that a relation leads to."""
    return [each.get("idref") for each in value.get("relatedNodes", ())]
