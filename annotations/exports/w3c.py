"""w3c: a Web Annotation collection (JSON-LD) in one page, an annotation a claim. See docs/adr/0029-formats.md."""

from collections.abc import Iterator
from typing import Any

from annotations.exports.about import about, home, license_iri
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
    **{each: TERMS + each for each in ("article_id", "source_id")},
    **{each: {"@id": TERMS + each, "@type": _DATE} for each in ("true_as_of", "check_again_on")},
    "published_on": {"@id": "http://schema.org/datePublished", "@type": _DATE},
    "title": "http://purl.org/dc/terms/title",
    "description": "http://purl.org/dc/terms/description",
    "publisher": "http://purl.org/dc/elements/1.1/publisher",
    "license": "http://purl.org/dc/terms/license",
}
"""What the Web Annotation context has no word for: a key that no context defines is dropped by every reader."""
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", OWN]


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(_document(dataset))


def _document(dataset: Dataset) -> Iterator[bytes]:
    total, at = dataset.count(), home(dataset)
    collection = _collection(dataset, total)
    if not total:
        yield dumps(collection) + b"\n"
        return
    page = f"{collection['id']}#page-1"
    first = {"id": page, "type": "AnnotationPage", "partOf": collection["id"], "startIndex": 0}
    yield dumps(collection | {"last": page})[:-1] + b',"first":' + dumps(first)[:-1] + b',"items":['
    before = b"\n"
    for row in dataset.rows():
        yield before + dumps(annotation(row, at))
        before = b",\n"
    yield b"\n]}}\n"


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
    return {
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
            **{name: source[name] for name in ("kind", "title", "publisher", "published_on", "is_primary")},
            "selector": {"type": "TextQuoteSelector", "exact": excerpt} if excerpt else None,
            "state": {"type": "TimeState", "cached": archived} if archived else None,
        }
    )
