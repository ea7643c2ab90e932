"""doccano: JSON Lines, an article a line, labels over its text. What has no place in a label goes beside it, as
doccano's metadata."""

from collections.abc import Iterator

from annotations.exports.dataset import Dataset
from annotations.exports.documents import Document, Mark, documents
from annotations.exports.jsonlines import gathered
from annotations.exports.jsontext import dumps
from annotations.exports.rows import Row


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(dumps(example(document)) + b"\n" for document in documents(dataset))


def example(document: Document) -> Row:
    return {
        "text": document.text,
        "label": [[mark.start, mark.end, label(mark)] for mark in document.marks],
        "article": document.article,
        "text_is": "whole" if document.is_whole else "quotes",
        "claims": [mark.claim for mark in document.marks],
    }


def label(mark: Mark) -> str:
    """The verdict, or how far the claim has come; before it the aspect, where that is not the fact."""
    row = mark.row
    said = str(row["verdict"] or row["status"])
    return said if row["aspect"] == "fact" else f"{row['aspect']}:{said}"
