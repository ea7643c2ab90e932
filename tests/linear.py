"""Is a concurrent history linearizable? Could all that the clients were told have happened one after the other, each
thing at some moment between its call and its answer?

In general that is a search (Wing and Gong). The ledger says more, and is held to it: its revision numbers are the order
of the writes. So the writes stand in a row, and each read and each refusal needs a gap between two of them in which
it is true, in the order of time. The earliest gap that will do is always the best one, so no search is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, TypeVar

State = TypeVar("State")


@dataclass(frozen=True)
class Event:
    """`began`, `ended`: by one clock for all clients. `number`: of the revision that it wrote, None for a read or a
    refusal. `said`: what the client was told."""

    do: str
    began: int
    ended: int
    number: int | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)


class Impossible(Exception):
    """No write can come to this where the state is what it is."""


def fault(
    events: Sequence[Event],
    begin: State,
    step: Callable[[State, Event], State],
    holds: Callable[[State, Event], bool],
) -> str | None:
    """The first thing that cannot have been, in words. `step`: the state after a write, or Impossible; `holds`:
    whether the answer of a read or a refusal is right in a state. Neither changes the state that it is given."""
    writes = sorted(
        (event for event in events if event.number is not None), key=lambda event: event.number or 0
    )
    wrong = _out_of_order(writes)
    if wrong:
        return wrong
    states = [begin]
    for write in writes:
        try:
            states.append(step(states[-1], write))
        except Impossible as why:
            return f"{why}: {write}"
    return _without_a_gap([event for event in events if event.number is None], writes, states, holds)


def _out_of_order(writes: Sequence[Event]) -> str | None:
    latest = None
    for before, write in zip([None, *writes], writes, strict=False):
        if before and before.number == write.number:
            return f"two writes with one number: {before} and {write}"
        if latest and write.ended < latest.began:
            return f"its number is larger than that of a write that began when it had ended: {latest} and {write}"
        latest = write if latest is None or write.began > latest.began else latest
    return None


def _without_a_gap(
    others: list[Event],
    writes: Sequence[Event],
    states: Sequence[State],
    holds: Callable[[State, Event], bool],
) -> str | None:
    """Gap n is after n writes. Who was answered before another one asked saw no later gap."""
    answered: list[tuple[int, int]] = []
    floor = 0
    for event in sorted(others, key=lambda event: event.began):
        while answered and answered[0][0] < event.began:
            floor = max(floor, heappop(answered)[1])
        first = max([floor, *(n for n, write in enumerate(writes, 1) if write.ended < event.began)])
        last = next((n for n, write in enumerate(writes) if write.began > event.ended), len(writes))
        gap = next((n for n in range(first, last + 1) if holds(states[n], event)), None)
        if gap is None:
            return (
                f"true at no moment between its call and its answer (after {first} to {last} writes): {event}"
            )
        heappush(answered, (event.ended, gap))
    return None
