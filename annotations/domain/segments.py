"""The text of an article as HTML: flat runs of equal look, never nested, however claims overlap."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

Block = Mapping[str, Any]
Run = tuple[int, int, str]

VERDICTS = ("v", "d", "n", "mix")
TONES = (*VERDICTS, "m", "x")
HEADINGS = {"headline", "subheading"}


class Mark(NamedTuple):
    """A claim as the reader shows it: tone is one of TONES, label what a screen reader says."""

    id: int
    start: int
    end: int
    tone: str
    label: str


class Names(NamedTuple):
    """Two texts on one page: what the ids of one begin with, and where its marks lead ({} is the claim's id)."""

    prefix: str = ""
    claim: str = "#c{}"


HERE = Names()


def look(counts: Mapping[str, int]) -> str:
    """The class of a run under so many marks of each tone; verdicts outshine marks without one."""
    depth = sum(counts.values())
    if not depth:
        return ""
    tone = blend(counts)
    return tone if depth == 1 else f"{tone} x{min(depth, 3)}"


def blend(counts: Mapping[str, int]) -> str:
    """The one tone of several."""
    given = [tone for tone in VERDICTS if counts.get(tone)]
    return "mix" if len(given) > 1 else given[0] if given else "m" if counts.get("m") else "x"


def segments(start: int, end: int, marks: Iterable[Mark]) -> list[Run]:
    """Cut start..end where the look changes; the runs cover it without gaps ("" is plain text)."""
    edges = _edges(start, end, marks)
    counts = dict.fromkeys(TONES, 0)
    runs: list[Run] = []
    at, current = start, ""
    last = len(edges) - 1
    for index, (position, step, tone) in enumerate(edges):
        counts[tone] += step
        if index < last and edges[index + 1][0] == position:
            continue
        following = look(counts)
        if following == current:
            continue
        if position > at:
            runs.append((at, position, current))
        at, current = position, following
    if end > at:
        runs.append((at, end, current))
    return runs


def _edges(start: int, end: int, marks: Iterable[Mark]) -> list[tuple[int, int, str]]:
    edges = []
    for mark in marks:
        left, right = max(start, mark.start), min(end, mark.end)
        if left < right:
            edges.append((left, 1, mark.tone))
            edges.append((right, -1, mark.tone))
    edges.sort()
    return edges


def block_html(text: str, block: Block, marks: Iterable[Mark]) -> str:
    """One paragraph; marks may include others than those that touch it."""
    start, end = block["start"], block["end"]
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    ending = [mark for mark in here if mark.end <= end or not text[end : mark.end].strip()]
    return _paragraph(text, block, segments(start, end, here), ending)


def article_html(text: str, blocks: Sequence[Block], marks: Sequence[Mark], names: Names = HERE) -> str:
    """All paragraphs, without white space between them; neighbouring furniture is folded together."""
    runs = segments(0, len(text), marks)
    ending = _by_block(blocks, marks)
    shown: list[str] = []
    folded: list[str] = []
    for block, cut in zip(blocks, _cut(blocks, runs), strict=True):
        paragraph = _paragraph(text, block, cut, ending.get(block["start"], ()), names)
        if block["role"] == "furniture":
            folded.append(paragraph)
            continue
        shown += _fold(folded)
        folded = []
        shown.append(paragraph)
    return "".join(shown + _fold(folded))


def _by_block(blocks: Sequence[Block], marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    """Marks by the start of the block they end in; an end between two blocks belongs to the first."""
    starts = [block["start"] for block in blocks if block["end"] > block["start"]]
    ending: dict[int, list[Mark]] = {}
    for mark in marks:
        index = bisect_left(starts, mark.end) - 1
        if index >= 0:
            ending.setdefault(starts[index], []).append(mark)
    return ending


def _cut(blocks: Iterable[Block], runs: Sequence[Run]) -> Iterator[list[Run]]:
    first = 0
    for block in blocks:
        start, end = block["start"], block["end"]
        while first < len(runs) and runs[first][1] <= start:
            first += 1
        cut, index = [], first
        while index < len(runs) and runs[index][0] < end:
            left, right, name = runs[index]
            cut.append((max(left, start), min(right, end), name))
            index += 1
        yield cut


def _fold(paragraphs: list[str]) -> list[str]:
    if not paragraphs:
        return []
    count = len(paragraphs)
    label = f"{count} line{'' if count == 1 else 's'} around the article"
    # The label is drawn by CSS: textContent stays the article's text.
    return [f'<details class="around"><summary aria-label="{label}"></summary>', *paragraphs, "</details>"]


def _paragraph(
    text: str, block: Block, runs: Iterable[Run], ending: Iterable[Mark], names: Names = HERE
) -> str:
    end = block["end"]
    links = sorted(((min(mark.end, end), mark) for mark in ending), key=lambda pair: (pair[0], pair[1].id))
    sentences = [left for left, _ in block.get("sentences") or ()]
    parts = [_opening(block, names.prefix)]
    waiting = 0
    for left, right, name in runs:
        at = left
        if name:
            parts.append(f'<span class="h {name}">')
        while waiting < len(links) and links[waiting][0] < right:
            position, mark = links[waiting]
            parts += (escape(text[at:position], quote=False), reference(mark, sentences, names))
            at, waiting = position, waiting + 1
        parts.append(escape(text[at:right], quote=False))
        if name:
            parts.append("</span>")
        # A claim that ends with the run is cited behind it, where a footnote stands.
        while waiting < len(links) and links[waiting][0] == right:
            parts.append(reference(links[waiting][1], sentences, names))
            waiting += 1
    parts.append("</p>")
    return "".join(parts)


def _opening(block: Block, prefix: str) -> str:
    start = block["start"]
    role = "" if block["role"] == "body" else f" {escape(block['role'])}"
    cuts = ",".join(f"{left - start},{right - start}" for left, right in block.get("sentences") or ())
    sentences = f' data-s="{cuts}"' if cuts else ""
    heading = ' role="heading" aria-level="2"' if block["role"] in HEADINGS else ""
    return (
        f'<p class="block{role}" id="{prefix}b{start}" data-start="{start}"{sentences} dir="auto"{heading}>'
    )


def reference(mark: Mark, sentences: Sequence[int] = (), names: Names = HERE) -> str:
    """The empty link at a claim's end; its number and verdict are drawn in the margin by CSS. Where it began before
    the sentence that it ends in, it says where: the list of sentences names it at each."""
    ends_in = bisect_left(sentences, mark.end) - 1
    since = f' data-from="{mark.start}"' if ends_in >= 0 and mark.start < sentences[ends_in] else ""
    return (
        f'<a class="ref {mark.tone}" id="{names.prefix}r{mark.id}" href="{names.claim.format(mark.id)}"'
        f' data-n="{mark.id}"{since}'
        f' tabindex="-1" aria-label="{escape(mark.label)}"></a>'
    )
