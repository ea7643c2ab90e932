"""The exports of a million claims in 10,000 articles: JSONL and CSV against the database making the same (SQLite the
same JSON, PostgreSQL a COPY of the same columns), Parquet against pyarrow writing the same table from rows in memory;
what the first byte and an earlier revision cost, and what a save waits meanwhile."""

import http.client
import json
import sqlite3
import statistics
import threading
import time

import psycopg

from benchmarks import tag
from benchmarks.large import CLAIMS, PASSWORD, Large, large
from benchmarks.server import Client, manage, shell

REFERENCE = """
SELECT json_object(
  'id', s.id,
  'article', json_object('id', d.article_id, 'title', d.title, 'publisher', d.publisher,
    'published_on', d.published_on, 'url', d.url, 'sha256', t.sha256),
  'start', s.start, 'end', s."end", 'start_utf16', s.start, 'end_utf16', s."end",
  'quote', s.quote, 'prefix', s.prefix, 'suffix', s.suffix, 'aspect', s.aspect,
  'status', c.status, 'verdict', c.verdict, 'reason', c.reason,
  'reviews', json((SELECT json_group_array(json_object('reviewer', m.pseudonym, 'verdict', a.verdict, 'why', a.why,
      'problem', a.problem, 'should_read', a.should_read, 'confidence', a.confidence, 'at', r.created_at))
    FROM annotations_annotation a
    JOIN annotations_membership m ON m.user_id = a.reviewer_id AND m.collection_id = a.collection_id
    JOIN annotations_revision r ON r.collection_id = a.collection_id AND r.number = a.created_in
    WHERE a.span_id = s.id AND a.retired_in = 2147483647)),
  'evidence', json((SELECT json_group_array(json_object('key', e.key, 'stance', e.stance, 'locator', e.locator,
      'excerpt', e.excerpt, 'source', json_object('id', e.source_id, 'kind', o.kind, 'article', NULL,
        'title', v.title, 'publisher', v.publisher, 'url', v.url, 'archived_url', v.archived_url,
        'published_on', v.published_on, 'is_primary', json(iif(v.is_primary, 'true', 'false')))))
    FROM annotations_evidence e
    JOIN annotations_source o ON o.id = e.source_id AND o.tier = 'public'
    JOIN annotations_sourcedetails v ON v.source_id = e.source_id AND v.retired_in = 2147483647
    WHERE e.span_id = s.id AND e.retired_in = 2147483647)),
  'ruling', (SELECT json_object('verdict', g.verdict, 'rationale', g.rationale, 'editor', m.pseudonym,
      'at', r.created_at, 'should_read', g.should_read, 'true_as_of', g.true_as_of,
      'check_again_on', g.check_again_on)
    FROM annotations_ruling g
    JOIN annotations_membership m ON m.user_id = g.editor_id AND m.collection_id = g.collection_id
    JOIN annotations_revision r ON r.collection_id = g.collection_id AND r.number = g.created_in
    WHERE g.span_id = s.id AND g.retired_in = 2147483647),
  'revision', c.created_in, 'url', 'http://127.0.0.1/c/large/claims/' || s.id || '/')
FROM annotations_claimstate c
JOIN annotations_span s ON s.id = c.span_id
JOIN annotations_articledetails d ON d.article_id = s.article_id AND d.retired_in = 2147483647
JOIN annotations_article t ON t.id = s.article_id
WHERE c.retired_in = 2147483647 ORDER BY s.id
"""

COPY = """
COPY (SELECT s.id, d.article_id, d.title, d.publisher, d.published_on, d.url, t.sha256,
  s.start, s."end", s.start, s."end", s.quote, s.prefix, s.suffix, s.aspect, c.status, c.verdict, c.reason,
  (SELECT json_agg(json_build_object('reviewer', m.pseudonym, 'verdict', a.verdict, 'why', a.why,
      'problem', a.problem, 'should_read', a.should_read, 'confidence', a.confidence, 'at', r.created_at))
    FROM annotations_annotation a
    JOIN annotations_membership m ON m.user_id = a.reviewer_id AND m.collection_id = a.collection_id
    JOIN annotations_revision r ON r.collection_id = a.collection_id AND r.number = a.created_in
    WHERE a.span_id = s.id AND a.retired_in = 2147483647),
  (SELECT json_agg(json_build_object('key', e.key, 'stance', e.stance, 'locator', e.locator,
      'excerpt', e.excerpt, 'source', json_build_object('id', e.source_id, 'kind', o.kind, 'article', NULL,
        'title', v.title, 'publisher', v.publisher, 'url', v.url, 'archived_url', v.archived_url,
        'published_on', v.published_on, 'is_primary', v.is_primary)))
    FROM annotations_evidence e
    JOIN annotations_source o ON o.id = e.source_id AND o.tier = 'public'
    JOIN annotations_sourcedetails v ON v.source_id = e.source_id AND v.retired_in = 2147483647
    WHERE e.span_id = s.id AND e.retired_in = 2147483647),
  g.verdict, g.rationale, m.pseudonym, r.created_at, g.should_read, g.true_as_of, g.check_again_on,
  c.created_in, 'http://127.0.0.1/c/large/claims/' || s.id || '/'
FROM annotations_claimstate c
JOIN annotations_span s ON s.id = c.span_id
JOIN annotations_articledetails d ON d.article_id = s.article_id AND d.retired_in = 2147483647
JOIN annotations_article t ON t.id = s.article_id
LEFT JOIN annotations_ruling g ON g.span_id = s.id AND g.retired_in = 2147483647
LEFT JOIN annotations_membership m ON m.user_id = g.editor_id AND m.collection_id = g.collection_id
LEFT JOIN annotations_revision r ON r.collection_id = g.collection_id AND r.number = g.created_in
WHERE c.retired_in = 2147483647 ORDER BY s.id) TO STDOUT (FORMAT csv)
"""

IMPORT = f"""
from annotations.models import Collection, User
from annotations.services.articles import Details, import_article
collection, author = Collection.objects.get(slug="large"), User.objects.get(username="editor")
{tag.IMPORT}
"""

COMPARE = """
import io, itertools, json, statistics, time
import pyarrow as pa, pyarrow.parquet as pq
from annotations import access
from annotations.exports import parquet
from annotations.exports.dataset import Dataset
from annotations.models import Collection
collection = Collection.objects.get(slug="large")
rows = list(itertools.islice(Dataset(access.desk_seat(collection), collection.head).rows(), 50_000))
schema = parquet.claim_fields()
def ours():
    return sum(map(len, parquet.written(iter(rows), schema)))
def table():
    return pa.Table.from_pylist(rows, schema)
def theirs():
    pq.write_table(table(), io.BytesIO(), compression=parquet.COMPRESSION)
def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
ours()
finished = table()
alone = lambda: pq.write_table(finished, io.BytesIO(), compression=parquet.COMPRESSION)
pairs = [(timed(ours), timed(theirs), timed(alone)) for _ in range(5)]
mine, others, bare = ([pair[n] for pair in pairs] for n in range(3))
print(json.dumps({
    "parquet of rows in memory, ratio": round(statistics.median(a / b for a, b in zip(mine, others)), 2),
    "parquet of rows in memory, milliseconds": round(1000 * statistics.median(mine)),
    "pyarrow, rows to file, milliseconds": round(1000 * statistics.median(others)),
    "pyarrow, finished table to file, milliseconds": round(1000 * statistics.median(bare)),
}))
"""


def measure(database_url: str = "", runs: int = 2) -> dict[str, object]:
    with large(database_url) as collection:
        made = manage(collection.server.environment, "create_token", "editor", "--collection", "large")
        client = Exports(collection, made.strip().splitlines()[-1])
        figures: dict[str, object] = {"claims": CLAIMS}
        for name in ("jsonl", "csv", "json"):
            figures[f"{name}: first byte, ms"] = round(1000 * statistics.median(client.first_bytes(name)), 1)
        for name in ("jsonl", "csv"):
            pairs = [(client.fetch(name), client.reference(database_url)) for _ in range(runs)]
            figures |= ratios(name, pairs)
        figures["peak of a worker, MB"] = round(collection.server.memory_mb())
        figures |= client.earlier()
        figures |= client.saves()
        figures |= json.loads(shell(collection.server.environment, COMPARE).strip().splitlines()[-1])
    return figures


def ratios(name: str, pairs: list[tuple[float, float]]) -> dict[str, object]:
    return {
        f"{name}: seconds": round(statistics.median(ours for ours, _ in pairs), 1),
        f"{name}: the database alone, seconds": round(statistics.median(theirs for _, theirs in pairs), 1),
        f"{name}: ratio": round(statistics.median(ours / theirs for ours, theirs in pairs), 2),
    }


class Exports:
    def __init__(self, collection: Large, token: str) -> None:
        self.collection = collection
        self.headers = {"Authorization": f"Token {token}"}

    def ask(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.collection.server.port, timeout=600)
        connection.request("GET", f"/api/v1/collections/large/{path}", headers=self.headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {answer.read(500)!r}")
        return answer

    def first_bytes(self, name: str) -> list[float]:
        """Seconds from the request to the first byte of the body; the rest is not waited for."""
        times = []
        for _ in range(9):
            began = time.perf_counter()
            answer = self.ask(f"export/?format={name}")
            answer.read(1)
            times.append(time.perf_counter() - began)
            answer.close()
        return times[1:]

    def fetch(self, name: str, at: int | None = None) -> float:
        """Seconds from the request to the last byte; every line is counted."""
        return self.counted(name, at)[0]

    def counted(self, name: str, at: int | None = None) -> tuple[float, int]:
        began = time.perf_counter()
        answer = self.ask(f"export/?format={name}" + (f"&at={at}" if at else ""))
        lines = 0
        while chunk := answer.read(1 << 16):
            lines += chunk.count(b"\n")
        seconds = time.perf_counter() - began
        rows = lines - (name == "csv")
        if at is None and rows < CLAIMS:
            raise RuntimeError(f"The export holds {rows} rows of {CLAIMS}.")
        return seconds, rows

    def reference(self, database_url: str) -> float:
        """Seconds in which the database alone makes the rows and hands them over."""
        began = time.perf_counter()
        if database_url:
            with psycopg.connect(database_url) as connection, connection.cursor().copy(COPY) as rows:
                lines = sum(bytes(chunk).count(b"\n") for chunk in rows)
        else:
            file = sqlite3.connect(self.collection.database)
            lines = sum(1 for (line,) in file.execute(REFERENCE) if line)
            file.close()
        if lines < CLAIMS:
            raise RuntimeError(f"The database made {lines} rows.")
        return time.perf_counter() - began

    def earlier(self) -> dict[str, object]:
        """Rows of an early revision and of the last one, each with what a thousand of them took."""
        figures: dict[str, object] = {}
        for name, at in (("an early", self.collection.known["head"] // 8), ("the last", None)):
            seconds, rows = self.counted("jsonl", at)
            figures[f"rows of {name} revision"] = rows
            figures[f"{name} revision, ms a thousand rows"] = round(1e6 * seconds / max(rows, 1), 1)
        return figures

    def saves(self) -> dict[str, object]:
        """Milliseconds that a tag takes while an export runs, and with none."""
        article = int(shell(self.collection.server.environment, IMPORT).strip().splitlines()[-1])
        client = Client(self.collection.server.port)
        client.sign_in("editor", PASSWORD)
        places = iter(tag.all_places())
        save = lambda: timed_tag(client, article, next(places))  # noqa: E731
        for _ in range(20):
            save()
        alone = [save() for _ in range(100)]
        meanwhile: list[float] = []
        export = threading.Thread(target=self.fetch, args=("jsonl",))
        export.start()
        while export.is_alive() and len(meanwhile) < 1500:
            meanwhile.append(save())
            time.sleep(0.03)
        export.join()
        return {
            f"a save {name}, p95, ms": p95(times)
            for name, times in (("alone", alone), ("meanwhile", meanwhile))
        }


def timed_tag(client: Client, article: int, place: tuple[int, int, str]) -> float:
    path, form = tag.tagging(article, place, f"export-{article}", "large")
    began = time.perf_counter()
    status, body, _ = client.request("POST", path, form)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:200]!r}")
    return 1000 * (time.perf_counter() - began)


def p95(times: list[float]) -> float:
    return round(statistics.quantiles(times, n=20)[18], 1)
