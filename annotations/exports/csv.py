"""csv: a row a claim, dotted columns, lists as cells of JSON (RFC 4180, UTF-8, CRLF)."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from annotations.exports.dataset import Dataset
from annotations.exports.jsonlines import AT_ONCE
from annotations.exports.jsontext import dumps
from annotations.exports.rows import Row

COLUMNS = (
    "id",
    "article.id",
    "article.title",
    "article.publisher",
    "article.published_on",
    "article.url",
    "article.sha256",
    "start",
    "end",
    "start_utf16",
    "end_utf16",
    "quote",
    "prefix",
    "suffix",
    "aspect",
    "status",
    "verdict",
    "reviews",
    "evidence",
    "ruling.verdict",
    "ruling.rationale",
    "ruling.editor",
    "ruling.at",
    "ruling.should_read",
    "ruling.true_as_of",
    "ruling.check_again_on",
    "revision",
    "url",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula. An apostrophe before it says that it is text."""


def write(dataset: Dataset) -> Iterator[bytes]:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in dataset.rows():
        writer.writerow(cells(row))
        if sheet.tell() >= AT_ONCE:
            yield _taken(sheet)
    yield _taken(sheet)


def cells(row: Row) -> list[Any]:
    article, ruling = row["article"], row["ruling"]
    values = [
        *_ARTICLE(article),
        *_CLAIM(row),
        dumps(row["reviews"]).decode(),
        dumps(row["evidence"]).decode(),
        *(_RULING(ruling) if ruling else _NO_RULING),
        row["revision"],
        row["url"],
    ]
    return [row["id"], *map(cell, values)]


def cell(value: Any) -> str | int | None:
    """What `csv` writes as it should be: it makes nothing of None, and digits of a number."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if value is None or type(value) is int:
        return value
    text = dumps(value).decode()
    return text.strip('"') if isinstance(value, date) else text


def _taken(sheet: io.StringIO) -> bytes:
    data = sheet.getvalue().encode()
    sheet.seek(0)
    sheet.truncate()
    return data


def _columns(prefix: str, among: Sequence[str]) -> list[str]:
    return [name.removeprefix(prefix) for name in among if name.startswith(prefix)]


_ARTICLE = itemgetter(*_columns("article.", COLUMNS))
_CLAIM = itemgetter(*COLUMNS[COLUMNS.index("start") : COLUMNS.index("reviews")])
_RULING = itemgetter(*_columns("ruling.", COLUMNS))
_NO_RULING = [None] * len(_columns("ruling.", COLUMNS))
