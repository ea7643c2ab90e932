"""The checker of concurrent histories: takes what can have been, refuses each way in which a register can be broken."""

import itertools
import random

import pytest

from tests.linear import Event, Impossible, fault


def put(began, ended, number, base, value):
    return Event("put", began, ended, number, {"base": base}, {"value": value})


def get(began, ended, value):
    return Event("get", began, ended, None, {}, {"value": value})


def stale(began, ended, base):
    return Event("stale", began, ended, None, {"base": base})


def step(state, event):
    if event.asked["base"] != state:
        raise Impossible("written over what it had not read")
    return event.said["value"]


def holds(state, event):
    return state != event.asked["base"] if event.do == "stale" else state == event.said["value"]


def check(*events):
    return fault(list(events), 0, step, holds)


GOOD = {
    "one after the other": [put(0, 1, 1, 0, "a"), get(2, 3, "a"), put(4, 5, 2, "a", "b"), get(6, 7, "b")],
    "a read beside a write sees either": [put(0, 9, 1, 0, "a"), get(1, 2, 0), get(3, 4, "a")],
    "numbers order writes at once": [put(0, 9, 2, "b", "a"), put(1, 8, 1, 0, "b"), get(10, 11, "a")],
    "a refusal beside the write that overtook it": [put(0, 9, 1, 0, "a"), stale(1, 2, 0)],
    "reads at once may differ": [put(0, 9, 1, 0, "a"), get(1, 8, "a"), get(2, 7, 0)],
}
BROKEN = {
    "a lost update": [put(0, 1, 1, 0, "a"), put(2, 3, 2, 0, "b")],
    "a lost update of two at once": [put(0, 9, 1, 0, "a"), put(0, 9, 2, 0, "b")],
    "a read of what was overwritten": [put(0, 1, 1, 0, "a"), put(2, 3, 2, "a", "b"), get(4, 5, "a")],
    "a read of the future": [get(0, 1, "a"), put(2, 3, 1, 0, "a")],
    "a read of what nobody wrote": [put(0, 1, 1, 0, "a"), get(2, 3, "b")],
    "time runs backwards": [put(0, 9, 1, 0, "a"), get(1, 2, "a"), get(3, 4, 0)],
    "refused for no reason": [put(0, 1, 1, 0, "a"), stale(2, 3, "a")],
    "refused for what came later": [stale(0, 1, 0), put(2, 3, 1, 0, "a")],
    "numbers against time": [put(0, 1, 2, "b", "a"), put(2, 3, 1, 0, "b")],
    "one number twice": [put(0, 1, 1, 0, "a"), put(0, 1, 1, "a", "b")],
}


@pytest.mark.parametrize("events", GOOD.values(), ids=GOOD)
def test_what_can_have_been(events):
    assert check(*events) is None


@pytest.mark.parametrize("events", BROKEN.values(), ids=BROKEN)
def test_what_cannot_have_been(events):
    assert check(*events) is not None


def _by_search(events):
    """Wing and Gong, by trying every order: what the checker saves."""
    for order in itertools.permutations(events):
        if any(late.ended < early.began for early, late in itertools.combinations(order, 2)):
            continue
        numbers = [event.number for event in order if event.number is not None]
        if numbers == sorted(set(numbers)) and _goes_through(order):
            return True
    return False


def _goes_through(order):
    state = 0
    for event in order:
        if event.number is None:
            if not holds(state, event):
                return False
        elif event.asked["base"] != state:
            return False
        else:
            state = event.said["value"]
    return True


def test_it_finds_what_trying_every_order_finds():
    chance, found = random.Random(30), []
    for _ in range(1500):
        events = []
        for number in range(1, chance.randint(2, 4)):
            began, base = chance.randint(0, 9), number - 1 if chance.random() < 0.9 else 0
            events.append(put(began, began + chance.randint(1, 5), number, base, number))
        for _ in range(chance.randint(1, 3)):
            began = chance.randint(0, 12)
            said = chance.randint(0, len(events))
            kind = get if chance.random() < 0.7 else stale
            events.append(kind(began, began + chance.randint(1, 4), said))
        linear = check(*events) is None
        assert linear == _by_search(events), events
        found.append(linear)
    assert 100 < sum(found) < 1400
