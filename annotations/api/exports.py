"""export/: the dataset, as of one revision; how many rows it has; links to it."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import exceptions
from rest_framework.request import Request

from annotations.api import conditions, paging, signed
from annotations.api.authentication import CookieAuthentication, TokenAuthentication
from annotations.api.base import CollectionView, JsonOnly, answer, read, wanted
from annotations.api.documented import CLAIM_FILTERS, KNOWN, READ, header, operation, query, whole
from annotations.api.filters import claim_filters, one_of, refuse_unknown
from annotations.api.inputs import LinkIn
from annotations.api.outputs import EXPORTED, CountOut, LinkOut
from annotations.api.serving import Download, serve
from annotations.exports.counts import count
from annotations.exports.dataset import Dataset
from annotations.exports.filters import NAMES
from annotations.exports.formats import FORMATS
from annotations.exports.w3c import A_PAGE, Pages
from annotations.models import ApiToken
from annotations.services.export_links import make_link

OCTETS = "application/octet-stream"
"""Any format, to a client that likes bytes best. First in the schema, since generators of clients know one type a
status, the first that they know, and would read json whatever came."""
ACCEPTED = {
    "json": frozenset({"*/*", "application/*", "application/json", OCTETS}),
    "jsonl": frozenset({"application/jsonl", "application/x-ndjson", "application/x-jsonlines"}),
    "csv": frozenset({"text/csv", "text/*"}),
    "parquet": frozenset({"application/vnd.apache.parquet"}),
    "w3c": frozenset({"application/ld+json"}),
}
MEDIA_TYPES = frozenset(each.media_type.split(";")[0] for each in FORMATS.values())
GIVES: dict[str, Any] = {
    OCTETS: OpenApiTypes.BINARY,
    **dict.fromkeys(sorted(MEDIA_TYPES), OpenApiTypes.STR),
    "application/json": EXPORTED,
    "application/ld+json": OpenApiTypes.OBJECT,
    "application/vnd.apache.parquet": OpenApiTypes.BINARY,
    "application/zip": OpenApiTypes.BINARY,
}
FORMAT = query("format", "The Accept header decides where it is not given, else json.", enum=list(FORMATS))
AT = query("at", "A revision; the last one unless given.", whole(1))
PAGE = query("page", f"Of w3c: one of its pages of {A_PAGE:,}, from 1, by itself.", whole(1))
PART = (
    header("Range", "One stretch of bytes, where `at` is given or If-Range holds."),
    header("If-Range", "The ETag of the file of which you have a part: the whole comes where it is another."),
)
DESCRIBED = header(
    "Link",
    "`describedby`: the JSON Schema of a row; `license`, where the collection names one SPDX identifier.",
    response=[200, 206],
    required=True,
)


class AnyFormat(JsonOnly):
    accepted = frozenset().union(*ACCEPTED.values(), JsonOnly.accepted, MEDIA_TYPES)
    otherwise = (
        f"The export comes as {', '.join(FORMATS)}: ask for one by format=, and accept its type or */*."
    )


class Export(CollectionView):
    content_negotiation_class = AnyFormat
    authentication_classes = [signed.LinkAuthentication, TokenAuthentication, CookieAuthentication]

    @operation(
        "The dataset as of one revision: a row a claim",
        {(200, kind): gives for kind, gives in GIVES.items()}
        | {(206, kind): OpenApiTypes.BINARY for kind in GIVES}
        | {304: None},
        (*READ, "range-not-satisfiable", "unavailable"),
        [FORMAT, AT, PAGE, *CLAIM_FILTERS, KNOWN, *PART, DESCRIBED],
        tags=(200, 206, 304),
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Without a Range it comes as it is made. A HEAD tells how long it is and a Range gets a part of it: for them
        it is made once and kept a while, so the first one waits. With Accept-Encoding: gzip it comes compressed, under
        another ETag, without ranges and length. As application/octet-stream the same bytes come to whoever accepts that
        before all else; otherwise a format comes under its own media type."""
        refuse_unknown(request, "format", "at", "page", *NAMES, signed.PARAMETER)
        name, filters = format_of(request), claim_filters(request)
        dataset = Dataset(self.seat_then, revision(self, request), filters)
        page, pinned = page_of(request, name, dataset), "at" in request.query_params
        served = serve(request, Download(dataset, name, pinned, self.known_head, page))
        if served.status_code in (200, 206) and wanted(request)[:1] == [OCTETS]:
            served["Content-Type"] = OCTETS
        return served


class ExportCount(CollectionView):
    @operation(
        "How many rows the export has",
        {200: CountOut, 304: None},
        READ,
        [AT, *CLAIM_FILTERS, KNOWN],
        tags=(200, 304),
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        refuse_unknown(request, "at", *NAMES)
        filters, at = claim_filters(request), revision(self, request)
        tag = conditions.seat_tag(request, self.seat, self.known_head, at)
        if same := conditions.not_modified(request, tag):
            return same
        return answer({"count": count(self.seat_then, at, filters), "at": at}, tag=tag)


class ExportLinks(CollectionView):
    # Nothing of the collection is written: a token that may only read makes links.
    writes = False

    @operation(
        "A link to one export at one revision, for tools that send no headers",
        {201: LinkOut},
        (*READ, "csrf-failed", "parse-error", "unsupported-media-type"),
        [FORMAT, AT, *CLAIM_FILTERS],
        LinkIn,
        places=(201,),
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """The address after export/ and before the question mark is all that differs from the export's own. Whoever has
        the link reads that export, by GET and HEAD and in parts, until its hour, and while the token that made it is
        live and its owner a member. Made by somebody signed in, it has a token of its own, which they can revoke."""
        refuse_unknown(request, "format", "at", *NAMES)
        claim_filters(request)
        name, at = format_of(request), revision(self, request)
        until = timezone.now() + timedelta(seconds=read(LinkIn, request.data)["expires_in"])
        asked = [(key, value) for key, value in signed.query_of(request) if key not in ("format", "at")]
        asked = [("format", name), ("at", str(at)), *asked]
        token = request.auth if isinstance(request.auth, ApiToken) else None
        link = make_link(self.user, self.collection, asked, until, token)
        url = request.build_absolute_uri(f"../?{link.query}")
        made = answer({"url": url, "format": name, "at": at, "expires_at": link.until}, 201, Location=url)
        made["Cache-Control"] = "no-store"
        return made


def format_of(request: Request) -> str:
    """`format=` decides, else what the Accept header likes best of what we have, else json."""
    if given := one_of(request, "format", list(FORMATS)):
        return given[-1]
    for kind in wanted(request):
        if name := next((name for name, kinds in ACCEPTED.items() if kind in kinds), None):
            return name
    raise exceptions.NotAcceptable(AnyFormat.otherwise)


def page_of(request: Request, name: str, dataset: Dataset) -> int | None:
    """`page=`, of a format that comes in pages."""
    if "page" not in request.query_params:
        return None
    if FORMATS[name].write_page is None:
        raise Http404(f"{name} does not come in pages, w3c does.")
    page = paging.whole(request, "page", 1, least=1, most=2**31 - 1)
    if page > (last := Pages(dataset).last):
        raise Http404(f"There is no page {page}: the last one is {last}." if last else "There is no claim.")
    return page


def revision(view: CollectionView, request: Request) -> int:
    """`at=`, of what the person may know of; the last one unless given."""
    head = view.known_head
    at = paging.whole(request, "at", head, least=1, most=2**31 - 1)
    if at > head:
        raise Http404(f"There is no revision {at} yet: the last one is {head}.")
    return at
