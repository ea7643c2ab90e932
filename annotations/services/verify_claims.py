"""Claim states and tallies, worked out again from the rows that they sum up."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from annotations.domain.consensus import VERDICTS, derive
from annotations.models import (
    LIVE,
    Annotation,
    ArticleDetails,
    ClaimState,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    Undoing,
)
from annotations.services.snapshot import stream
from annotations.services.states import tally_key

_OPINIONS = ", ".join(f"sum(CASE WHEN verdict = '{name}' THEN 1 ELSE 0 END) AS {name}" for name in VERDICTS)
_STATES = f"""
    SELECT c.id, c.collection_id, c.status, c.verdict, c.reason, CAST(c.counts AS text), r.verdict,
        coalesce(e.sources, 0), {", ".join(f"coalesce(a.{name}, 0)" for name in VERDICTS)}
    FROM {ClaimState._meta.db_table} c
    LEFT JOIN (SELECT span_id, {_OPINIONS} FROM {Annotation._meta.db_table}
        WHERE retired_in = {LIVE} GROUP BY span_id) a ON a.span_id = c.span_id
    LEFT JOIN (SELECT span_id, count(*) AS sources FROM {Evidence._meta.db_table}
        WHERE retired_in = {LIVE} GROUP BY span_id) e ON e.span_id = c.span_id
    LEFT JOIN {Ruling._meta.db_table} r ON r.span_id = c.span_id AND r.retired_in = {LIVE}
    WHERE c.retired_in = {LIVE}
"""
_RULES = f"""
    SELECT collection_id, reviews_needed, verified_needs_source FROM {CollectionSettings._meta.db_table}
    WHERE retired_in = {LIVE}
"""
_DELTAS = f"""
    SELECT collection_id, number, status, verdict, sum(change) FROM (
        SELECT collection_id, created_in AS number, status, verdict, 1 AS change FROM {ClaimState._meta.db_table}
        UNION ALL
        SELECT collection_id, retired_in, status, verdict, -1 FROM {ClaimState._meta.db_table}
            WHERE retired_in < {LIVE}
    ) steps GROUP BY collection_id, number, status, verdict ORDER BY collection_id, number
"""
_TALLIES = f"""
    SELECT id, collection_id, number, CAST(tally AS text) FROM {Revision._meta.db_table}
    ORDER BY collection_id, number
"""
_ARTICLES = f"""
    SELECT id, articles, counted FROM (
        SELECT r.id, r.articles, r.collection_id, r.number,
            sum(coalesce(steps.change, 0)) OVER (PARTITION BY r.collection_id ORDER BY r.number) AS counted
        FROM {Revision._meta.db_table} r LEFT JOIN (
            SELECT collection_id, number, sum(change) AS change FROM (
                SELECT collection_id, created_in AS number, 1 AS change FROM {ArticleDetails._meta.db_table}
                UNION ALL
                SELECT collection_id, retired_in, -1 FROM {ArticleDetails._meta.db_table} WHERE retired_in < {LIVE}
            ) changes GROUP BY collection_id, number
        ) steps ON steps.collection_id = r.collection_id AND steps.number = r.number
    ) counts WHERE articles <> counted ORDER BY collection_id, number
"""


def wrong_states() -> Iterator[tuple[int, str, str]]:
    """(id, what it says, what it should say) of live claim states."""
    rules = {home: (needed, bool(sourced)) for home, needed, sourced in stream(_RULES)}
    for pk, home, status, verdict, reason, counts, ruling, sources, *opinions in stream(_STATES):
        needed, sourced = rules.get(home, (1, True))
        derived = derive(
            verdicts=[name for name, count in zip(VERDICTS, opinions, strict=True) for _ in range(count)],
            has_source=sources > 0,
            ruling=ruling,
            not_checkable=bool(reason),
            reviews_needed=needed,
            verified_needs_source=sourced,
        )
        counted = {name: n for name, n in zip((*VERDICTS, "sources"), (*opinions, sources), strict=True) if n}
        says = orjson.loads(counts)
        if (status, verdict) != derived or says != counted:
            yield pk, _words(status, verdict, says), _words(*derived, counted)


def wrong_tallies() -> Iterator[tuple[int, Any, Any]]:
    """(revision, its tally, the count) where they differ. Walks the changes of claims beside the revisions."""
    steps = groupby(stream(_DELTAS), itemgetter(0, 1))
    step = next(steps, None)
    home, counts = None, Counter[str]()
    for pk, collection, number, tally in stream(_TALLIES):
        if collection != home:
            home, counts = collection, Counter()
        while step is not None and step[0] <= (collection, number):
            if step[0][0] == collection:
                for _, _, status, verdict, change in step[1]:
                    counts[tally_key(status, verdict)] += int(change)
            step = next(steps, None)
        counted = {key: n for key, n in sorted(counts.items()) if n}
        if orjson.loads(tally) != counted:
            yield pk, orjson.loads(tally), counted


def wrong_article_counts() -> Iterator[tuple[int, int, int]]:
    """(revision, its count of articles, the count)."""
    for pk, says, counted in stream(_ARTICLES):
        yield pk, says, int(counted)


def _words(status: str, verdict: str | None, counts: dict[str, int]) -> str:
    numbers = ", ".join(f"{name} {n}" for name, n in sorted(counts.items())) or "nothing"
    return f"{tally_key(status, verdict)} with {numbers}"


def wrong_undoings() -> Iterator[tuple[int, list[int], list[int]]]:
    """(revision, what its result says that it undid, what Undoing says)."""
    sql = f"""
        SELECT r.id, CAST(r.result AS text), u.undid FROM {Revision._meta.db_table} r
        LEFT JOIN {Undoing._meta.db_table} u ON u.collection_id = r.collection_id AND u.number = r.number
        WHERE r.action IN ('undo', 'undo-many') OR u.id IS NOT NULL ORDER BY r.id
    """
    for (pk, result), rows in groupby(stream(sql), key=itemgetter(0, 1)):
        said = orjson.loads(result).get("undone", [])
        says = sorted(said if isinstance(said, list) else [said])
        kept = sorted(undid for _, _, undid in rows if undid is not None)
        if says != kept:
            yield pk, says, kept
