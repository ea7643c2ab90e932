"""Who gets which article, so that everybody has about as much to do. Pure, and the same each time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """An article to be shared out: how much work it is, and who has it already."""

    id: int
    weight: int
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    tasks: list[tuple[int, int]]
    """(piece, person), as they are to be given"""
    loads: dict[int, int]
    """person → what they have then"""
    short: dict[int, int]
    """piece → how many people it still lacks, since nobody is left who could have it"""


def spread(pieces: Iterable[Piece], people: Sequence[int], each: int, has: Mapping[int, int]) -> Plan:
    """Gives each piece to as many of the people as it lacks of `each`, the largest piece first, and to whoever has
    least: of those who have as little, to whoever got fewer, then in the order of `people`.

    `has`: what they have to do already. With nothing to begin with and pieces that nobody holds, two people's loads
    never differ by more than the largest piece.
    """
    loads = {person: has.get(person, 0) for person in people}
    got = dict.fromkeys(people, 0)
    rank = {person: at for at, person in enumerate(loads)}
    plan = Plan([], loads, {})
    for piece in sorted(pieces, key=lambda piece: (-piece.weight, piece.id)):
        lacks = max(0, each - len(piece.held))
        free = [person for person in rank if person not in piece.held]
        free.sort(key=lambda person: (loads[person], got[person], rank[person]))
        for person in free[:lacks]:
            plan.tasks.append((piece.id, person))
            loads[person] += piece.weight
            got[person] += 1
        if lacks > len(free):
            plan.short[piece.id] = lacks - len(free)
    return plan
