"""brat: a zip of standoff files, an article each: its text, its annotations, and beside them its claims' whole rows."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from annotations.domain.consensus import STATUSES, VERDICTS
from annotations.exports.about import about
from annotations.exports.dataset import Dataset
from annotations.exports.documents import NO_VERDICT, Document, Mark, documents
from annotations.exports.jsontext import dumps
from annotations.exports.wording import notes, one_line
from annotations.exports.zips import zipped

KINDS = (*VERDICTS, NO_VERDICT)
ASPECTS = ("fact", "said", "wording")
_BREAK = re.compile("[\t\n\x85\u2028\u2029]+")
"""What ends a line, or a column of one, for some reader of the files."""


def write(dataset: Dataset) -> Iterator[bytes]:
    return zipped(_members(dataset))


def _members(dataset: Dataset) -> Iterator[tuple[str, bytes]]:
    folder = dataset.seat.collection.slug
    counted: Counter[str] = Counter()
    yield f"{folder}/README.md", README.encode()
    yield f"{folder}/annotation.conf", ANNOTATION_CONF.encode()
    yield f"{folder}/visual.conf", VISUAL_CONF.encode()
    for document in documents(dataset):
        counted.update(documents=1, claims=len(document.marks), whole=document.is_whole)
        for ending, content in _files(document):
            yield f"{folder}/{document.name}.{ending}", content
    yield f"{folder}/manifest.json", _manifest(dataset, counted)


def _files(document: Document) -> Iterable[tuple[str, bytes]]:
    yield "txt", document.text.encode()
    yield "ann", "".join(f"{line}\n" for line in standoff(document)).encode()
    yield "jsonl", b"".join(dumps(mark.row) + b"\n" for mark in document.marks)


def standoff(document: Document) -> Iterator[str]:
    """T and a claim's id: the claim."""
    for nth, mark in enumerate(document.marks):
        name = f"T{mark.row['id']}"
        pieces = fragments(document.text, mark)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(document.text[start:end] for start, end in pieces)
        yield f"{name}\t{mark.kind} {places}\t{words}"
        yield f"A{2 * nth + 1}\tStatus {name} {mark.row['status']}"
        yield f"A{2 * nth + 2}\tAspect {name} {mark.row['aspect']}"
        yield f"#{nth + 1}\tAnnotatorNotes {name}\t{one_line(' / '.join(notes(mark.row)))}"


def fragments(text: str, mark: Mark) -> list[tuple[int, int]]:
    """The parts of a claim that a line of a file can hold: a span over several lines is several to brat."""
    pieces, start = [], mark.start
    for found in _BREAK.finditer(text, mark.start, mark.end):
        pieces.append((start, found.start()))
        start = found.end()
    pieces.append((start, mark.end))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _manifest(dataset: Dataset, counted: Counter[str]) -> bytes:
    said = {
        **about(dataset, "brat"),
        "documents": counted["documents"],
        "claims": counted["claims"],
        "text_is": "whole" if counted["whole"] == counted["documents"] else "quotes",
        "offsets": "Unicode code points, end exclusive",
        "only_in_jsonl": "reviews, evidence and ruling in their fields; prefix, suffix, revision, UTF-16 offsets",
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


README = """\
# Claims for brat

Unpack this folder into the data folder of a brat server, or read the files as standoff annotation.

- `NAME.txt` is an article's text, never to be changed; where `manifest.json` says `"text_is": "quotes"` the collection
  keeps its texts, and the file holds the quotes of the claims alone, a paragraph each.
- `NAME.ann` has a line `T12` for claim 12: its verdict (`no_verdict` where there is none yet) and its place, in Unicode
  code points. A claim over several lines is discontinuous, since a line of the file cannot hold it. `Status` is how far
  the claim has come, `Aspect` what of it is checked; the note says who said what.
- `NAME.jsonl` has the same claims as whole rows: what brat has no field for, reviews, sources and the decision, is
  there in fields of its own.
- `annotation.conf` and `visual.conf` name types and colours; `manifest.json` says which revision this is.

Nothing of a claim is left out of the folder. What is said again in notes is for reading; take it from the rows.
"""
ANNOTATION_CONF = f"""\
[entities]
{chr(10).join(KINDS)}

[relations]
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
Status\tArg:<ENTITY>, Value:{"|".join(STATUSES)}
Aspect\tArg:<ENTITY>, Value:{"|".join(ASPECTS)}
"""
VISUAL_CONF = """\
[labels]
verified | Verified
disputed | Disputed
needs_source | Needs source
no_verdict | No verdict yet

[drawing]
SPAN_DEFAULT\tfgColor:black, bgColor:#d9d9d9, borderColor:darken
ARC_DEFAULT\tcolor:black
verified\tbgColor:#a8d5a2
disputed\tbgColor:#f0a8a0
needs_source\tbgColor:#f3d58a
no_verdict\tbgColor:#d9d9d9
"""
