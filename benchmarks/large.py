"""A million claims in 10,000 articles, for the pages of a desk and the exports of a dataset.

They take minutes to fill: a folder named by AIGAP_BENCH_KEEP keeps them, and their database, for the next run.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.server import Server, fresh_environment, manage, running, shell, without_pandas

PASSWORD = "a-bench-of-seven-planks"
CLAIMS = int(os.environ.get("AIGAP_BENCH_CLAIMS", "1000000"))
ARTICLES = 10_000
KEEP = os.environ.get("AIGAP_BENCH_KEEP", "")
JOIN = f"""
from annotations.models import User
from annotations.services.settings import create_collection, set_member
large = create_collection("large", author=None, name="Large", reviews_needed=2)
for role in ("reviewer", "editor"):
    set_member(large, User.objects.create_user(role, password={PASSWORD!r}), role)
"""
LOOK = """
import json
from annotations.models import Annotation, ClaimState, Collection
large = Collection.objects.get(slug="large")
contested = ClaimState.objects.current().filter(collection=large, status="contested").order_by("span")[50]
opinion = Annotation.objects.current().filter(span=contested.span_id).first()
print(json.dumps({"contested": contested.span_id, "article": contested.span.article_id, "person": opinion.reviewer_id,
    "opinions": Annotation.objects.current().count(), "head": large.head}))
"""


@dataclass(frozen=True, slots=True)
class Large:
    """`known`: ids of a contested claim, its article, one of its reviewers; how many opinions; the last revision."""

    server: Server
    database: Path
    known: dict[str, int]


@contextmanager
def large(database_url: str = "") -> Iterator[Large]:
    """Served by two workers of four threads. SQLite unless a URL names an empty PostgreSQL database."""
    with tempfile.TemporaryDirectory(prefix="aigap-bench-") as passing:
        folder = KEEP or passing
        Path(folder).mkdir(parents=True, exist_ok=True)
        environment = fresh_environment(folder, database_url) | {"PYTHONPATH": without_pandas(passing)}
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        exists = "from annotations.models import Collection; print(Collection.objects.filter(slug='large').exists())"
        if shell(environment, exists).strip() == "False":
            shell(environment, JOIN)
            size = ["--articles", str(ARTICLES), "--spans", str(CLAIMS)]
            manage(environment, "fill", "--collection", "large", *size)
        shell(environment, "from annotations.services.bulk import analyse; analyse()")
        known = json.loads(shell(environment, LOOK).strip().splitlines()[-1])
        with running(environment) as server:
            yield Large(server, Path(folder) / "aigap.sqlite3", known)
