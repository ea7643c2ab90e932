"""spans/{id}/ruling/: the editor's decision."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from annotations import access
from annotations.api import conditions, shapes
from annotations.api.base import Body, CollectionView, answer, no_content, read, stale
from annotations.api.documented import changed, removed, shown
from annotations.api.inputs import RulingIn
from annotations.api.outputs import RulingOut
from annotations.api.problems import Problem
from annotations.models import Ruling
from annotations.services import rulings
from annotations.services.ledger import Stale

TERMS = ("should_read", "true_as_of", "check_again_on")


class SpanRuling(CollectionView):
    def current(self) -> Body:
        span_id = self.kwargs["span_id"]
        access.claim(self.seat, span_id)
        row = access.rulings(self.seat).filter(span=span_id).first()
        if row is None:
            raise Http404("This claim is not decided.")
        return shapes.ruling(self.seat, row), conditions.etag(row.pk)

    @shown(RulingOut, "The decision on a claim")
    def get(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        data, tag = self.current()
        return answer(data, tag=tag)

    @changed(
        RulingOut,
        "Decide a claim; not for those who reviewed it",
        RulingIn,
        new=True,
        problems=("role", "ruled-by-reviewer"),
    )
    def put(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        self.need_editor()
        if not self.is_retry():
            access.claim(self.seat, span_id)
        base = conditions.base_or_new(request)
        given = self.given(request.data)
        try:
            written = rulings.rule(
                self.collection,
                author=self.user,
                span_id=span_id,
                verdict=given["verdict"],
                rationale=given["rationale"],
                terms=rulings.Terms(**{name: given[name] for name in TERMS if name in given}),
                base=base,
                claim_revision=given["revision"],
                key=self.key,
            )
        except Stale as error:
            raise self.stale(error) from error
        row = Ruling.objects.get(pk=written.version or 0)
        return answer(
            shapes.ruling(self.seat, row), 201 if base is None else 200, tag=conditions.etag(row.pk)
        )

    @removed(RulingOut, "Take the decision back", "role")
    def delete(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        self.need_editor()
        if not self.is_retry():
            access.claim(self.seat, span_id)
        base = conditions.base(request)
        try:
            rulings.withdraw_ruling(
                self.collection, author=self.user, span_id=span_id, base=base, key=self.key
            )
        except Stale as error:
            raise stale(error, self.current) from error
        return no_content()

    def given(self, body: Any) -> dict[str, Any]:
        if isinstance(body, Mapping) and "revision" not in body:
            raise Problem(
                428,
                "precondition-required",
                "Name the claim's revision that you read, as revision in the body.",
            )
        return read(RulingIn, body)

    def stale(self, error: Stale) -> Problem:
        """With the ruling that stands, and the claim's revision: either may be what has moved on."""
        problem = stale(error, self.current)
        problem.members["revision"] = access.claim(self.seat, self.kwargs["span_id"])[1].created_in
        return problem
