"""parquet: the rows as they are in json, typed: days as dates, moments as timestamps, lists and objects nested.

The schema is that of `claim.schema.json`, whose descriptions go along as metadata of the fields. The same revision
gives the same bytes under the same version of pyarrow.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotations.exports.about import about
from annotations.exports.claimschema import claim_schema, may_be_null, resolved
from annotations.exports.dataset import Dataset
from annotations.exports.rows import Row

A_GROUP = 5_000
"""Claims in a row group, which a reader takes in at once."""
AT_ONCE = 1_000
COMPRESSION = "zstd"
pa.set_memory_pool(pa.system_memory_pool())
"""Arrow's own keeps 30 MB more of what was freed, of as little use."""
FLAT = {"integer": pa.int64(), "boolean": pa.bool_(), "string": pa.string()}
TIMED = {"date": pa.date32(), "date-time": pa.timestamp("us", tz="UTC")}


def write(dataset: Dataset) -> Iterator[bytes]:
    return written(dataset.rows(), claim_fields().with_metadata(about(dataset, "parquet")))


def written(rows: Iterator[Row], schema: pa.Schema) -> Iterator[bytes]:
    file = _Written()
    with pq.ParquetWriter(file, schema, compression=COMPRESSION) as writer:
        for table in _groups(rows, schema):
            writer.write_table(table, row_group_size=len(table))
            yield file.taken()
    yield file.taken()


def _groups(rows: Iterator[Row], schema: pa.Schema) -> Iterator[pa.Table]:
    """Arrow holds a claim in a tenth of what Python needs: so few rows at a time are kept as objects."""
    tables = _tables(rows, schema)
    while group := list(islice(tables, A_GROUP // AT_ONCE)):
        yield pa.concat_tables(group)


def _tables(rows: Iterator[Row], schema: pa.Schema) -> Iterator[pa.Table]:
    while some := list(islice(rows, AT_ONCE)):
        yield pa.Table.from_pylist(some, schema)


@cache
def claim_fields() -> pa.Schema:
    return pa.schema(_fields(claim_schema()))


def _fields(schema: dict[str, Any]) -> list[pa.Field]:
    return [_field(name, described) for name, described in schema["properties"].items()]


def _field(name: str, described: dict[str, Any]) -> pa.Field:
    metadata = {"description": resolved(described)["description"]}
    return pa.field(name, _type(resolved(described)), may_be_null(described), metadata)


def _type(schema: dict[str, Any]) -> pa.DataType:
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    if kind == "object":
        return pa.struct(_fields(schema))
    if kind == "array":
        return pa.list_(pa.field("element", _type(resolved(schema["items"])), nullable=False))
    return TIMED.get(schema.get("format", "")) or FLAT[kind]


class _Written:
    """A file that only grows; what was written since is taken out of it."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data
