"""The cast: owner edits, ana and ben review, vera only reads, stranger is a member of another collection alone."""

import json
from dataclasses import dataclass

from django.test import Client

from annotations.domain.text import line_spans
from annotations.models import Collection, SourceDetails, User
from annotations.services import claims, evidence
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place
from annotations.services.settings import create_collection, set_member
from annotations.services.tokens import create_token

TEXT = "Chips and claims 💩\nOutput rose 40 percent in 2023.\nThe minister said so.\n"
ROLES = ("headline", "body", "body")


@dataclass
class Api:
    """A client that speaks with a token, literal paths under collections/."""

    client: Client
    token: str = ""
    base: str = "/api/v1/collections/"

    def __call__(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Token {self.token}")
        address = path if path.startswith(("http", "/")) else self.base + path
        data = "" if body is None else body if isinstance(body, str | bytes) else json.dumps(body)
        kind = sent.pop("Content-Type", "application/json")
        return self.client.generic(method, address, data, content_type=kind, headers=sent)

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body, **headers):
        return self("POST", path, body, **headers)

    def put(self, path, body, **headers):
        return self("PUT", path, body, **headers)

    def patch(self, path, body, **headers):
        return self("PATCH", path, body, **headers)

    def delete(self, path, **headers):
        return self("DELETE", path, **headers)


def person(name, **fields):
    return User.objects.create_user(name, password="correct horse battery", **fields)


def api(user, scope="write", **token):
    _, secret = create_token(user, name="test", scope=scope, **token)
    return Api(Client(), secret)


def article_in(collection, author, text=TEXT, **details):
    blocks = [
        {"start": start, "end": end, "role": role, "reason": "", "sentences": [[start, end]]}
        for (start, end), role in zip(line_spans(text), [*ROLES, *["body"] * len(text)], strict=False)
    ]
    known = {"title": "Chips and claims", "publisher": "The Lantern", "language": "en"} | details
    stored = import_article(collection, author=author, text=text, details=Details(**known, blocks=blocks))
    return stored.article_id


def mark(collection, author, article, quote, text=TEXT):
    start = text.index(quote)
    place = Place(article, start, start + len(quote), quote)
    return claims.mark(collection, author=author, place=place).span_id


def tag(collection, author, span, verdict="verified", base=None, **opinion):
    return claims.tag(
        collection, author=author, target=span, opinion=Opinion(verdict, **opinion), base=base
    ).version


def cite(collection, author, span, kind="web", title="Bureau tables", **details):
    details = {"title": title, "url": "https://stats.example/2023"} | details
    return evidence.add_evidence(
        collection, author=author, span_id=span, source=evidence.NewSource(kind, details)
    )


def etag_of(cited):
    """Of a citation: its version and that of what is said of its source."""
    details = SourceDetails.objects.current().get(source__evidence=cited.version)
    return f'"{cited.version}.{details.pk}"'


@dataclass
class Desk:
    collection: Collection
    owner: User
    ana: User
    ben: User
    vera: User
    stranger: User
    article: int
    span: int
    other: Collection


def make_desk(slug="desk", **settings):
    owner, ana, ben, vera, stranger = map(person, ("owner", "ana", "ben", "vera", "stranger"))
    collection = create_collection(slug, author=owner, name="The desk", **settings)
    other = create_collection("elsewhere", author=stranger, name="Elsewhere")
    members = {owner: "editor", ana: "reviewer", ben: "reviewer", vera: "viewer"}
    for user, role in members.items():
        set_member(collection, user, role)
    set_member(other, stranger, "editor")
    article = article_in(collection, owner)
    span = mark(collection, ana, article, "40 percent")
    return Desk(collection, owner, ana, ben, vera, stranger, article, span, other)
