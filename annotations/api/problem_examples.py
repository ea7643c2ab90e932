"""An example of each problem, of the same story as the other examples: shown with the schema where it may come."""

from http import HTTPStatus
from typing import Any

from annotations.api.examples import EXAMPLES


def _problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return about | {"code": code, "detail": detail} | members


def _not_imported(code: str, detail: str) -> dict[str, Any]:
    return _problem(400, code, detail, errors=[])


_FAULT = {"field": "limit", "detail": "limit is a whole number from 1 to 1,000."}
_PARTS = "Split it into parts and import each as an article of its own."
_EXAMPLES = (
    _problem(400, "invalid", _FAULT["detail"], errors=[_FAULT]),
    _problem(400, "parse-error", "JSON parse error - Expecting value: line 1 column 11 (char 10)", errors=[]),
    _not_imported("empty", "The file is empty. Choose a file with text, or paste the text itself."),
    _not_imported(
        "binary", "This is not text: it looks like a PDF. Open it, select the article, and paste the text."
    ),
    _not_imported("nul", "The text holds NUL characters. It is damaged or not a text: fetch it again."),
    _not_imported("broken-text", "The text holds half a character. Fetch the file again."),
    _not_imported(
        "undecidable-encoding", "It cannot be told in which encoding this text was saved. Save it as UTF-8."
    ),
    _not_imported(
        "too-deep", "The page nests its elements more than 200 deep. Save it as text, or paste the text."
    ),
    _not_imported(
        "entities",
        "The file declares entities of its own, as attacks on XML readers do. Save it as HTML from a browser.",
    ),
    _not_imported("unsupported-type", "Files that end in .docx are not imported. Save the article as .txt."),
    _not_imported(
        "too-many-characters", f"The text has 2,400,000 characters; 2,000,000 are allowed. {_PARTS}"
    ),
    _not_imported("too-many-lines", f"The text has more than 20,000 lines. {_PARTS}"),
    _not_imported("too-large", "This is 6.2 MB; 5 MB are allowed. Import the article without pictures."),
    _problem(401, "not-authenticated", "Send a token, as Authorization: Token …."),
    _problem(401, "bad-credentials", "This token is unknown, revoked or expired."),
    _problem(403, "role", "Only editors of this collection may do this."),
    _problem(403, "forbidden", "Only reviewers and editors mark and tag claims."),
    _problem(403, "token-scope", "This token may only read. Make one with the scope write."),
    _problem(403, "csrf-failed", "A write with a session cookie needs the X-CSRFToken header."),
    _problem(403, "ruled-by-reviewer", "You reviewed this claim, so another editor has to decide it."),
    _problem(403, "reviewed-by-ruler", "You decided this claim, so you cannot review it too."),
    _problem(
        403,
        "reference-text",
        "This is a reference text: it is cited, not checked. Open it beside the article that you check.",
    ),
    _problem(404, "not-found", "No such collection, or you are not a member of it."),
    _problem(405, "method-not-allowed", 'Method "POST" not allowed.'),
    _problem(406, "not-acceptable", "The API answers in application/json."),
    _problem(
        409,
        "quote-mismatch",
        "The quote is not the text at these offsets. Read the article again, then select anew.",
        found="1 bridges ",
    ),
    _problem(
        409,
        "others-work",
        "Others have worked on this claim. Ask them to withdraw first, or ask an editor.",
        depends=["an opinion by another reviewer (disputed)"],
    ),
    _problem(409, "duplicate-text", "This text is already in the collection.", article=7),
    _problem(409, "refused", "The ledger refuses this. Nothing was stored."),
    _problem(410, "resync", "What you may see has changed. Fetch the export anew.", head=14, epoch=2),
    EXAMPLES["ProblemOut"],
    _problem(413, "too-large", "The request is larger than 25 MB. Send less at once."),
    _problem(415, "unsupported-media-type", 'Unsupported media type "text/plain" in request.'),
    _problem(416, "range-not-satisfiable", "There is no such part: the file has 8214 bytes."),
    _problem(
        422,
        "key-reused",
        "This Idempotency-Key was used for another request. Send a new key with a new request.",
    ),
    _problem(
        428, "precondition-required", "Name the version that you read: If-Match with the ETag it came with."
    ),
    _problem(429, "throttled", "Request was throttled. Expected available in 4 seconds."),
    _problem(500, "server-error", "Something went wrong here. It has been logged; try again."),
    _problem(503, "unavailable", "This export is being made. Ask again in a moment."),
)
TOO_LARGE = "request-too-large"
"""The one code that comes with two statuses, where it is a 413."""
PROBLEMS: dict[str, dict[str, Any]] = {
    TOO_LARGE if each["status"] == 413 else each["code"]: each for each in _EXAMPLES
}
"""name, which is the code → a problem"""
