"""Blind, at every address there is: nothing comes back that others did, or that depends on it.

A reviewer who has not spoken, a viewer and a stranger ask all that can be asked, in two collections that are alike but
for the hidden work. No planted word may come back, and no answer may differ: no count, order, header, length or status.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.blind.asking import Walk
from tests.blind.comparing import ALLOWED, differences, used
from tests.blind.ground import Fate, build, unwritten
from tests.blind.hidden_work import everything, known_ids, unsettled
from tests.blind.questions import Questions

pytestmark = pytest.mark.django_db
WORD = re.compile(r"(?:HIDDEN|OPEN)[-\w]*")


def walked(
    fate: Fate, who: str, hidden: Callable[..., None], do: str = "read", **only: Any
) -> tuple[Walk, Walk]:
    """The same walk where `hidden` was done and where it was not."""
    loud = walked_once(fate, who, hidden, do, **only)
    return loud, walked_once(fate, who, None, do, loud.questions, **only)


def walked_once(
    fate: Fate,
    who: str,
    hidden: Callable[..., None] | None,
    do: str = "read",
    asked: Questions | None = None,
    **only: Any,
) -> Walk:
    """`asked`: by the walk before, whose hidden things are asked for again."""
    with unwritten():
        ground = build(fate, hidden)
        known, last = (asked.known, asked.last) if asked else (known_ids(), ground.collection.head)
        walk = Walk(ground.person(who), Questions(ground, known, last), **only)
        getattr(walk, do)()
        assert not walk.broken
        return walk


def told(walk: Walk, pattern: re.Pattern[str] = WORD) -> list[str]:
    """Planted words that came back, but for those that the question itself had."""
    found = []
    for asked, answer in walk.answers.items():
        words = set(pattern.findall(answer.body + answer.headers)) - set(pattern.findall(asked))
        found += [f"{asked}: {sorted(words)}"] if words else []
    return found


# What a form refuses with hangs on no database that what a page shows does not hang on.
@pytest.mark.parametrize("do", ["read", pytest.param("write", marks=pytest.mark.one_database)])
def test_a_reviewer_who_has_not_spoken(fate, do):
    loud, quiet = walked(fate, "ana", everything, do)
    assert not loud.missing, f"new; say in tests/blind/questions.py what to ask with: {sorted(loud.missing)}"
    assert told(loud) == []
    assert do == "read" or used(loud) == ALLOWED, "what is not met any more need not be allowed"
    assert not (found := differences(loud, quiet)), "\n".join(found)


@pytest.mark.one_database
def test_a_viewer(fate):
    """Where nothing is settled, nothing shows; where it is, what was found, and nothing that stays at the desk."""
    loud, quiet = walked(fate, "vera", unsettled)
    assert told(loud) == []
    assert not (found := differences(loud, quiet)), "\n".join(found)
    settled = walked_once(fate, "vera", everything)
    assert told(settled, re.compile("HIDDEN[-a-z]*")) == []
    assert any("OPEN-rationale" in answer.body for answer in settled.answers.values())


@pytest.mark.one_database
@pytest.mark.parametrize("do", ["read", "write"])
def test_a_stranger(fate, do):
    loud, quiet = walked(fate, "sam", everything, do)
    assert told(loud) == []
    assert not (found := differences(loud, quiet)), "\n".join(found)
