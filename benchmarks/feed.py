"""Pages of the feed of a million claims in 10,000 articles, from wherever in the history, each in turn with the least
that a view can do for somebody signed in (an empty installation, SQLite): what it takes here, and how many of those."""

import statistics
from collections.abc import Callable

from benchmarks.large import PASSWORD, large
from benchmarks.server import Client, Server, Wire, manage, serving, shell

LIMITS = (1, 100)
ROUNDS = 60
PERSON = f"from annotations.models import User; User.objects.create_user('somebody', password={PASSWORD!r})"


def measure(database_url: str = "") -> dict[str, object]:
    """Milliseconds and ratios: on a connection that is kept, as whoever follows keeps it, and on one of its own."""
    with serving() as least, large(database_url) as collection:
        made = manage(collection.server.environment, "create_token", "editor", "--collection", "large")
        header = f"Authorization: Token {made.strip().splitlines()[-1]}"
        empty = Wire(least.port, _session(least), kept=True)
        figures: dict[str, object] = {}
        for kept in (True, False):
            wire = Wire(collection.server.port, header, kept)
            for limit in LIMITS:
                pages = {name: _page(wire, place, limit, empty) for name, place in _places(collection.known)}
                name = f"a page of {limit}, on a connection " + ("that is kept" if kept else "of its own")
                figures[f"{name}, ms"] = {name: ms for name, (ms, _) in pages.items()}
                figures[f"{name}, in empty views"] = {name: ratio for name, (_, ratio) in pages.items()}
        figures["an empty view, ms"] = round(
            statistics.median(empty.timed("/empty/") for _ in range(ROUNDS)), 2
        )
    return figures


def _session(server: Server) -> str:
    shell(server.environment, PERSON)
    client = Client(server.port)
    client.sign_in("somebody", PASSWORD)
    return f"Cookie: sessionid={client.cookies['sessionid']}"


def _places(known: dict[str, int]) -> list[tuple[str, str]]:
    """In the history, by what the page holds: the last change wrote claims here and there, the first ones in a row."""
    head = known["head"]
    quarters = [(f"articles, {number}/4", f"after={number * head // 4}") for number in range(4)]
    dense = ("claims in a row", f"after=0&cursor=2-claim-{known['contested']}")
    return [*quarters, ("claims here and there", f"after={head - 1}"), dense]


def _page(wire: Wire, place: str, limit: int, empty: Wire) -> tuple[float, float]:
    path = f"/api/v1/collections/large/changes/?{place}&limit={limit}"
    rounds = [(_median(wire.timed, path), _median(empty.timed, "/empty/")) for _ in range(ROUNDS)][5:]
    return (
        round(statistics.median(page for page, _ in rounds), 1),
        round(statistics.median(page / least for page, least in rounds), 2),
    )


def _median(timed: Callable[[str], float], path: str) -> float:
    return statistics.median(timed(path) for _ in range(3))
