"""Sources cited for a claim."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from annotations import access, access_sources
from annotations.api import conditions, shapes
from annotations.api.base import Body, CollectionView, answer, no_content, read, stale
from annotations.api.documented import changed, created, removed, shown
from annotations.api.inputs import EvidenceChangeIn, EvidenceIn
from annotations.api.outputs import EvidenceOut
from annotations.api.problems import invalid
from annotations.models import Evidence, SourceDetails
from annotations.services import evidence
from annotations.services.ledger import Stale

CITATION = ("stance", "locator", "excerpt")


class SpanEvidence(CollectionView):
    @created(EvidenceOut, "Cite a source for a claim", EvidenceIn, problems=("role",))
    def post(self, request: Request, slug: str, span_id: int) -> HttpResponse:
        self.need_reviewer()
        if not self.is_retry():
            access.claim(self.seat, span_id)
        given = read(EvidenceIn, request.data)
        cited = evidence.add_evidence(
            self.collection,
            author=self.user,
            span_id=span_id,
            source=self.source(given),
            citation=_citation(given),
            key=self.key,
        )
        address = request.build_absolute_uri(f"/api/v1/collections/{slug}/evidence/{cited.key}/")
        return _written(self.seat, cited, 201, Location=address)

    def source(self, given: dict[str, Any]) -> int | evidence.NewSource:
        if "source" in given:
            if (
                not self.is_retry()
                and not access_sources.sources(self.seat).filter(source=given["source"]).exists()
            ):
                raise Http404("No such source in this collection.")
            return int(given["source"])
        if "kind" not in given:
            raise invalid(
                "Name a source of the collection by its id, or a new one by its kind.", "source", "kind"
            )
        if "article" in given and not self.is_retry():
            access.article(self.seat, given["article"])
        return evidence.NewSource(
            given["kind"], _details(given), tier=given.get("tier", ""), article_id=given.get("article")
        )


class EvidenceDetail(CollectionView):
    def current(self) -> Body:
        row = access.evidence(self.seat).filter(key=self.kwargs["key"]).select_related("source").first()
        if row is None:
            raise Http404("No such source on a claim of this collection.")
        return shapes.evidence(self.seat, row), _etag(row)

    @shown(EvidenceOut, "One citation; of any tier, for those who may see it")
    def get(self, request: Request, slug: str, key: str) -> HttpResponse:
        data, tag = self.current()
        return answer(data, tag=tag)

    @changed(
        EvidenceOut,
        "Change a citation, and the source where its details are given",
        EvidenceChangeIn,
        problems=("role", "forbidden"),
    )
    def put(self, request: Request, slug: str, key: str) -> HttpResponse:
        self.mine(key)
        base, source_base = conditions.two_bases(request)
        given = read(EvidenceChangeIn, request.data)
        self.may_say(key, _details(given))
        try:
            cited = evidence.edit_evidence(
                self.collection,
                author=self.user,
                evidence_key=key,
                base=base,
                citation=_citation(given),
                source_details=_details(given) or None,
                source_base=source_base,
                key=self.key,
            )
        except Stale as error:
            raise stale(error, self.current) from error
        return _written(self.seat, cited)

    @removed(EvidenceOut, "Take a citation away", "role", "forbidden")
    def delete(self, request: Request, slug: str, key: str) -> HttpResponse:
        self.mine(key)
        base, source_base = conditions.two_bases(request)
        if not self.is_retry() and source_base != _details_version(
            access_sources.own_evidence(self.seat, key)
        ):
            base = conditions.NEVER
        try:
            evidence.remove_evidence(
                self.collection, author=self.user, evidence_key=key, base=base, key=self.key
            )
        except Stale as error:
            raise stale(error, self.current) from error
        return no_content()

    def mine(self, key: str) -> None:
        self.need_reviewer()
        if not self.is_retry():
            access_sources.own_evidence(self.seat, key)

    def may_say(self, key: str, details: dict[str, Any]) -> None:
        """What the source is, where the body says it otherwise."""
        if self.is_retry() or not details:
            return
        source = access_sources.own_evidence(self.seat, key).source_id
        now = SourceDetails.objects.current().get(source=source)
        if any(getattr(now, name) != value for name, value in details.items()):
            access_sources.changing_source(self.seat, source)


def _etag(row: Evidence) -> str:
    """Of the citation and of what it says of its source: a PUT may change both."""
    return f'"{row.pk}.{_details_version(row)}"'


def _details_version(row: Evidence) -> int:
    return SourceDetails.objects.current().values_list("pk", flat=True).get(source=row.source_id)


def _citation(given: dict[str, Any]) -> evidence.Citation:
    return evidence.Citation(**{name: given[name] for name in CITATION if name in given})


def _details(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in evidence.DETAILS & given.keys()}


def _written(seat: access.Seat, cited: evidence.Cited, status: int = 200, **headers: str) -> HttpResponse:
    row = Evidence.objects.select_related("source").get(pk=cited.version)
    return answer(shapes.evidence(seat, row), status, tag=_etag(row), **headers)
