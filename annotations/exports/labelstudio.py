"""labelstudio: one JSON array of tasks, an article each, for the labelling interface of docs/examples/labelstudio.xml.

Label Studio converts what a browser selects to code points before it stores it: so are these.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from annotations.exports.dataset import Dataset
from annotations.exports.documents import Document, Mark, documents
from annotations.exports.jsonlines import array, gathered
from annotations.exports.rows import Row
from annotations.exports.wording import notes


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(array(map(task, documents(dataset))))


def task(document: Document) -> Row:
    return {
        "data": {
            "text": document.text,
            "article": document.article,
            "text_is": "whole" if document.is_whole else "quotes",
            "claims": [mark.claim for mark in document.marks],
        },
        "annotations": [{"result": [part for mark in document.marks for part in region(document, mark)]}],
    }


def region(document: Document, mark: Mark) -> Iterable[Row]:
    """The label, and what is chosen and written for it: results that share an id."""
    row, text = mark.row, document.text[mark.start : mark.end]
    yield _result(mark, "verdict", "labels", {"text": text, "labels": [mark.kind]})
    yield _result(mark, "status", "choices", {"text": text, "choices": [row["status"]]})
    yield _result(mark, "aspect", "choices", {"text": text, "choices": [row["aspect"]]})
    yield _result(mark, "notes", "textarea", {"text": list(notes(row))})


def _result(mark: Mark, name: str, kind: str, value: dict[str, Any]) -> Row:
    return {
        "id": f"claim-{mark.row['id']}",
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "value": {"start": mark.start, "end": mark.end, **value},
    }
