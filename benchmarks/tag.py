"""One tag over HTTP: session, CSRF, the ledger's write, an answer with block and card; against one plain INSERT."""

import statistics
import threading
import time
from dataclasses import dataclass

from benchmarks.server import Client, Server, serving, shell

PASSWORD = "a-bench-of-seven-planks"
SENTENCE = "In year {n} the district counted {n} bridges, the mayor said on Monday."
SENTENCES = 2_000
IMPORT = f"""
import time
lines = [" ".join({SENTENCE!r}.format(n=10_000 + 4 * line + k) for k in range(4)) for line in range({SENTENCES} // 4)]
lines.append(f"Counted at {{time.time()}}.")  # no other text is the same
text, blocks, at = "\\n".join(lines), [], 0
for line in lines:
    end = at + len(line)
    blocks.append({{"start": at, "end": end, "role": "body", "reason": "", "sentences": [[at, end]]}})
    at = end + 1
details = Details(title="Bridges", blocks=blocks)
print(import_article(collection, author=author, text=text, details=details).article_id)
"""
"""Into a `collection`, by an `author`."""
PREPARE = f"""
from annotations.models import User
from annotations.services.articles import Details, import_article
from annotations.services.settings import create_collection, set_member
users = [User.objects.create_user(f"user{{n}}", password={PASSWORD!r}) for n in range(8)]
author = users[0]
collection = create_collection("bench", author=author, name="Bench", reviews_needed=2)
for user in users:
    set_member(collection, user, "reviewer")
{IMPORT}
"""


@dataclass
class Times:
    """Seconds of each request, and the server's CPU seconds for all of them."""

    latencies: list[float]
    cpu: float

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / len(self.latencies)

    @property
    def p95_ms(self) -> float:
        return 1000 * statistics.quantiles(self.latencies, n=20)[18]

    @property
    def median_ms(self) -> float:
        return 1000 * statistics.median(self.latencies)


def measure(database_url: str = "", requests: int = 400, rounds: int = 3) -> dict[str, object]:
    """Rounds of tags and of single inserts in turn, on one server; medians of the rounds."""
    with serving(database_url) as server:
        article = int(shell(server.environment, PREPARE).strip().splitlines()[-1])
        clients = [signed_in(server, n) for n in range(8)]
        places = iter(all_places())
        warm(server, clients, article, places)
        shell(server.environment, "from annotations.services.bulk import analyse; analyse()")
        tags, inserts = [], []
        for _ in range(rounds):
            tags.append(
                run(server, clients[:1], [tagging(article, next(places), "1") for _ in range(requests)])
            )
            inserts.append(run(server, clients[:1], [("/baseline/", {"n": n}) for n in range(requests)]))
        crowd = run(
            server,
            clients,
            [tagging(article, place, "8") for place, _ in zip(places, range(400), strict=False)],
        )
    cpu = statistics.median(each.cpu_ms for each in tags)
    return {
        "tag: CPU of the server, ms": round(cpu, 2),
        "one INSERT: CPU of the server, ms": round(statistics.median(each.cpu_ms for each in inserts), 2),
        "ratio": round(statistics.median(a.cpu_ms / b.cpu_ms for a, b in zip(tags, inserts, strict=True)), 2),
        "tag: median, ms": round(statistics.median(each.median_ms for each in tags), 1),
        "8 clients: p95, ms": round(crowd.p95_ms, 1),
        "8 clients: tags a second": round(len(crowd.latencies) / (sum(crowd.latencies) / 8)),
    }


def run(server: Server, clients: list[Client], requests: list[tuple[str, dict[str, object]]]) -> Times:
    """The requests, shared out among the clients, each sending one after the other."""
    latencies: list[float] = []
    failures: list[str] = []

    def work(client: Client, share: list[tuple[str, dict[str, object]]]) -> None:
        for path, form in share:
            began = time.perf_counter()
            status, body, _ = client.request("POST", path, form)
            latencies.append(time.perf_counter() - began)
            if status != 200:
                failures.append(f"{path} answered {status}: {body[:200]!r}")

    before = server.cpu_seconds()
    shares = [requests[index :: len(clients)] for index in range(len(clients))]
    threads = [threading.Thread(target=work, args=pair) for pair in zip(clients, shares, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return Times(latencies, server.cpu_seconds() - before)


def signed_in(server: Server, n: int) -> Client:
    client = Client(server.port)
    client.sign_in(f"user{n}", PASSWORD)
    return client


def warm(server: Server, clients: list[Client], article: int, places: object) -> None:
    """Both workers have read the article before the clock starts."""
    for _ in range(20):
        for client in clients:
            client.request("GET", f"/c/bench/articles/{article}/card/")
    run(server, clients, [tagging(article, next(places), "warm") for _ in range(40)])  # type: ignore[call-overload]
    run(server, clients, [("/baseline/", {"n": n}) for n in range(40)])


def all_places() -> list[tuple[int, int, str]]:
    sentences = [SENTENCE.format(n=10_000 + n) for n in range(SENTENCES)]
    found, at = [], 0
    for sentence in sentences:
        found.append((at, at + len(sentence), sentence))
        at += len(sentence) + 1
    return found


def tagging(
    article: int, place: tuple[int, int, str], name: str, slug: str = "bench"
) -> tuple[str, dict[str, object]]:
    start, end, quote = place
    form = {"start": start, "end": end, "quote": quote, "verdict": "verified", "base": "none"}
    return f"/c/{slug}/articles/{article}/tag/", form | {"key": f"{name}-{start}"}
