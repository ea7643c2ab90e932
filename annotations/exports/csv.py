"""csv: a row a claim, dotted columns, lists as cells of JSON (RFC 4180, UTF-8, CRLF)."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

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


def write(rows: Iterable[Row]) -> Iterator[bytes]:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(cells(row))
        if sheet.tell() >= AT_ONCE:
            yield _taken(sheet)
    yield _taken(sheet)


def cells(row: Row) -> list[str]:
    article, ruling = row["article"], row["ruling"] or {}
    nested = {"article": article, "ruling": ruling}
    return [cell(nested[head].get(name) if name else row[head]) for head, name in _PATHS]


def cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        text = dumps(value).decode()
        return text.strip('"') if isinstance(value, date) else text
    return f"'{value}" if value.startswith(FORMULA) else value


def _taken(sheet: io.StringIO) -> bytes:
    data = sheet.getvalue().encode()
    sheet.seek(0)
    sheet.truncate()
    return data


_PATHS = [column.partition(".")[::2] for column in COLUMNS]
