"""Marks: the places of claims. A claim's id is its span's."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from rest_framework.request import Request

from annotations import access, access_places
from annotations.api import conditions, paging, shapes
from annotations.api.base import Body, CollectionView, answer, no_content, read, stale
from annotations.api.documented import CLAIM_FILTERS, changed, created, listed, removed, shown
from annotations.api.filters import claim_filters, refuse_unknown
from annotations.api.inputs import CheckableIn, SpanIn
from annotations.api.outputs import ClaimOut, ClaimPage
from annotations.exports.filters import NAMES
from annotations.exports.rows import STATE, Row, states
from annotations.services import claims
from annotations.services.errors import OthersWork
from annotations.services.ledger import Stale


class Spans(CollectionView):
    @listed(ClaimPage, "Claims", *CLAIM_FILTERS)
    def get(self, request: Request, slug: str) -> HttpResponse:
        refuse_unknown(request, *paging.PARAMETERS, *NAMES)
        page, filters = paging.page_of(request), claim_filters(request)
        tag = conditions.seat_tag(request, self.seat, self.known_head, self.known_head)
        if same := conditions.not_modified(request, tag):
            return same
        found = states(self.seat_then, self.known_head, filters).values(*STATE)
        body = paging.paginate(
            request,
            page,
            found,
            "span_id",
            lambda rows: shapes.claims(
                self.seat_then, [tuple(row[name] for name in STATE) for row in rows], self.known_head
            ),
        )
        return answer(body, tag=tag)

    @created(
        ClaimOut,
        "Mark a claim; the same place again gives the claim that is there",
        SpanIn,
        200,
        problems=("forbidden", "reference-text", "quote-mismatch"),
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        access.annotating(self.seat)
        given = read(SpanIn, request.data)
        access.article(self.seat, given["article"])
        place = claims.Place(given.pop("article"), **given)
        written = claims.mark(self.collection, author=self.user, place=place, key=self.key)
        row = _written(self.seat, written)
        address = request.build_absolute_uri(f"{request.path}{written.span_id}/")
        status = 201 if written.changed else 200
        return answer(row, status, tag=conditions.claim_etag(row), Location=address)


class SpanDetail(CollectionView):
    def current(self) -> Body:
        row = shapes.claim(self.seat, self.kwargs["span_id"])
        if row is None:
            raise Http404("No such claim in this collection.")
        return row, conditions.claim_etag(row)

    @shown(ClaimOut, "One claim")
    def get(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        try:
            data, tag = self.current()
        except Http404:
            if there := access_places.moved_to(self.seat, span_id):
                return HttpResponseRedirect(request.build_absolute_uri(f"../{there}/"))
            raise
        return answer(data, tag=tag)

    @changed(
        ClaimOut,
        "Say that a claim cannot be checked, and why; or take that back",
        CheckableIn,
        problems=("forbidden",),
    )
    def patch(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        access.annotating(self.seat)
        base = conditions.claim_base(request)
        unseen = self.unseen(base)
        given = read(CheckableIn, request.data)
        try:
            written = claims.set_checkable(
                self.collection,
                author=self.user,
                target=span_id,
                base=base,
                unseen=unseen,
                key=self.key,
                **given,
            )
        except Stale as error:
            raise stale(error, self.current) from error
        row = _written(self.seat, written)
        return answer(row, tag=conditions.claim_etag(row))

    @removed(ClaimOut, "Unmark a claim; refused where others have worked on it", "forbidden", "others-work")
    def delete(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        access.annotating(self.seat)
        base = conditions.claim_base(request)
        unseen = self.unseen(base)
        if not self.is_retry():
            access_places.unmarking(self.seat, span_id)
        try:
            claims.unmark(
                self.collection, author=self.user, span_id=span_id, base=base, unseen=unseen, key=self.key
            )
        except Stale as error:
            raise stale(error, self.current) from error
        except OthersWork as error:
            if not access.may_tell(self.seat, span_id):
                raise OthersWork(str(error), []) from error
            raise
        return no_content()

    def unseen(self, base: int) -> bool:
        """Whether the claim's changes are hidden: the one revision of it to be known is that which marked it."""
        span_id = self.kwargs["span_id"]
        hidden = bool(access.hidden_claims(self.seat, [span_id]))
        if self.is_retry():
            return hidden
        access.claim(self.seat, span_id)
        shown = shapes.claim(self.seat, span_id) if hidden else None
        if shown and shown["revision"] != base:
            raise stale(Stale(None), self.current)
        return hidden


def _written(seat: access.Seat, written: claims.Written) -> Row:
    """The claim as it is; on a late retry of what has gone since, as it was written."""
    row = shapes.claim(seat, written.span_id) or shapes.claim(seat, written.span_id, written.revision)
    if row is None:
        raise Http404("No such claim in this collection.")
    return row
