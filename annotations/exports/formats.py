"""The formats that a dataset leaves in. Each is a generator of bytes over a dataset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from annotations.exports import averitec, brat, claimreview, csv, doccano, jsonlines, labelstudio, w3c
from annotations.exports.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    extension: str
    write: Callable[[Dataset], Iterator[bytes]]
    omits: str = ""
    """Which claims, and what of a claim, it does not hold, for who chooses; docs/exports.md names each column."""
    write_page: Callable[[Dataset, int], Iterator[bytes]] | None = None
    """Of a format in pages, which `page=` gives one at a time, counted from 1."""


def _parquet(dataset: Dataset) -> Iterator[bytes]:
    from annotations.exports import parquet  # pyarrow takes 50 MB of each worker: only of one that needs it

    return parquet.write(dataset)


FORMATS = {
    "json": Format("application/json", "json", jsonlines.write_array),
    "jsonl": Format("application/jsonl", "jsonl", jsonlines.write_lines),
    "csv": Format("text/csv; charset=utf-8", "csv", csv.write),
    "parquet": Format("application/vnd.apache.parquet", "parquet", _parquet),
    "w3c": Format(w3c.MEDIA_TYPE, "w3c.jsonld", w3c.write, write_page=w3c.write_page),
    "claimreview": Format(
        "application/ld+json", "claimreview.jsonld", claimreview.write, claimreview.IN_SHORT
    ),
    "averitec": Format("application/json", "averitec.json", averitec.write, averitec.IN_SHORT),
    "doccano": Format("application/jsonl", "doccano.jsonl", doccano.write),
    "labelstudio": Format("application/json", "labelstudio.json", labelstudio.write),
    "brat": Format("application/zip", "brat.zip", brat.write),
}
