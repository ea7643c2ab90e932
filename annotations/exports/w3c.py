"""w3c: a Web Annotation collection (JSON-LD) in pages, an annotation a claim. See docs/adr/0029-formats.md."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from annotations.exports.about import about, address, home, license_iri
from annotations.exports.dataset import Dataset
from annotations.exports.jsonlines import gathered
from annotations.exports.jsontext import dumps
from annotations.exports.outcome import known
from annotations.exports.rows import Row

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
LEFT_OUT: tuple[str, ...] = ()
TERMS = "urn:aigap:"
_DATE = "http://www.w3.org/2001/XMLSchema#date"
OWN = {
    **{each: TERMS + each for each in ("claim", "aspect", "status", "revision", "start_utf16", "end_utf16")},
    **{each: TERMS + each for each in ("sha256", "confidence", "stance", "locator", "kind", "is_primary")},
    **{each: TERMS + each for each in ("article_id", "source_id", "reason")},
    **{each: {"@id": TERMS + each, "@type": _DATE} for each in ("true_as_of", "check_again_on")},
    "published_on": {"@id": "http://schema.org/datePublished", "@type": _DATE},
    "title": "http://purl.org/dc/terms/title",
    "description": "http://purl.org/dc/terms/description",
    "publisher": "http://purl.org/dc/elements/1.1/publisher",
    "license": "http://purl.org/dc/terms/license",
}
"""What the Web Annotation context has no word for: a key that no context defines is dropped by every reader."""
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", OWN]


A_PAGE = 1000
"""Annotations in a page; the last one may have fewer."""


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(_document(dataset))


def _document(dataset: Dataset) -> Iterator[bytes]:
    """The first page is within the collection, as the model has it, and the others are named as what is part of it:
    so one document holds all of them, for who reads it with the links and for who reads it without."""
    pages = Pages(dataset)
    collection = _collection(dataset, pages.total)
    if not pages.total:
        yield dumps(collection) + b"\n"
        return
    yield dumps(collection | {"last": pages.id(pages.last)})[:-1] + b',"first":'
    number = 1
    for number, some in enumerate(_paged(dataset.rows()), 1):
        yield {1: b"", 2: b',"@reverse":{"partOf":['}.get(number, b",")
        yield from _page(pages.head(number), some, dataset)
    yield b"}\n" if number == 1 else b"]}}\n"


def _paged(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, A_PAGE)):
        yield some


def write_page(dataset: Dataset, number: int) -> Iterator[bytes]:
    """One page, as its address gives it. Alone, it says of how many annotations these are some."""
    pages = Pages(dataset)
    whole = {"id": pages.collection, "type": "AnnotationCollection", "total": pages.total}
    head = {"@context": CONTEXT, **pages.head(number), "partOf": whole}
    yield from gathered(_page(head, dataset.some((number - 1) * A_PAGE, A_PAGE), dataset))
    yield b"\n"


def _page(head: Row, rows: list[Row], dataset: Dataset) -> Iterator[bytes]:
    """An annotation a line, which the import relies on."""
    at, before = home(dataset), dumps(head)[:-1] + b',"items":[\n'
    for row in rows:
        yield before + dumps(annotation(row, at))
        before = b",\n"
    yield b"\n]}"


class Pages:
    """`total`: annotations in all of them."""

    def __init__(self, dataset: Dataset) -> None:
        self.total, self.collection = dataset.count(), address(dataset, "w3c")
        self.last = -(-self.total // A_PAGE)

    def id(self, number: int) -> str:
        """Where this page alone is to be had."""
        return f"{self.collection}&page={number}"

    def head(self, number: int) -> Row:
        """What a page says before its annotations."""
        said = {
            "id": self.id(number),
            "type": "AnnotationPage",
            "partOf": self.collection,
            "prev": self.id(number - 1) if number > 1 else None,
            "next": self.id(number + 1) if number < self.last else None,
        }
        return known(said) | {"startIndex": (number - 1) * A_PAGE}


def _collection(dataset: Dataset, total: int) -> Row:
    said = about(dataset, "w3c")
    license = license_iri(said["license"])
    return known(
        {
            "@context": CONTEXT,
            "id": said["address"],
            "type": "AnnotationCollection",
            "label": said["name"],
            "description": said["description"],
            "language": said["language"],
            "rights": license,
            "license": None if license else said["license"],
            "modified": said["written_at"],
            "revision": dataset.at,
            "total": total,
        }
    )


def annotation(row: Row, at: str) -> Row:
    """`at`: the collection's page."""
    said = {
        "id": f"{row['url']}#annotation",
        "type": "Annotation",
        "motivation": _motivation(row),
        "claim": row["id"],
        "aspect": row["aspect"],
        "status": row["status"],
        "revision": row["revision"],
        "body": [*_outcome(row), *_reviews(row), *(_evidence(each, at) for each in row["evidence"])],
        "target": _target(row, at),
    }
    return said | {"reason": row["reason"]} if row["reason"] else said


def _motivation(row: Row) -> str:
    if row["verdict"] == "needs_source":
        return "questioning"
    return "assessing" if row["verdict"] or row["reviews"] else "highlighting"


def _target(row: Row, at: str) -> Row:
    """The text as the desk has it, which the offsets count in: the page that it came from is named beside it."""
    article = row["article"]
    source = {
        "id": f"{at}articles/{article['id']}/",
        "type": "Text",
        "article_id": article["id"],
        "title": article["title"],
        "publisher": article["publisher"],
        "published_on": article["published_on"],
        "via": article["url"],
        "sha256": article["sha256"],
    }
    place = {name: row[name] for name in ("start", "end", "start_utf16", "end_utf16")}
    words = known({"exact": row["quote"], "prefix": row["prefix"], "suffix": row["suffix"]})
    return {
        "type": "SpecificResource",
        "source": known(source),
        "selector": [
            {"type": "TextPositionSelector", **place},
            {"type": "TextQuoteSelector", **words},
        ],
    }


def _outcome(row: Row) -> Iterator[Row]:
    """The claim's verdict: the editor's, with name and reasons, or what reviewers agreed on."""
    ruling = row["ruling"]
    if not ruling:
        if row["verdict"]:
            yield _said("classifying", row["verdict"])
        return
    by = _by(ruling["editor"], ruling["at"])
    terms = {name: ruling[name] for name in ("true_as_of", "check_again_on")}
    yield _said("classifying", ruling["verdict"], known(by | terms))
    yield from _words(by, commenting=ruling["rationale"], editing=ruling["should_read"])


def _reviews(row: Row) -> Iterator[Row]:
    for review in row["reviews"]:
        by = _by(review["reviewer"], review["at"])
        yield _said("assessing", review["verdict"], known(by | {"confidence": review["confidence"]}))
        yield from _words(
            by, commenting=review["why"], tagging=review["problem"], editing=review["should_read"]
        )


def _by(name: str, at: Any) -> Row:
    return {"creator": {"nickname": name}, "created": at}


def _words(by: Row, **said: str) -> Iterator[Row]:
    """purpose → what was said, if anything"""
    return (_said(purpose, value, by) for purpose, value in said.items() if value)


def _said(purpose: str, value: str, by: Row | None = None) -> Row:
    return {"type": "TextualBody", "purpose": purpose, "value": value, **(by or {})}


def _evidence(evidence: Row, at: str) -> Row:
    """The source's title and kind stand on the citation: two sources may have one address, and different titles."""
    source, excerpt = evidence["source"], evidence["excerpt"]
    article = source["article"] or {"id": None, "sha256": None}
    archived = source["archived_url"]
    return known(
        {
            "id": f"{at}#evidence-{evidence['key']}",
            "type": "SpecificResource",
            "purpose": "linking",
            "source": source["url"] or f"{at}#source-{source['id']}",
            "stance": evidence["stance"],
            "locator": evidence["locator"],
            "source_id": source["id"],
            "article_id": article["id"],
            "sha256": article["sha256"],
            **{name: source[name] for name in ("kind", "title", "publisher", "published_on", "is_primary")},
            "selector": {"type": "TextQuoteSelector", "exact": excerpt} if excerpt else None,
            "state": {"type": "TimeState", "cached": archived} if archived else None,
        }
    )
