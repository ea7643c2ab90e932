"""claimreview: a schema.org DataFeed with a ClaimReview for each claim that is verified or disputed."""

import re
from collections.abc import Iterator
from typing import Any

import regex

from annotations.domain.stances import FALSE, TRUE, truth_rating
from annotations.exports.about import about, home, license_iri
from annotations.exports.dataset import Dataset
from annotations.exports.jsonlines import gathered
from annotations.exports.jsontext import dumps
from annotations.exports.outcome import concluded, known, omission, reasons
from annotations.exports.rows import Row

LEFT_OUT = tuple(
    """
article.id start end start_utf16 end_utf16 prefix suffix aspect status reason reviews[].reviewer
reviews[].verdict reviews[].problem reviews[].should_read reviews[].confidence evidence[].key
evidence[].locator evidence[].excerpt evidence[].source.id evidence[].source.kind
evidence[].source.article.id evidence[].source.article.sha256 evidence[].source.is_primary ruling.verdict
ruling.editor ruling.should_read ruling.true_as_of ruling.check_again_on revision
""".split()
)
OF_DECIDED = ("reviews[].why", "reviews[].at")
OMITS = omission(
    "Claims that are neither verified nor disputed: that a source is needed is no outcome. Other articles that tell "
    "the same: each claim is of one article.",
    LEFT_OUT,
    OF_DECIDED,
)
IN_SHORT = "only claims that are verified or disputed, without offsets, excerpts and single reviews"
CONTEXT = "https://schema.org"
REVIEWED = ("verified", "disputed")
NAMES = {"verified": "Verified", "disputed": "Disputed"}
LONGEST = 74
"""Code points of what is shown beside a search result."""


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(_feed(dataset))


def _feed(dataset: Dataset) -> Iterator[bytes]:
    """The items come before the description, which counts them."""
    desk = _desk(dataset)
    said = about(dataset, "claimreview")
    head = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "@id": said["address"],
        "name": said["name"],
        "dateModified": said["written_at"],
        "license": license_iri(said["license"]) or said["license"],
        "inLanguage": said["language"],
        "publisher": desk,
    }
    yield dumps(known(head))[:-1] + b',"dataFeedElement":['
    claims = reviews = 0
    for row in dataset.rows():
        claims += 1
        if row["verdict"] in REVIEWED:
            yield (b",\n" if reviews else b"\n") + dumps(_item(row, desk))
            reviews += 1
    yield b'\n],"description":' + dumps(_description(said, reviews, claims)) + b"}\n"


def _description(said: dict[str, str], reviews: int, claims: int) -> str:
    counted = f"{reviews} of the {claims} claims as of revision {said['revision']}. Left out: {OMITS}"
    return f"{said['description']}\n\n{counted}".strip()


def _desk(dataset: Dataset) -> Row:
    return {
        "@type": "Organization",
        "@id": f"{home(dataset)}#desk",
        "name": dataset.settings().name,
        "url": home(dataset),
    }


def _item(row: Row, desk: Row) -> Row:
    at = concluded(row)
    return {"@type": "DataFeedItem", "dateModified": at, "item": claim_review(row, desk, at)}


def claim_review(row: Row, desk: Row, at: Any) -> Row:
    stances = [each["stance"] for each in row["evidence"]]
    return known(
        {
            "@type": "ClaimReview",
            "@id": f"{row['url']}#review",
            "identifier": str(row["id"]),
            "url": row["url"],
            "author": desk,
            "datePublished": at,
            "claimReviewed": shortened(row["quote"]),
            "reviewRating": _rating(row["verdict"], truth_rating(row["verdict"], stances)),
            "reviewBody": reasons(row),
            "itemReviewed": _claim(row),
            "citation": [_source(each["source"], each["stance"]) for each in row["evidence"]],
        }
    )


def shortened(quote: str) -> str:
    """On one line, at most LONGEST code points, cut between words or at least between characters as people see them."""
    line = " ".join(quote.split())
    if len(line) <= LONGEST:
        return line
    room = line[: LONGEST - 1]
    if cut := re.match(r"(.{30,})\s", room, re.DOTALL):
        return cut[1].rstrip(" ,;:–—-") + "…"
    whole = "".join(regex.findall(r"\X", line[:LONGEST])[:-1])
    return f"{whole}…"


def _rating(verdict: str, value: int | None) -> Row:
    named: Row = {"@type": "Rating", "alternateName": NAMES[verdict]}
    if value is not None:
        named |= {"ratingValue": value, "bestRating": TRUE, "worstRating": FALSE}
    return named


def _claim(row: Row) -> Row:
    article = row["article"]
    return known(
        {
            "@type": "Claim",
            "@id": f"{row['url']}#claim",
            "text": row["quote"],
            "datePublished": article["published_on"],
            "appearance": known(
                {
                    "@type": "Article",
                    "url": article["url"],
                    "headline": article["title"],
                    "datePublished": article["published_on"],
                    "publisher": _organization(article["publisher"]),
                    "identifier": f"sha256:{article['sha256']}",
                }
            ),
        }
    )


def _source(source: Row, stance: str) -> Row:
    return known(
        {
            "@type": "CreativeWork",
            "name": source["title"],
            "description": stance,
            "url": source["url"],
            "archivedAt": source["archived_url"],
            "datePublished": source["published_on"],
            "publisher": _organization(source["publisher"]),
        }
    )


def _organization(name: str) -> Row | None:
    return {"@type": "Organization", "name": name} if name else None
