"""parquet: three readers find in it what jsonl says."""

import datetime
import io
import json
import re

import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotations.exports import parquet
from annotations.exports.jsonlines import write_lines
from annotations.exports.jsontext import dumps
from tests.exports.rich import filled, whole
from tests.exports.test_documented import section_of


@pytest.fixture
def small_groups(monkeypatch):
    monkeypatch.setattr(parquet, "AT_ONCE", 20)
    monkeypatch.setattr(parquet, "A_GROUP", 60)


def test_every_reader_finds_what_jsonl_says(fixed, small_groups):
    for dataset in (whole(), filled()):
        said = [json.loads(line) for line in b"".join(write_lines(dataset)).splitlines()]
        data = b"".join(parquet.write(dataset))
        table = pq.read_table(io.BytesIO(data))
        assert as_json(table.to_pylist()) == said
        assert as_json(polars.read_parquet(io.BytesIO(data)).to_dicts()) == said
        assert as_json(pandas.read_parquet(io.BytesIO(data)).to_dict("records")) == said
    file = pq.ParquetFile(io.BytesIO(data))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [60, 60]
    assert b"".join(parquet.write(filled_again(dataset))) == data


def filled_again(dataset):
    """The same, read anew."""
    return whole(dataset.seat.collection.slug)


def as_json(rows):
    return [json.loads(dumps(plain(row))) for row in rows]


def plain(value):
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list) or type(value).__name__ == "ndarray":
        return [plain(each) for each in value]
    if isinstance(value, pandas.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC)
    if isinstance(value, float):
        return None if value != value else int(value)
    return value.item() if hasattr(value, "item") else value


def test_types_words_and_metadata(fixed):
    written = pq.read_schema(io.BytesIO(b"".join(parquet.write(whole()))))
    assert written.equals(parquet.claim_fields())
    assert written.field("quote").metadata == {b"description": b"text[start:end]"}
    assert written.field("article").type.field("published_on").type == pa.date32()
    assert written.field("reviews").type.value_type.field("at").type == pa.timestamp("us", "UTC")
    assert [field.name for field in written if field.nullable] == ["verdict", "ruling"]
    said = {name.decode(): value.decode() for name, value in written.metadata.items()}
    assert (said["collection"], said["name"], said["revision"]) == ("desk", "The desk", str(fixed.head))
    assert said["written_at"].endswith("Z")
    assert said["address"].endswith(f"/desk/export/?format=parquet&at={fixed.head}")
    told = section_of("parquet").split("whose claims it holds: ")[1].split(". Nothing")[0]
    assert re.findall(r"`([^`]*)`", told) == list(said)


def test_no_claim_at_all(fixed):
    from annotations.exports.dataset import Dataset
    from annotations.exports.filters import Filters

    none = Dataset(whole().seat, fixed.head, Filters(publisher=["nobody & co"]))
    table = pq.read_table(io.BytesIO(b"".join(parquet.write(none))))
    assert (len(table), table.schema) == (0, parquet.claim_fields())
    assert b"publisher=nobody+%26+co" in table.schema.metadata[b"address"]
