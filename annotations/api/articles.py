"""Articles: read, bring in, correct."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.request import QueryDict
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from annotations import access
from annotations.api import conditions, paging, shapes
from annotations.api.base import Body, CollectionView, Json, answer, read, stale
from annotations.api.documented import ARTICLE_FILTERS, changed, created, listed, shown
from annotations.api.filters import ARTICLES_BY, article_filters, refuse_unknown
from annotations.api.inputs import ArticleIn, DetailsChangeIn, HtmlIn, MarkdownIn, TextIn
from annotations.api.outputs import ArticlePage, WholeArticleOut
from annotations.api.problem_examples import TOO_LARGE
from annotations.api.problems import Problem, invalid
from annotations.imports import MAX_BYTES, Draft, read_pasted, read_upload, reblock
from annotations.imports.errors import CODES as NOT_IMPORTED
from annotations.models import ArticleDetails
from annotations.services.articles import Details, edit_details, find_text, import_article, import_several
from annotations.services.ledger import Stale

PASTED = ("text", "html", "markdown")
SET_HERE = "set over the API"
UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": ".txt, .md or .html, at most 5 MB"},
        **{
            name: {"type": "string"}
            for name in ("title", "publisher", "byline", "published_on", "url", "language", "role")
        },
    },
}

BROUGHT = {
    "application/json": PolymorphicProxySerializer(
        component_name="ArticleIn", serializers=[TextIn, HtmlIn, MarkdownIn], resource_type_field_name=None
    ),
    "multipart/form-data": UPLOAD,
}


class WithOrigins(CollectionView):
    def check_origins(self, given: dict[str, Any], before: Sequence[dict[str, Any]] = ()) -> None:
        """What an article derives from is of this collection; what it says already may have gone since."""
        known = {origin.get("article") for origin in before} | {None}
        for origin in () if self.is_retry() else given.get("derived_from", ()):
            if origin.get("article") not in known:
                access.article(self.seat, origin["article"])


class Articles(WithOrigins):
    parser_classes = [Json, MultiPartParser]

    @listed(ArticlePage, "Articles, without their texts", *ARTICLE_FILTERS)
    def get(self, request: Request, slug: str) -> HttpResponse:
        refuse_unknown(request, *paging.PARAMETERS, *ARTICLES_BY)
        page, filters = paging.page_of(request), article_filters(request)
        tag = conditions.seat_tag(request, self.seat, self.known_head, self.known_head)
        if same := conditions.not_modified(request, tag):
            return same
        found = access.articles(self.seat).filter(**filters)
        body = paging.paginate(
            request, page, found, "article_id", lambda rows: [shapes.article(row) for row in rows]
        )
        return answer(body, tag=tag)

    @created(
        WholeArticleOut,
        "Bring an article in",
        {"application/json": ArticleIn, "multipart/form-data": UPLOAD},
        problems=("role", "duplicate-text", TOO_LARGE, *NOT_IMPORTED),
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        self.need_editor()
        given = read(ArticleIn, _single_values(request.data))
        files = request.FILES.getlist("file")
        if len(files) > 1:
            return self.several(given, files)
        if given.get("supersedes"):
            access.article(self.seat, given["supersedes"])
        self.check_origins(given)
        details = self.bring_in(_draft(given, files), given)
        address = request.build_absolute_uri(f"{request.path}{details.article_id}/")
        tag = conditions.etag(details.pk)
        return answer(shapes.whole_article(self.seat, details), 201, tag=tag, Location=address)

    def several(self, given: dict[str, Any], files: list[UploadedFile]) -> HttpResponse:
        if given:
            raise invalid("Several files come without text or details: send them one by one.", *given)
        drafts = [_read(file) for file in files]
        if not self.is_retry():
            self.refuse_known(files, drafts)
        ids = import_several(
            self.collection,
            author=self.user,
            brought=[(draft.text, _details(draft, {})) for draft in drafts],
            key=self.key,
        )
        brought = [access.article(self.seat, article_id) for article_id in ids]
        return answer({"results": [shapes.article(details) for details in brought]}, 201)

    def refuse_known(self, files: list[UploadedFile], drafts: list[Draft]) -> None:
        names: dict[str, str | None] = {}
        for file, draft in zip(files, drafts, strict=True):
            if known := find_text(self.collection, draft.text):
                raise Problem(409, "duplicate-text", f"{file.name} is in the collection.", article=known)
            if draft.text in names:
                words = f"{file.name} has the same text as {names[draft.text]}."
                raise Problem(409, "duplicate-text", words)
            names[draft.text] = file.name

    def bring_in(self, draft: Draft, given: dict[str, Any]) -> ArticleDetails:
        stored = import_article(
            self.collection,
            author=self.user,
            text=draft.text,
            details=_details(draft, given),
            supersedes=given.get("supersedes"),
            key=self.key,
        )
        return access.article(self.seat, stored.article_id)


class ArticleDetail(WithOrigins):
    def current(self) -> Body:
        details = access.article(self.seat, self.kwargs["article_id"])
        return shapes.whole_article(self.seat, details), conditions.etag(details.pk)

    @shown(WholeArticleOut, "One article, with text and blocks")
    def get(self, request: Request, slug: str, article_id: int) -> HttpResponse:
        data, tag = self.current()
        return answer(data, tag=tag)

    @changed(WholeArticleOut, "Correct what is known of an article", DetailsChangeIn, problems=("role",))
    def patch(self, request: Request, slug: str, article_id: int) -> HttpResponse:
        self.need_editor()
        live = access.article(self.seat, article_id)
        base = conditions.base(request)
        given = read(DetailsChangeIn, request.data)
        self.check_origins(given, live.derived_from)
        changes = _changes(live, given)
        try:
            edit_details(
                self.collection,
                author=self.user,
                article_id=article_id,
                base=base,
                changes=changes,
                key=self.key,
            )
        except Stale as error:
            raise stale(error, self.current) from error
        data, tag = self.current()
        return answer(data, tag=tag)


def _single_values(data: Any) -> Any:
    """A form's fields as the JSON they stand for: an empty one is not there."""
    if not isinstance(data, QueryDict):
        return data
    plain: dict[str, Any] = {name: value for name, value in data.items() if isinstance(value, str) and value}
    if plain.get("supersedes", "").isdecimal():
        plain["supersedes"] = int(plain["supersedes"])
    return plain


def _draft(given: dict[str, Any], files: list[UploadedFile]) -> Draft:
    ways = [name for name in PASTED if given.get(name)]
    if len(ways) + len(files) != 1:
        raise invalid("Send one of text, html, markdown, or one file.", *PASTED, "file")
    if ways:
        return read_pasted(given[ways[0]], format=ways[0])
    return _read(files[0])


def _read(file: UploadedFile) -> Draft:
    if file.size is not None and file.size > MAX_BYTES:
        raise Problem(413, "too-large", f"A file has at most {MAX_BYTES // 1024 // 1024} MB.")
    return read_upload(file.name or "file", file.read(), file.content_type or "")


def _details(draft: Draft, given: dict[str, Any]) -> Details:
    """What the client says, and what the text itself suggests for the rest."""
    guessed = draft.metadata
    if guessed["published_on"]:
        guessed["published_on"] = date.fromisoformat(guessed["published_on"])
    named = {field.name for field in fields(Details)} - {"blocks"}
    said = {name: value for name, value in given.items() if name in named}
    blocks = draft.blocks
    if said.get("language", draft.language) != draft.language:
        blocks = reblock(draft.text, blocks, said["language"])
    return Details(**guessed | said, blocks=blocks)


def _changes(live: ArticleDetails, given: dict[str, Any]) -> dict[str, Any]:
    blocks = live.blocks
    if "blocks" in given:
        blocks = _with_roles(blocks, given["blocks"])
    if given.get("language", live.language) != live.language:
        blocks = reblock(live.article.text, blocks, given["language"])
    return given | {"blocks": blocks}


def _with_roles(blocks: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks are the lines of the text: their roles may change, their places never."""
    roles = {block["start"]: block["role"] for block in given}
    if unknown := roles.keys() - {block["start"] for block in blocks}:
        raise invalid(f"No block of this article begins at {min(unknown)}.", "blocks")
    return [
        old | {"role": role, "reason": SET_HERE}
        if (role := roles.get(old["start"], old["role"])) != old["role"]
        else old
        for old in blocks
    ]
