"""The reader's keys as its dialog lists them: a line for each. `who` is everybody, marks, reviews or edits."""

from typing import Any, NamedTuple


class Shortcut(NamedTuple):
    keys: str
    does: str
    who: str = "everybody"


GROUPS: dict[str, tuple[Shortcut, ...]] = {
    "Go": (
        Shortcut("j k", "next, previous sentence"),
        Shortcut("Enter", "which claims are here"),
        Shortcut("u", "next claim that needs me", "reviews"),
        Shortcut("f", "box the figures, dates, names and quotations, or no longer", "reviews"),
        Shortcut(
            "Tab Shift Tab",
            "with the boxes: next, previous without a claim; after the last it leaves the text",
            "reviews",
        ),
        Shortcut("s", "the sentences as a list, or the text again"),
        Shortcut("b", "put another text beside this one, or close it"),
        Shortcut("t", "to the text beside, and back"),
        Shortcut("a", "the passage there that best matches what is in hand"),
        Shortcut("Esc", "clear"),
    ),
    "Choose words": (
        Shortcut("Shift ← →", "move the end by a word"),
        Shortcut("Shift Alt ← →", "move the start by a word"),
        Shortcut("F2", "in the list: type the exact words"),
        Shortcut("Home End", "in the list: first, last sentence"),
    ),
    "Judge": (
        Shortcut("m", "mark to check", "marks"),
        Shortcut("v d n", "verified, disputed, needs source", "marks"),
        Shortcut("x", "not checkable", "marks"),
        Shortcut("1 2 3", "judge what is claimed, that it was said, the wording", "reviews"),
        Shortcut("w", "say why", "marks"),
        Shortcut("e", "add a source; Enter alone repeats the last one", "reviews"),
        Shortcut("c", "cite the words chosen in the text beside", "reviews"),
        Shortcut("l", "ask for a legal read, or answer one", "reviews"),
        Shortcut("o p", "move the claim, split it into parts", "reviews"),
        Shortcut("g", "merge it with another", "edits"),
        Shortcut("h y", "of two versions: keep what is stored, keep mine", "reviews"),
        Shortcut("z", "undo my last change here", "reviews"),
    ),
    "In a form": (
        Shortcut("Ctrl Enter", "save", "reviews"),
        Shortcut("Esc", "back to the text", "reviews"),
    ),
}


def shortcuts(*, marks: bool, reviews: bool, edits: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    """(group, keys) of what somebody may do."""
    may = {"everybody": True, "marks": marks, "reviews": reviews, "edits": edits}
    shown = ((name, [each for each in group if may[each.who]]) for name, group in GROUPS.items())
    return [
        (name, [{"keys": each.keys.split(), "does": each.does} for each in group])
        for name, group in shown
        if group
    ]
