"""Who else is reading an article. Kept by a cache and nowhere else: no row of the database tells it (ADR 12)."""

import time
from functools import lru_cache
from zlib import crc32

from django.core.cache import caches

from annotations.access import Seat
from annotations.access_work import may_see_readers
from annotations.models import Membership

STAYS = 14
"""Seconds: a reader asks every 4, and says every 6 or more that they are there."""
SAYS_AGAIN = 6
LOOKS_AGAIN = 2

_said: dict[tuple[int, int], float] = {}
_seen: dict[tuple[int, int], tuple[float, frozenset[int]]] = {}


def arrive(seat: Seat, article_id: int) -> None:
    """This person has the article open now."""
    now, key = time.monotonic(), (article_id, seat.user.pk)
    if now - _said.get(key, -SAYS_AGAIN) < SAYS_AGAIN:
        return
    if len(_said) > 10_000:
        _said.clear()
    _said[key] = now
    caches["presence"].set(_key(*key), True, STAYS)


def others(seat: Seat, article_id: int) -> list[str]:
    """The names of the other members who have it open, as far as this person may know."""
    if not may_see_readers(seat):
        return []
    names = _members(seat.collection.pk, seat.collection.epoch)
    here = _readers(seat, article_id, names)
    return sorted(names[each] for each in here if each != seat.user.pk)


def digest(names: list[str]) -> str:
    """What a page sends back to say whom it shows."""
    return f"{crc32(chr(10).join(names).encode()):x}" if names else "0"


def forget() -> None:
    """Tests begin anew."""
    _said.clear()
    _seen.clear()
    _members.cache_clear()
    caches["presence"].clear()


def _readers(seat: Seat, article_id: int, names: dict[int, str]) -> frozenset[int]:
    """Looked up every two seconds, whoever asks: many may have the same article open."""
    now, place = time.monotonic(), (article_id, seat.collection.epoch)
    when, found = _seen.get(place, (-LOOKS_AGAIN, frozenset()))
    if now - when < LOOKS_AGAIN:
        return found
    kept = caches["presence"].get_many([_key(article_id, each) for each in names])
    found = frozenset(each for each in names if _key(article_id, each) in kept)
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[place] = now, found
    return found


def _key(article_id: int, user_id: int) -> str:
    return f"{article_id}.{user_id}"


@lru_cache(maxsize=64)
def _members(collection_id: int, epoch: int) -> dict[int, str]:
    """Their names; who is a member, and how they are called, changes with the epoch."""
    members = Membership.objects.filter(collection=collection_id, ended=None).select_related("user")
    return {member.user_id: str(member.user) for member in members}
