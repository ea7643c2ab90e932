"""T27, T30: eight clients work on one claim at once, on its opinions, sources, decision and boundaries. What they were
told could have happened one thing at a time, in the order of the revisions. AIGAP_SOAK=1 makes them work long; a
failure names its AIGAP_SEED, with which they ask for the same again, though not at the same moments."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from annotations.models import Annotation, ClaimState, Collection, Evidence, Ruling, User
from annotations.services.claims import Place, mark
from annotations.services.settings import set_member
from tests.linear import Event, fault
from tests.services.claim_register import Claim, holds, step
from tests.services.test_concurrency import Start, assert_sound, told

TIMES = 400 if os.environ.get("AIGAP_SOAK") == "1" else 40
SEED = int(os.environ.get("AIGAP_SEED") or random.randrange(10**6))
PLACES = 5
WORKERS = (("ana", False), ("ben", False), ("edith", True), ("egon", True))

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def naming_the_seed() -> Iterator[None]:
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"AIGAP_SEED={SEED} asks for the same again.")
        raise


@pytest.fixture
def claim(busy: Collection, long_article: int, django_user_model: type[User]) -> Claim:
    for name in ("edith", "egon"):
        set_member(busy, django_user_model.objects.create_user(name), "editor")
    ana = User.objects.get(username="ana")
    done = mark(busy, author=ana, place=Place(long_article, 0, 1, "x"))
    return Claim(done.span_id, done.revision)


@pytest.fixture
def events(claim: Claim, long_article: int, start: Start) -> list[Event]:
    """Two clients of each of four people, a process each."""
    task = {"do": "history", "article": long_article, "places": PLACES, "times": TIMES, "clients": 2}
    task |= {"at": time.time() + 4, "seed": SEED}
    with naming_the_seed():
        lines = told(*(start(author=who, decides=decides, **task) for who, decides in WORKERS))
        assert [line for line in lines if "error" in line] == []
    return [event(line) for line in lines]


def event(line: dict[str, Any]) -> Event:
    said = dict(line["said"])
    number = said.pop("number", None) if line["wrote"] else None
    if line["do"] == "move" and number:
        said |= carried(number)
    if "opinions" in said and line["do"] == "read":
        said["opinions"] = {int(who): version for who, version in said["opinions"].items()}
    return Event(line["do"], line["began"], line["ended"], number, line["asked"], said)


def carried(number: int) -> dict[str, Any]:
    """The versions that a move gave to what went along: nobody is told, so the rows tell."""
    return {
        "opinions": dict(Annotation.objects.filter(created_in=number).values_list("reviewer", "pk")),
        "sources": dict(Evidence.objects.filter(created_in=number).values_list("key", "pk")),
        "ruling": Ruling.objects.filter(created_in=number).values_list("pk", flat=True).first(),
    }


def test_a_failure_names_its_seed() -> None:
    with pytest.raises(AssertionError) as failed, naming_the_seed():
        raise AssertionError
    assert failed.value.__notes__ == [f"AIGAP_SEED={SEED} asks for the same again."]


@naming_the_seed()
def test_a_random_history_is_linearizable_and_would_not_be_with_one_thing_wrong(
    busy: Collection, claim: Claim, events: list[Event]
) -> None:
    assert fault(events, claim, step, holds) is None
    assert_sound(busy)
    assert_stored(claim, events)
    kinds = {(each.do, each.said.get("refused", "written" if each.number else "read")) for each in events}
    assert {("tag", "written"), ("cite", "written"), ("rule", "written"), ("move", "written")} <= kinds
    assert {refused for _, refused in kinds} >= {"stale", "absent"}
    for plant in (_lost, _unheard, _late, _two_orders):
        assert fault(plant(events), claim, step, holds) is not None, plant.__name__


def assert_stored(claim: Claim, events: list[Event]) -> None:
    """The rows as of each revision are what the sequence of writes has made."""
    for write in sorted((each for each in events if each.number), key=lambda each: each.number or 0):
        claim, number = step(claim, write), write.number or 0
        assert ClaimState.objects.at(number).get().span_id == claim.span
        rows = Annotation.objects.at(number).values_list("reviewer", "pk")
        assert dict(rows) == claim.opinions
        assert dict(Evidence.objects.at(number).values_list("key", "pk")) == claim.sources
        assert Ruling.objects.at(number).values_list("pk", flat=True).first() == claim.ruling


def _lost(events: list[Event]) -> list[Event]:
    """A write over what somebody else wrote: as if two had read the same version."""
    late = next(e for e in events if e.number and e.asked.get("base"))
    return [replace(e, asked=e.asked | {"base": 10**9}) if e is late else e for e in events]


def _unheard(events: list[Event]) -> list[Event]:
    """A write that nobody was told of, and somebody saw."""
    seen = {e.said["revision"] for e in events if e.do == "where"}
    gone = next(e for e in events if e.number in seen)
    return [e for e in events if e is not gone]


def _late(events: list[Event]) -> list[Event]:
    """A read of what was there before a write that had ended."""
    first = min((e for e in events if e.do == "where"), key=lambda e: e.began)
    end = max(e.ended for e in events)
    return [*events, replace(first, began=end + 1, ended=end + 2)]


def _two_orders(events: list[Event]) -> list[Event]:
    """Numbers that do not follow time."""
    writes = sorted((e for e in events if e.number), key=lambda e: e.began)
    first, last = writes[0], writes[-1]
    swapped = {id(first): replace(first, number=last.number), id(last): replace(last, number=first.number)}
    return [swapped.get(id(e), e) for e in events]
