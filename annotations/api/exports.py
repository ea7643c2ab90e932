"""export/: the dataset, as of one revision."""

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import exceptions
from rest_framework.request import Request

from annotations.api import conditions, paging
from annotations.api.base import CollectionView, JsonOnly, accepts
from annotations.api.documented import CLAIM_FILTERS, KNOWN, READ, operation, query, whole
from annotations.api.filters import CLAIM_PARAMETERS, claim_filters, one_of, refuse_unknown
from annotations.api.outputs import ClaimOut
from annotations.exports.formats import FORMATS
from annotations.exports.rows import claim_rows

ACCEPTED = {
    "json": frozenset({"*/*", "application/*", "application/json"}),
    "jsonl": frozenset({"application/jsonl", "application/x-ndjson", "application/x-jsonlines"}),
    "csv": frozenset({"text/csv", "text/*"}),
}


class AnyFormat(JsonOnly):
    accepted = frozenset().union(*ACCEPTED.values(), JsonOnly.accepted)


class Export(CollectionView):
    content_negotiation_class = AnyFormat

    @operation(
        "The dataset as of one revision: a row a claim",
        {
            (200, "application/json"): ClaimOut(many=True),
            (200, "application/jsonl"): OpenApiTypes.STR,
            (200, "text/csv"): OpenApiTypes.STR,
            304: None,
        },
        READ,
        [
            query(
                "format", "The Accept header decides where it is not given, else json.", enum=list(FORMATS)
            ),
            query("at", "A revision; the last one unless given.", whole(1)),
            *CLAIM_FILTERS,
            KNOWN,
        ],
        tags=(200, 304),
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        refuse_unknown(request, "format", "at", *CLAIM_PARAMETERS)
        name, filters = self.format(request), claim_filters(request)
        head = self.collection.head
        at = paging.whole(request, "at", head, least=1, most=2**31 - 1)
        if at > head:
            raise Http404(f"There is no revision {at} yet: the last one is {head}.")
        tag = conditions.seat_tag(request, self.seat, f"{name} {at}")
        if same := conditions.not_modified(request, tag):
            return same
        headers = {
            "ETag": tag,
            "Content-Disposition": f'attachment; filename="{slug}-{at}.{name}"',
        }
        media_type = FORMATS[name].media_type
        if request.method == "HEAD":
            return HttpResponse(content_type=media_type, headers=headers)
        body = FORMATS[name].write(claim_rows(self.seat, at, filters))
        return StreamingHttpResponse(body, content_type=media_type, headers=headers)

    def format(self, request: Request) -> str:
        """`format=` decides, else the Accept header, else json."""
        if given := one_of(request, "format", list(FORMATS)):
            return given[-1]
        for name, kinds in ACCEPTED.items():
            if accepts(request, kinds):
                return name
        raise exceptions.NotAcceptable(f"The export comes as {', '.join(FORMATS)}.")
