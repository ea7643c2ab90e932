"""export/: the dataset, as of one revision."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework import exceptions
from rest_framework.request import Request

from annotations.api import conditions, paging
from annotations.api.base import CollectionView, JsonOnly, accepts
from annotations.api.filters import claim_filters, one_of
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

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        name, filters = self.format(request), claim_filters(request)
        head = self.collection.head
        at = paging.whole(request, "at", head, least=1, most=head)
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
