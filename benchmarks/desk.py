"""The desk's pages over a million annotations in 10,000 articles: what a reviewer and an editor wait for, p95.

The least of its kind in the same run: the account page, for somebody signed in, of whose work nothing is asked.
"""

import statistics
import time

from benchmarks.large import CLAIMS, PASSWORD, large
from benchmarks.server import Client

ROUNDS = 60
WARM = 3
EMPTY = "/account/"
PAGES = {
    "my desk": "/",
    "dashboard": "/c/large/",
    "articles": "/c/large/articles/",
    "claims": "/c/large/claims/",
    "claims that are contested": "/c/large/claims/?status=contested",
    "claims, searched": "/c/large/claims/?q=percent",
    "claims of one article": "/c/large/claims/?article={article}",
    "a claim": "/c/large/claims/{contested}/",
    "what reviewers agree on": "/c/large/claims/accept/",
    "history": "/c/large/history/",
    "history of a claim": "/c/large/history/?claim={contested}",
    "history of a person": "/c/large/history/?person={person}",
    "agreement": "/c/large/agreement/",
    "assignments": "/c/large/assignments/",
}
"""For editors the page of a contested claim is where they decide it."""


def measure(database_url: str = "") -> dict[str, object]:
    with large(database_url) as collection:
        known = collection.known
        figures: dict[str, object] = {"claims": CLAIMS, "annotations": known["opinions"]}
        for role in ("reviewer", "editor"):
            client = Client(collection.server.port)
            client.sign_in(role, PASSWORD)
            empty = statistics.median(timed(client, EMPTY))
            figures[f"{role}: an empty page, median"] = f"{empty:.1f} ms"
            for name, path in PAGES.items():
                figures[f"{role}: {name}"] = _line(timed(client, path.format(**known)), empty)
    return figures


def timed(client: Client, path: str) -> list[float]:
    """Milliseconds of each round; empty where the role has no such page."""
    times = []
    for number in range(ROUNDS + WARM):
        began = time.perf_counter()
        status, _, _ = client.request("GET", path, headers={"HX-Request": ""})
        if status in (302, 403, 404) and number == 0:
            return []
        if status != 200:
            raise RuntimeError(f"{path} answered {status}.")
        if number >= WARM:
            times.append(1000 * (time.perf_counter() - began))
    return times


def _line(times: list[float], empty: float) -> str:
    if not times:
        return "no such page"
    p95 = statistics.quantiles(times, n=20)[18]
    return f"median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, {p95 / empty:.1f} × an empty page"
