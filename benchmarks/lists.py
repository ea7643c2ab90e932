"""Lists and the dashboard at 100 and at 10,000 articles: the same number of queries, and nearly the same time."""

import statistics
import time

from benchmarks.server import Client, Server, manage, serving, shell

PASSWORD = "a-bench-of-seven-planks"
PAGES = {
    "my desk": "/",
    "dashboard": "/c/{slug}/",
    "articles": "/c/{slug}/articles/",
    "articles by title": "/c/{slug}/articles/?sort=title",
    "claims": "/c/{slug}/claims/",
    "claims that are contested": "/c/{slug}/claims/?status=contested",
    "history": "/c/{slug}/history/",
}
JOIN = f"""
from annotations.models import Collection, User
from annotations.services.settings import set_member
for slug in ("small", "large"):
    user = User.objects.create_user(slug, password={PASSWORD!r})
    set_member(Collection.objects.get(slug=slug), user, "reviewer")
from annotations.services.bulk import analyse
analyse()
"""


def measure(rounds: int = 15) -> dict[str, object]:
    with serving() as server:
        for slug, articles in (("small", 100), ("large", 10_000)):
            manage(server.environment, "create_collection", slug, "--name", slug.title())
            size = ["--articles", str(articles), "--spans", str(10 * articles)]
            manage(server.environment, "fill", "--collection", slug, *size)
        shell(server.environment, JOIN)
        clients = {slug: signed_in(server, slug) for slug in ("small", "large")}
        return {name: compared(clients, path, rounds) for name, path in PAGES.items()}


def signed_in(server: Server, slug: str) -> Client:
    client = Client(server.port)
    client.sign_in(slug, PASSWORD)
    return client


def compared(clients: dict[str, Client], path: str, rounds: int) -> str:
    """Medians at 100 and 10,000 articles, asked for in turn."""
    times: dict[str, list[float]] = {slug: [] for slug in clients}
    for number in range(rounds + 3):
        for slug, client in clients.items():
            began = time.perf_counter()
            status, _, _ = client.request("GET", path.format(slug=slug), headers={"HX-Request": ""})
            if status != 200:
                raise RuntimeError(f"{path} answered {status}.")
            if number >= 3:
                times[slug].append(time.perf_counter() - began)
    small, large = (1000 * statistics.median(times[slug]) for slug in ("small", "large"))
    return f"{small:.1f} ms, {large:.1f} ms, ratio {large / small:.2f}"
