"""The annotations of a w3c export (exports/w3c.py), as the rows that a jsonl one has.

Such a file has an annotation a line, and between its pages a line that ends one and begins the next; it is read so.
One that somebody laid out otherwise is read whole, if it is not too large, and its annotations are counted instead of
its lines.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from annotations.imports.json_lines import BadLine, Remark, loaded

LARGEST = 50_000_000
"""Bytes, of a file that is not laid out an annotation a line."""
_OPENS = b'"items":['
_CLOSES = b"]"

Rows = Iterator[tuple[int, Any]]
"""(line, a row, a BadLine or a Remark)"""


def begins(line: bytes) -> bool:
    """Whether a file that begins so holds Web Annotations, or a list; jsonl has a whole object there, and none of these
    names."""
    return b'"@context"' in line or line.strip() == b"{" or line.lstrip().startswith(b"[")


def rows(lines: Iterable[tuple[int, bytes]]) -> Rows:
    lines = iter(lines)
    number, first = next(lines)
    if first.rstrip().endswith(_OPENS):
        yield from _by_line(first, lines)
        return
    whole, size = [first], len(first)
    for _, line in lines:
        whole.append(line)
        size += len(line)
        if size > LARGEST:
            yield number, BadLine("The file is too large to be read whole. Export it again, as w3c or jsonl.")
            return
    said = loaded(b"".join(whole), LARGEST)
    yield from _counted(said, _items(said))


def _by_line(first: bytes, lines: Iterable[tuple[int, bytes]]) -> Rows:
    frame, number, count = [first.strip()], 1, 0
    for number, line in lines:
        if (said := line.strip()).startswith(_CLOSES):
            frame.append(said)
        else:
            count += 1
            yield number, _row(loaded(said.removesuffix(b",")))
    whole = loaded(b"".join(frame), LARGEST)
    if isinstance(whole, BadLine):
        yield number + 1, BadLine(f"The file is cut off, or lines of it are: its pages do not end. {_ANEW}")
    else:
        yield from _miscounted(whole, number, count)


_ANEW = "Export the claims again, or leave out what is lost."


def _counted(said: Any, items: Any) -> Rows:
    if isinstance(items, list):
        yield from ((nth, _row(item)) for nth, item in enumerate(items, 1))
        yield from _miscounted(said, len(items) + 1, len(items))
    else:
        yield 1, items if isinstance(items, BadLine) else BadLine("There is no list of annotations in it.")


def _miscounted(said: Any, line: int, count: int) -> Rows:
    """Where the file holds another number of annotations than it says, or those of one page alone."""
    if not isinstance(said, dict):
        return
    if (total := said.get("total")) not in (None, count):
        yield line, BadLine(f"There are {count:,} annotations in it, of {total}. {_ANEW}")
    elif words := _part(said, count):
        yield line, Remark(words)


def _part(said: dict[str, Any], count: int) -> str:
    """Of a page alone, unless it is the only one."""
    whole, first = said.get("partOf"), said.get("startIndex")
    total = whole.get("total") if isinstance(whole, dict) else None
    if not (isinstance(total, int) and total > count) and not said.keys() & {"next", "prev"}:
        return ""
    here = f"{count:,} annotation{'' if count == 1 else 's'}"
    many = f" of the {total:,} that the collection has" if isinstance(total, int) else ""
    after = f", those after the first {first:,}" if isinstance(first, int) and first else ""
    return f"This is one page: {here}{many}{after}. Bring in its other pages too, or export the whole."


def _items(said: Any) -> Any:
    """Of a collection with its pages, of a page, or a bare list. A collection of no claims has no page."""
    if not isinstance(said, dict):
        return said
    if "first" not in said:
        return said.get("items", [] if said.get("total") == 0 else None)
    parts = [_items(page) for page in (said["first"], *_further(said))]
    return (
        [item for part in parts for item in part] if all(isinstance(part, list) for part in parts) else None
    )


def _further(said: dict[str, Any]) -> list[Any]:
    """The pages after the first, in whatever order they stand."""
    reverse = said.get("@reverse")
    pages = reverse.get("partOf", []) if isinstance(reverse, dict) else []
    return pages if isinstance(pages, list) else [pages]


def _row(said: Any) -> Any:
    if not isinstance(said, dict) or "quote" in said:
        return said  # a fault, or a row already: of a json export, which is a list of them
    try:
        return row_of(said)
    except BadLine as bad:
        return bad
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError):
        return BadLine("This is no annotation as a w3c export has it: target, source, selector and body.")


def row_of(said: dict[str, Any]) -> dict[str, Any]:
    target = said["target"]
    source, selectors = target["source"], {each["type"]: each for each in target["selector"]}
    place, words = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
    reviews, ruling = _said(said["body"])
    home = source["id"].rpartition("articles/")[0]
    return {
        "article": {"sha256": source["sha256"], "title": source.get("title")},
        "start": place["start"],
        "end": place["end"],
        "quote": words["exact"],
        "prefix": words.get("prefix"),
        "suffix": words.get("suffix"),
        "aspect": said["aspect"],
        "status": said["status"],
        **_known(said, "reason"),
        "reviews": reviews,
        "evidence": [_cited(body, home) for body in said["body"] if body["purpose"] == "linking"],
        "ruling": ruling,
    }


_FIELDS = {"commenting": "why", "tagging": "problem", "editing": "should_read"}
_Said = list[tuple[Any, dict[str, Any]]]
"""(who said it when, a review or the decision)"""


def _said(bodies: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The reviews and the decision. Words belong to the verdict of the same person at the same time, wherever they
    stand: a list of bodies has no order in JSON-LD. Raises BadLine."""
    begun: _Said = [(_by(body), _begun(body)) for body in bodies if _begins(body)]
    reviews = [row for _, row in begun if "reviewer" in row]
    ruling = next((row for _, row in begun if "editor" in row), None)
    for body in bodies:
        purpose = body["purpose"]
        if purpose in _FIELDS:
            row = _spoken(begun, body)
            row["rationale" if purpose == "commenting" and row is ruling else _FIELDS[purpose]] = body[
                "value"
            ]
        elif purpose not in ("linking", "classifying", "assessing"):
            raise BadLine(f"A body has the purpose {str(purpose)[:40]}, which no export of ours has.")
    return reviews, ruling


def _by(body: dict[str, Any]) -> Any:
    return body["creator"]["nickname"], body.get("created")


def _begins(body: dict[str, Any]) -> bool:
    return body["purpose"] == "assessing" or (body["purpose"] == "classifying" and "creator" in body)


def _begun(body: dict[str, Any]) -> dict[str, Any]:
    name, verdict = body["creator"]["nickname"], body.get("value")
    if body["purpose"] == "assessing":
        return {"reviewer": name, "verdict": verdict, **_known(body, "confidence")}
    terms = _known(body, "true_as_of", "check_again_on")
    return {"editor": name, "verdict": verdict, "rationale": "", **terms}


def _spoken(begun: _Said, body: dict[str, Any]) -> dict[str, Any]:
    by = _by(body)
    found = [row for said_by, row in begun if said_by == by]
    if len(found) != 1:
        raise BadLine(
            f"Words of {str(by[0])[:40]} belong to {'no' if not found else 'more than one'} verdict here."
        )
    return found[0]


def _cited(body: dict[str, Any], home: str) -> dict[str, Any]:
    """`home`: the page of the collection that was exported, under which a source without an address is named."""
    number, address = body["source_id"], body["source"]
    named = address == f"{home}#source-{number}"
    details = ("kind", "title", "publisher", "published_on", "is_primary")
    return {
        **_known(body, "stance", "locator"),
        "excerpt": body.get("selector", {}).get("exact"),
        "source": {
            "id": number,
            "article": {"sha256": body["sha256"]} if "sha256" in body else None,
            "url": None if named else address,
            "archived_url": body.get("state", {}).get("cached"),
            **_known(body, *details),
        },
    }


def _known(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: body[name] for name in names if name in body}
