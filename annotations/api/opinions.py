"""spans/{id}/annotation/: my own opinion of a claim."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from annotations import access
from annotations.api import conditions, shapes
from annotations.api.base import Body, CollectionView, answer, no_content, read, stale
from annotations.api.documented import changed, removed, shown
from annotations.api.inputs import OpinionIn
from annotations.api.outputs import OpinionOut
from annotations.models import Annotation
from annotations.services import claims
from annotations.services.ledger import Stale


class MyAnnotation(CollectionView):
    def current(self) -> Body:
        span_id = self.kwargs["span_id"]
        access.claim(self.seat, span_id)
        row = access.opinions(self.seat).filter(span=span_id, reviewer=self.user).first()
        if row is None:
            raise Http404("You have no opinion of this claim yet.")
        return shapes.opinion(row), conditions.etag(row.pk)

    @shown(OpinionOut, "My opinion of a claim")
    def get(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        data, tag = self.current()
        return answer(data, tag=tag)

    @changed(
        OpinionOut,
        "Give or change my opinion",
        OpinionIn,
        new=True,
        problems=("forbidden", "reviewed-by-ruler"),
    )
    def put(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        access.annotating(self.seat)
        if not self.is_retry():
            access.claim(self.seat, span_id)
        base = conditions.base_or_new(request)
        given = read(OpinionIn, request.data)
        opinion = claims.Opinion(**self.unsaid(base), **given)
        try:
            written = claims.tag(
                self.collection, author=self.user, target=span_id, opinion=opinion, base=base, key=self.key
            )
        except Stale as error:
            raise stale(error, self.current) from error
        row = Annotation.objects.get(pk=written.version or 0)
        return answer(shapes.opinion(row), 201 if base is None else 200, tag=conditions.etag(row.pk))

    def unsaid(self, base: int | None) -> dict[str, Any]:
        """What my opinion says and no body does: a change keeps it."""
        rows = Annotation.objects.filter(
            pk=base or 0, collection=self.collection, reviewer=self.user, span=self.kwargs["span_id"]
        )
        return dict(rows.values("asked", "due_on").first() or {})

    @removed(OpinionOut, "Withdraw my opinion", "forbidden")
    def delete(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        access.annotating(self.seat)
        if not self.is_retry():
            access.claim(self.seat, span_id)
        base = conditions.base(request)
        try:
            claims.withdraw(self.collection, author=self.user, span_id=span_id, base=base, key=self.key)
        except Stale as error:
            raise stale(error, self.current) from error
        return no_content()
