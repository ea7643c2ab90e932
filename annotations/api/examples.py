"""An example of each body that the interface takes or gives, of one short article: shown with the schema."""

from typing import Any

DESK = "https://facts.example/api/v1/collections/desk/"
TEXT = "Bridges counted\nThere are 31 bridges in the harbour, the mayor said."
SHA256 = "8b7c8e3f6f3f8a0d9d2f4f0d6c1b5a4e3d2c1b0a9f8e7d6c5b4a39281706f5e4"
ASKED = "2026-05-04T09:30:00Z"
ABOUT = {
    "id": 7,
    "title": "Bridges counted",
    "publisher": "The Harbour Post",
    "published_on": "2026-05-01",
    "url": "https://harbour.example/bridges",
    "sha256": SHA256,
}
ARTICLE = ABOUT | {
    "byline": "Nora Quill",
    "language": "en",
    "direction": "ltr",
    "role": "checked",
    "supersedes": None,
    "derived_from": [{"title": "Yearbook", "publisher": "Harbour board"}],
    "revision": 3,
}
OPINION = {
    "verdict": "disputed",
    "why": "The register lists 30.",
    "problem": "figure",
    "should_read": "30 bridges",
    "confidence": 80,
}
SOURCE = {
    "id": 5,
    "kind": "web",
    "article": None,
    "title": "Register of bridges",
    "publisher": "Harbour board",
    "url": "https://board.example/register",
    "archived_url": "",
    "published_on": "2026-01-15",
    "is_primary": True,
}
CITED = {"key": "12-1", "stance": "contradicts", "locator": "p. 3", "excerpt": "30 in all", "source": SOURCE}
RULED = {
    "verdict": "disputed",
    "rationale": "The register is the primary source.",
    "should_read": "30 bridges",
    "true_as_of": "2026-01-15",
    "check_again_on": "2027-01-15",
}
CLAIM = {
    "id": 41,
    "article": ABOUT,
    "start": 26,
    "end": 36,
    "start_utf16": 26,
    "end_utf16": 36,
    "quote": "31 bridges",
    "prefix": "Bridges counted\nThere are ",
    "suffix": " in the harbour, the mayor said.",
    "aspect": "fact",
    "status": "ruled",
    "verdict": "disputed",
    "reason": "",
    "reviews": [{"reviewer": "reviewer-5f0c2a91", **OPINION, "at": ASKED}],
    "evidence": [CITED],
    "ruling": RULED | {"editor": "reviewer-77b01c3e", "at": "2026-05-04T11:00:00Z"},
    "revision": 14,
    "url": "https://facts.example/c/desk/claims/41/",
}
COLLECTION = {
    "slug": "desk",
    "name": "The desk",
    "description": "",
    "language": "en",
    "license": "CC-BY-4.0",
    "blind": False,
    "reviews_needed": 2,
    "verified_needs_source": True,
    "text_exportable": True,
    "role": "reviewer",
    "head": 14,
    "epoch": 1,
}
BLOCKS = [
    {"start": 0, "end": 15, "role": "headline", "reason": "the first line", "sentences": [[0, 15]]},
    {"start": 16, "end": 68, "role": "body", "reason": "", "sentences": [[16, 68]]},
]


def _page(*results: Any) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": list(results)}


EXAMPLES: dict[str, Any] = {
    "ArticleIn": {
        "text": TEXT,
        "title": "Bridges counted",
        "publisher": "The Harbour Post",
        "language": "en",
    },
    "ArticleOut": ARTICLE,
    "ArticlePage": _page(ARTICLE),
    "WholeArticleOut": ARTICLE
    | {
        "text": TEXT,
        "blocks": [block | {"start_utf16": block["start"], "end_utf16": block["end"]} for block in BLOCKS],
    },
    "DetailsChangeIn": {"byline": "Nora Quill", "published_on": "2026-05-01"},
    "WorkIn": {"stage": "checking", "owner": "ana", "due_at": "2026-05-05T16:00:00Z"},
    "WorkOut": {"stage": "checking", "owner": "ana", "due_at": "2026-05-05T16:00:00Z", "revision": 4},
    "SpanIn": {"article": 7, "start": 26, "end": 36, "quote": "31 bridges"},
    "CheckableIn": {"not_checkable": True, "reason": "opinion"},
    "ClaimOut": CLAIM,
    "ClaimPage": _page(CLAIM),
    "OpinionIn": OPINION,
    "OpinionOut": OPINION | {"span": 41, "must_fix": False, "at": ASKED, "revision": 10},
    "EvidenceIn": {
        "kind": "web",
        "title": "Register of bridges",
        "url": "https://board.example/register",
        "stance": "contradicts",
        "locator": "p. 3",
    },
    "EvidenceChangeIn": {"stance": "contradicts", "locator": "p. 4"},
    "EvidenceOut": CITED
    | {"span": 41, "tier": "public", "added_by": "reviewer-5f0c2a91", "at": ASKED, "revision": 12},
    "RulingIn": RULED | {"revision": 13},
    "RulingOut": RULED
    | {"editor": "reviewer-77b01c3e", "at": "2026-05-04T11:00:00Z", "span": 41, "revision": 14},
    "CollectionOut": COLLECTION,
    "CollectionPage": _page(COLLECTION),
    "CountOut": {"count": 1, "at": 14},
    "LinkIn": {"expires_in": 3600},
    "LinkOut": {
        "url": f"{DESK}export/?format=parquet&at=14&link=0011223344556677.1777894200.signature",
        "format": "parquet",
        "at": 14,
        "expires_at": "2026-05-04T12:30:00Z",
    },
    "ChangesOut": {
        "results": [
            {"seq": 14, "op": "upsert", "type": "claim", "id": 41, "object": CLAIM},
            {"seq": 9, "op": "delete", "type": "claim", "id": 40, "object": None},
        ],
        "next": None,
        "head": 14,
        "epoch": 1,
    },
    "ProblemOut": {
        "type": "about:blank",
        "title": "Precondition Failed",
        "status": 412,
        "code": "stale",
        "detail": "It has changed since you read it. Compare, then keep one of the two.",
        "current": OPINION | {"span": 41, "must_fix": False, "at": ASKED, "revision": 10},
    },
}
"""component of the schema → a body that it describes"""
