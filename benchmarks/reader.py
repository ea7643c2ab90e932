"""The reader of 100,000 characters with 2,000 overlapping claims: the segments, the page, what travels."""

import gzip
import random
import re
import statistics
import time
from html import escape
from pathlib import Path

from annotations.domain.segments import Mark, article_html
from benchmarks.server import Client, serving, shell

PARAGRAPHS, LENGTH, CLAIMS = 172, 580, 2_000
STATIC = Path(__file__).parents[1] / "annotations" / "static" / "annotations"
PASSWORD = "a-bench-of-seven-planks"
PREPARE = f"""
from annotations.models import User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.settings import create_collection, set_member
from benchmarks.reader import blocks_of, spans, text_of
user = User.objects.create_user("user0", password={PASSWORD!r})
collection = create_collection("bench", author=user, name="Bench")
set_member(collection, user, "reviewer")
text = text_of()
details = Details(title="A long read", blocks=blocks_of(text))
article = import_article(collection, author=user, text=text, details=details).article_id
verdicts = ["verified", "disputed", "needs_source"]
for n, (start, end) in enumerate(spans(text)):
    place = Place(article, start, end, text[start:end])
    tag(collection, author=user, target=place, opinion=Opinion(verdicts[n % 3]), base=None)
print(article)
"""


def text_of() -> str:
    words = (
        "the report counted billion deals in figures last year while models trained abroad kept pace".split()
    )
    rng = random.Random(1)
    lines = []
    for _ in range(PARAGRAPHS):
        line = ""
        while len(line) < LENGTH:
            line += " ".join(rng.choices(words, k=12)).capitalize() + ". "
        lines.append(line.strip())
    return "\n".join(lines)


def blocks_of(text: str) -> list[dict[str, object]]:
    blocks: list[dict[str, object]] = []
    at = 0
    for line in text.split("\n"):
        ends = [at + match.end() for match in re.finditer(r"\.", line)]
        starts = [at, *(end + 1 for end in ends[:-1])]
        sentences = [list(pair) for pair in zip(starts, ends, strict=True)]
        blocks.append(
            {"start": at, "end": at + len(line), "role": "body", "reason": "", "sentences": sentences}
        )
        at += len(line) + 1
    return blocks


def spans(text: str) -> list[tuple[int, int]]:
    """Different ones, 20 to 300 characters long, inside a paragraph or across two."""
    rng = random.Random(2)
    found: set[tuple[int, int]] = set()
    while len(found) < CLAIMS:
        start = rng.randrange(len(text) - 300)
        end = start + rng.randrange(20, 300)
        if text[start:end].strip():
            found.add((start, end))
    return sorted(found)


def measure() -> dict[str, object]:
    text = text_of()
    blocks = blocks_of(text)
    marks = [
        Mark(n, *span, "vdn"[n % 3], f"Claim {n}: verified, 1 reviewer") for n, span in enumerate(spans(text))
    ]
    segments = [timed(lambda: article_html(text, blocks, marks)) for _ in range(15)]
    plain = [timed(lambda: [escape(text[b["start"] : b["end"]]) for b in blocks]) for _ in range(15)]  # type: ignore[misc]
    page, article = fetched()
    return {
        "segments of the article, ms": round(1000 * statistics.median(segments), 1),
        "escaping the bare text, ms": round(1000 * statistics.median(plain), 2),
        "article, KB compressed": round(len(gzip.compress(article, 6)) / 1024, 1),
        "page, KB compressed as sent": round(page / 1024, 1),
        "our own JavaScript, KB compressed": round(scripts() / 1024, 1),
    }


def timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def fetched() -> tuple[int, bytes]:
    """Bytes of the page as sent, and the article element."""
    with serving() as server:
        article = int(shell(server.environment, PREPARE).strip().splitlines()[-1])
        client = Client(server.port)
        client.sign_in("user0", PASSWORD)
        headers = {"Accept-Encoding": "gzip", "HX-Request": ""}
        status, body, _ = client.request("GET", f"/c/bench/articles/{article}/", headers=headers)
        if status != 200:
            raise RuntimeError(f"The reader answered {status}.")
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    element = re.search(rb"<article.*?</article>", html, re.DOTALL)
    assert element
    return len(body), element[0]


def scripts() -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in (STATIC / "js").glob("*.js"))
