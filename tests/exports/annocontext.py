"""A context that stands in for http://www.w3.org/ns/anno.jsonld: the terms that we use of it, and what they mean by the
Web Annotation Vocabulary and Activity Streams."""

from annotations.exports.w3c import CONTEXT

OA = "http://www.w3.org/ns/oa#"
ACTIVITY = "http://www.w3.org/ns/activitystreams#"
DC = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CLASSES = (
    "Annotation",
    "TextualBody",
    "SpecificResource",
    "TextPositionSelector",
    "TextQuoteSelector",
    "TimeState",
)
MOTIVES = (
    *(
        "assessing",
        "classifying",
        "commenting",
        "editing",
        "highlighting",
        "linking",
        "questioning",
        "tagging",
    ),
)


def link(iri: str, **more: str) -> dict[str, str]:
    return {"@id": iri, "@type": "@id", **more}


def typed(iri: str, kind: str) -> dict[str, str]:
    return {"@id": iri, "@type": XSD + kind}


ANNO = {
    "id": "@id",
    "type": "@type",
    **{name: OA + name for name in (*CLASSES, *MOTIVES, "exact", "prefix", "suffix")},
    "Text": "http://purl.org/dc/dcmitype/Text",
    "AnnotationCollection": f"{ACTIVITY}OrderedCollection",
    "AnnotationPage": f"{ACTIVITY}OrderedCollectionPage",
    "body": link(f"{OA}hasBody"),
    "target": link(f"{OA}hasTarget"),
    "source": link(f"{OA}hasSource"),
    "selector": link(f"{OA}hasSelector"),
    "state": link(f"{OA}hasState"),
    "cached": link(f"{OA}cachedSource"),
    "via": link(f"{OA}via"),
    "creator": link(f"{DC}creator"),
    "rights": link(f"{DC}rights"),
    "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
    "items": link(f"{ACTIVITY}items", **{"@container": "@list"}),
    **{name: link(ACTIVITY + name) for name in ("first", "last", "next", "prev", "partOf")},
    "total": typed(f"{ACTIVITY}totalItems", "nonNegativeInteger"),
    "startIndex": typed(f"{ACTIVITY}startIndex", "nonNegativeInteger"),
    "start": typed(f"{OA}start", "nonNegativeInteger"),
    "end": typed(f"{OA}end", "nonNegativeInteger"),
    "created": typed(f"{DC}created", "dateTime"),
    "modified": typed(f"{DC}modified", "dateTime"),
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "language": "http://purl.org/dc/elements/1.1/language",
    "nickname": "http://xmlns.com/foaf/0.1/nick",
}


def load(url, options):
    """The only document that pyld may ask for."""
    assert url == CONTEXT[0]
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": ANNO}}
