"""What agreement is figured from: opinions as people gave them, counted anew and carried on to the same counts."""

from collections import Counter

import pytest
from django.core.cache import cache

from annotations.models import ClaimState, CollectionSettings
from annotations.services.agreement import counted
from annotations.services.claims import Opinion, tag, unmark, withdraw
from annotations.services.places import move_claim
from annotations.services.settings import change_settings
from annotations.services.undo import undo

pytestmark = pytest.mark.django_db
VERIFIED, DISPUTED = Opinion("verified"), Opinion("disputed")


@pytest.fixture
def blind(desk, edith):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    return desk


def anew(desk):
    cache.clear()
    return shown(counted(desk))


def shown(kept):
    return {way: (counts.makings, counts.pairs, counts.people) for way, counts in kept.ways.items()} | {
        "left out": (kept.after, kept.taken_back)
    }


def test_two_who_speak_blind_are_a_pair(blind, ana, ben, place):
    claim = tag(blind, author=ana, target=place("31 bridges"), opinion=VERIFIED, base=None).span_id
    tag(blind, author=ben, target=claim, opinion=DISPUTED, base=None)
    kept = counted(blind)
    assert kept.ways["unseen"].makings == Counter({(1, 1, 0): 1})
    first, second = sorted((ana.pk, ben.pk))
    cell = 1 if first == ana.pk else 3
    assert [at for at, n in enumerate(kept.ways["unseen"].pairs[first, second]) if n] == [cell]


def test_in_the_open_the_second_has_seen_the_first(desk, ana, ben, place):
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=VERIFIED, base=None).span_id
    tag(desk, author=ben, target=claim, opinion=DISPUTED, base=None)
    kept = counted(desk)
    assert (kept.ways["unseen"].pairs, kept.after) == ({}, 1)
    assert kept.ways["standing"].makings == Counter({(1, 1, 0): 1})


def test_what_is_kept_is_carried_on_to_what_counting_anew_gives(blind, edith, ana, ben, place):
    """Second thoughts, taking back, undo, moving and taking away: after each, both come to the same."""
    said = tag(blind, author=ana, target=place("31 bridges"), opinion=VERIFIED, base=None)
    other = tag(blind, author=ana, target=place("harbour"), opinion=VERIFIED, base=None)

    def moved():
        base = ClaimState.objects.current().get(span=said.span_id).created_in
        move_claim(
            blind, author=edith, span_id=said.span_id, place=place("31 bridges in the harbour"), base=base
        )

    steps = [
        lambda: tag(blind, author=ben, target=said.span_id, opinion=DISPUTED, base=None),
        lambda: tag(blind, author=ana, target=said.span_id, opinion=DISPUTED, base=said.version),
        lambda: undo(blind, author=ana, number=blind.head),
        moved,
        lambda: withdraw(blind, author=ana, span_id=other.span_id, base=other.version),
        lambda: undo(blind, author=ana, number=blind.head),
        lambda: unmark(blind, author=ana, span_id=other.span_id),
    ]
    for step in steps:
        before = counted(blind).at
        step()
        carried = shown(counted(blind))
        assert counted(blind).at > before
        assert carried == anew(blind)
    assert counted(blind).ways["unseen"].makings == Counter({(1, 1, 0): 1})


def test_nothing_is_read_again_while_nothing_changes(blind, ana, place):
    tag(blind, author=ana, target=place("31 bridges"), opinion=VERIFIED, base=None)
    first = counted(blind)
    assert counted(blind).counted == first.counted
