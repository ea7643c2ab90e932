"""The formats that a dataset leaves in. Each is a generator of bytes over rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from annotations.exports import csv, jsonlines
from annotations.exports.rows import Row


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    write: Callable[[Iterable[Row]], Iterator[bytes]]


FORMATS = {
    "json": Format("application/json", jsonlines.write_array),
    "jsonl": Format("application/jsonl", jsonlines.write_lines),
    "csv": Format("text/csv; charset=utf-8", csv.write),
}
