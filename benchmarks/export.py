"""The JSONL export of 100,000 claims in 10,000 articles, against SQLite making the same JSON by itself."""

import http.client
import json
import sqlite3
import statistics
import time
from pathlib import Path

from benchmarks.server import Server, fresh_environment, manage, running, shell

REFERENCE = """
SELECT json_object(
  'id', s.id,
  'article', json_object('id', d.article_id, 'title', d.title, 'publisher', d.publisher,
    'published_on', d.published_on, 'url', d.url, 'sha256', t.sha256),
  'start', s.start, 'end', s."end", 'start_utf16', s.start, 'end_utf16', s."end",
  'quote', s.quote, 'prefix', s.prefix, 'suffix', s.suffix, 'aspect', s.aspect,
  'status', c.status, 'verdict', c.verdict,
  'reviews', json((SELECT json_group_array(json_object('reviewer', m.pseudonym, 'verdict', a.verdict, 'why', a.why,
      'problem', a.problem, 'should_read', a.should_read, 'confidence', a.confidence, 'at', r.created_at))
    FROM annotations_annotation a
    JOIN annotations_membership m ON m.user_id = a.reviewer_id AND m.collection_id = a.collection_id
    JOIN annotations_revision r ON r.collection_id = a.collection_id AND r.number = a.created_in
    WHERE a.span_id = s.id AND a.retired_in = 2147483647)),
  'evidence', json((SELECT json_group_array(json_object('key', e.key, 'stance', e.stance, 'locator', e.locator,
      'excerpt', e.excerpt, 'source', json_object('id', e.source_id, 'kind', o.kind, 'title', v.title,
        'publisher', v.publisher, 'url', v.url, 'archived_url', v.archived_url, 'published_on', v.published_on,
        'is_primary', json(iif(v.is_primary, 'true', 'false')))))
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
  'revision', c.created_in, 'url', 'http://127.0.0.1/c/bench/claims/' || s.id || '/')
FROM annotations_claimstate c
JOIN annotations_span s ON s.id = c.span_id
JOIN annotations_articledetails d ON d.article_id = s.article_id AND d.retired_in = 2147483647
JOIN annotations_article t ON t.id = s.article_id
WHERE c.retired_in = 2147483647 ORDER BY s.id
"""

PREPARE = """
from annotations.models import Collection, User
from annotations.services.settings import set_member
user, _ = User.objects.get_or_create(username="bench")
set_member(Collection.objects.get(slug="bench"), user, "editor")
"""


def measure(folder: str, articles: int = 10_000, claims: int = 100_000, runs: int = 3) -> dict[str, object]:
    environment = fresh_environment(folder)
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    manage(environment, "create_collection", "bench", "--name", "Bench")
    manage(environment, "fill", "--collection", "bench", "--articles", str(articles), "--spans", str(claims))
    shell(environment, PREPARE)
    token = manage(environment, "create_token", "bench", "--collection", "bench").strip().splitlines()[-1]
    with running(environment, workers=1) as server:
        database = Path(folder) / "aigap.sqlite3"
        pairs = [(fetch(server, token, claims), reference(database, claims)) for _ in range(runs)]
        memory = server.memory_mb()
    return {
        "export, seconds": round(statistics.median(ours for ours, _ in pairs), 2),
        "SQLite alone, seconds": round(statistics.median(theirs for _, theirs in pairs), 2),
        "ratio": round(statistics.median(ours / theirs for ours, theirs in pairs), 2),
        "peak of the worker, MB": round(memory),
    }


def fetch(server: Server, token: str, claims: int) -> float:
    """Seconds from the request to the last byte; every row is looked at."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    began = time.perf_counter()
    path = "/api/v1/collections/bench/export/?format=jsonl"
    connection.request("GET", path, headers={"Authorization": f"Token {token}"})
    answer = connection.getresponse()
    rows, tail = 0, b""
    while chunk := answer.read(1 << 16):
        rows += chunk.count(b"\n")
        tail = (tail + chunk)[-1 << 16 :]
    seconds = time.perf_counter() - began
    json.loads(tail.splitlines()[-1])
    if answer.status != 200 or rows != claims:
        raise RuntimeError(f"The export answered {answer.status} with {rows} rows of {claims}.")
    return seconds


def reference(database: Path, claims: int) -> float:
    connection = sqlite3.connect(database)
    began = time.perf_counter()
    rows = sum(1 for (line,) in connection.execute(REFERENCE) if line)
    seconds = time.perf_counter() - began
    connection.close()
    assert rows == claims
    return seconds
