"""Links to one export that need no header (ADR 30): signed over all that they ask for, their hour, and their token."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.signing import Signer

from annotations.exports.jsontext import dumps
from annotations.models import ApiToken, Collection, User
from annotations.services.tokens import token_for_links

PARAMETER = "link"
Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """`query`: what stands behind the question mark of the export's address."""

    query: str
    until: datetime


def make_link(
    owner: User, collection: Collection, asked: Query, until: datetime, token: ApiToken | None = None
) -> Link:
    """`asked`: format, revision and filters. `token`: what the owner came with; signed in they come with none, and get
    one for links alone. A link ends no later than its token."""
    token = token or token_for_links(owner, collection, until)
    until = min(until, token.expiry or until)
    ours = (PARAMETER, signed(collection.slug, asked, token, until))
    return Link(urlencode([*asked, ours]), until)


def signed(slug: str, query: Query, token: ApiToken, until: datetime) -> str:
    """The value of the parameter. The beginning of the token's hash names the token; it is not found by that."""
    name, seconds = token.digest[:16], str(int(until.timestamp()))
    return f"{name}.{seconds}.{signature(slug, query, name, seconds)}"


def signature(slug: str, query: Query, token: str, until: str) -> str:
    return Signer(salt="aigap.export-link").signature(dumps([slug, sorted(query), token, until]).decode())
