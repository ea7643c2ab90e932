"""Claims that come back in: the rows of a jsonl export, or the annotations of a w3c one, read strictly and told by line
what is wrong.

What a field may hold at most is the database's to say (services/import_plan.py).
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from annotations.imports import web_annotations
from annotations.imports.json_lines import BadLine, Remark, loaded
from annotations.models import Aspect, Problem, Source, Stance, Status, Verdict

_SHA256 = re.compile("[0-9a-f]{64}")
_CSV = re.compile(rb'"?[a-z][\w.]*"?[,;\t]')
"""How the line of a sheet's column names begins, and no JSON."""


@dataclass(frozen=True, slots=True)
class Review:
    reviewer: str
    verdict: str
    why: str
    problem: str
    should_read: str
    confidence: int | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`number`: its id in the file, by which lines say that they cite the same one."""

    number: int
    kind: str
    article: str
    """the sha256 of the article that it is; empty of another kind, or where the file does not say"""
    title: str
    publisher: str
    url: str
    archived_url: str
    published_on: date | None
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Cited:
    stance: str
    locator: str
    excerpt: str
    source: SourceRow


@dataclass(frozen=True, slots=True)
class Decision:
    editor: str
    verdict: str
    rationale: str
    should_read: str
    true_as_of: date | None
    check_again_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """`line`: of the file, from 1. Places in code points."""

    line: int
    sha256: str
    title: str
    """the article's, for messages alone"""
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    aspect: str
    status: str
    verdict: str | None
    reason: str
    reviews: list[Review]
    evidence: list[Cited]
    ruling: Decision | None

    def names(self) -> Iterator[tuple[str, bool]]:
        """Who said something here, and whether they decided."""
        yield from ((review.reviewer, False) for review in self.reviews)
        if self.ruling:
            yield self.ruling.editor, True


Read = ClaimRow | Remark | tuple[int, str]
"""A claim, what to know of the file, or (line, what is wrong with it)."""


def batches(lines: Iterable[bytes], size: int) -> Iterator[list[Read]]:
    """So many claims at a time; blank lines are passed over. What the file begins with tells what it is."""
    numbered = ((number, line) for number, line in enumerate(_unmarked(lines), 1) if line.strip())
    first = next(numbered, None)
    if first is None:
        return
    if _CSV.match(first[1]):
        yield [(first[0], "This looks like CSV; only jsonl, json and w3c come back in.")]
        return
    everything = chain([first], numbered)
    is_w3c = web_annotations.begins(first[1])
    rows = (
        web_annotations.rows(everything)
        if is_w3c
        else ((number, loaded(line)) for number, line in everything)
    )
    while some := list(islice(rows, size)):
        yield [_read(*each) for each in some]


def _unmarked(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Without the byte order mark that some editors and shells put before a file."""
    lines = iter(lines)
    yield next(lines, b"").removeprefix(BOM_UTF8)
    yield from lines


def _read(number: int, said: Any) -> Read:
    try:
        if isinstance(said, BadLine):
            raise said
        return said if isinstance(said, Remark) else claim_row(number, said)
    except BadLine as bad:
        return number, str(bad)


def claim_row(number: int, said: Any) -> ClaimRow:
    """`said`: a row as jsonl has it. Raises BadLine."""
    row = _Part(said, "the line")
    article = row.part("article")
    return ClaimRow(
        number,
        _sha256(article),
        article.text("title", ""),
        row.whole("start"),
        row.whole("end"),
        row.text("quote"),
        row.text("prefix", ""),
        row.text("suffix", ""),
        row.word("aspect", Aspect.values, Aspect.FACT),
        row.word("status", Status.values, ""),
        row.word("verdict", Verdict.values, "") or None,
        row.text("reason", ""),
        [_review(each) for each in row.parts("reviews")],
        [_cited(each) for each in row.parts("evidence")],
        _decision(row.part("ruling")) if row.said.get("ruling") is not None else None,
    )


def _sha256(article: "_Part") -> str:
    found = article.text("sha256")
    if not _SHA256.fullmatch(found):
        raise BadLine(f"{article.path}.sha256 is 64 hexadecimal digits: those of the article's text.")
    return found


def _review(part: "_Part") -> Review:
    confidence = part.whole("confidence") if part.said.get("confidence") is not None else None
    if confidence is not None and confidence > 100:
        raise BadLine(f"{part.path}.confidence is a percentage, from 0 to 100.")
    return Review(
        part.text("reviewer"),
        part.word("verdict", Verdict.values),
        part.text("why", ""),
        part.word("problem", Problem.values, ""),
        part.text("should_read", ""),
        confidence,
    )


def _cited(part: "_Part") -> Cited:
    stance = part.word("stance", Stance.values, Stance.SUPPORTS)
    return Cited(stance, part.text("locator", ""), part.text("excerpt", ""), _source(part.part("source")))


def _source(part: "_Part") -> SourceRow:
    return SourceRow(
        part.whole("id"),
        part.word("kind", Source.Kind.values),
        _sha256(part.part("article")) if part.said.get("article") is not None else "",
        part.text("title", ""),
        part.text("publisher", ""),
        part.text("url", ""),
        part.text("archived_url", ""),
        part.day("published_on"),
        part.said.get("is_primary") is True,
    )


def _decision(part: "_Part") -> Decision:
    return Decision(
        part.text("editor"),
        part.word("verdict", Verdict.values),
        part.text("rationale"),
        part.text("should_read", ""),
        part.day("true_as_of"),
        part.day("check_again_on"),
    )


class _Part:
    """An object of the row. What is missing or of another kind is named by its path."""

    def __init__(self, said: Any, path: str) -> None:
        if not isinstance(said, dict):
            raise BadLine(f"{path} is to be an object, as in a jsonl export.")
        self.said, self.path = said, path

    def _at(self, name: str) -> str:
        return name if self.path == "the line" else f"{self.path}.{name}"

    def part(self, name: str) -> "_Part":
        return _Part(self.said.get(name), self._at(name))

    def parts(self, name: str) -> list["_Part"]:
        found = self.said.get(name, [])
        if not isinstance(found, list):
            raise BadLine(f"{self._at(name)} is to be a list.")
        return [_Part(each, f"{self._at(name)}[{nth}]") for nth, each in enumerate(found)]

    def text(self, name: str, default: str | None = None) -> str:
        found = self.said.get(name)
        found = default if found is None else found
        if not isinstance(found, str):
            raise BadLine(f"{self._at(name)} is to be a text.")
        if "\0" in found:
            raise BadLine(f"{self._at(name)} holds a NUL, which no text has.")
        return found

    def word(self, name: str, among: list[str], default: str | None = None) -> str:
        found = self.text(name, default)
        if found not in among and found != default:
            raise BadLine(f"{self._at(name)} is one of {', '.join(among)}, not “{found[:40]}”.")
        return found

    def whole(self, name: str) -> int:
        found = self.said.get(name)
        if type(found) is not int or not 0 <= found < 2**63:
            raise BadLine(f"{self._at(name)} is to be a whole number, 0 or more.")
        return found

    def day(self, name: str) -> date | None:
        found = self.text(name, "")
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            raise BadLine(f"{self._at(name)} is a day, as 2026-03-31, not “{found[:40]}”.") from None
