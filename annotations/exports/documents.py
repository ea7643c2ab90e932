"""Claims by document: for the formats that put them back into their text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from annotations.exports.dataset import Dataset
from annotations.exports.rows import Row

AT_ONCE = 20
"""Articles whose texts are fetched together."""
NO_VERDICT = "no_verdict"
BETWEEN = "\n\n"
_LONGEST_NAME = 40


class Mark(NamedTuple):
    """A claim's place in the document's text: code points, end exclusive."""

    row: Row
    start: int
    end: int

    @property
    def kind(self) -> str:
        return self.row["verdict"] or NO_VERDICT

    @property
    def claim(self) -> Row:
        """The row without its article, which the document names once."""
        return {name: value for name, value in self.row.items() if name != "article"}


@dataclass(frozen=True, slots=True)
class Document:
    """An article that has claims. `text` is its own, or, where the collection keeps its texts (`is_whole` False), the
    claims' quotes alone, a paragraph each, by place."""

    article: Row
    text: str
    marks: list[Mark]
    is_whole: bool

    @property
    def name(self) -> str:
        """Of a file, without an ending: no other document's, whatever the file system makes of letters."""
        plain = unicodedata.normalize("NFKD", self.article["title"]).encode("ascii", "ignore").decode()
        words = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST_NAME].strip("-")
        return f"{self.article['id']:06}-{words}".rstrip("-")


def documents(dataset: Dataset) -> Iterator[Document]:
    """By article's id."""
    articles = dataset.articles()
    while some := list(islice(articles, AT_ONCE)):
        texts = dataset.texts(article["id"] for article, _ in some)
        for article, rows in some:
            text = texts.get(article["id"])
            yield _of_quotes(article, rows) if text is None else _whole(article, text, rows)


def _whole(article: Row, text: str, rows: list[Row]) -> Document:
    return Document(article, text, [Mark(row, row["start"], row["end"]) for row in rows], True)


def _of_quotes(article: Row, rows: list[Row]) -> Document:
    marks, at = [], 0
    for row in rows:
        marks.append(Mark(row, at, at + len(row["quote"])))
        at += len(row["quote"]) + len(BETWEEN)
    return Document(article, BETWEEN.join(row["quote"] for row in rows), marks, False)
