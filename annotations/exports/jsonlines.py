"""json: one array, a row a line. jsonl: a row a line."""

from collections.abc import Iterable, Iterator

from annotations.exports.dataset import Dataset
from annotations.exports.jsontext import dumps
from annotations.exports.rows import Row

AT_ONCE = 64 * 1024
"""Bytes handed over together: a chunk a row would cost more than making the row."""


def write_lines(dataset: Dataset) -> Iterator[bytes]:
    return gathered(dumps(row) + b"\n" for row in dataset.rows())


def write_array(dataset: Dataset) -> Iterator[bytes]:
    return gathered(array(dataset.rows()))


def array(rows: Iterable[Row]) -> Iterator[bytes]:
    before = b"[\n"
    for row in rows:
        yield before + dumps(row)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= AT_ONCE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
