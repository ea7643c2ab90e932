from django.http import HttpResponse
from rest_framework.request import Request

from annotations import access
from annotations.access_head import known_heads
from annotations.api import conditions, paging, shapes
from annotations.api.authentication import token_slugs
from annotations.api.base import ApiView, CollectionView, answer
from annotations.api.documented import KNOWN, READ, listed, operation
from annotations.api.filters import refuse_unknown
from annotations.api.outputs import CollectionOut, CollectionPage


class Collections(ApiView):
    @listed(CollectionPage, "My collections")
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown(request, *paging.PARAMETERS)
        page = paging.page_of(request)
        mine = access.collections(self.user)
        if (slugs := token_slugs(request)) is not None:
            mine = mine.filter(collection__slug__in=slugs)
        heads = known_heads(access.seats(self.user))
        state = [
            [row.pk, heads[row.collection_id], row.collection.epoch, row.role]  # type: ignore[attr-defined]
            for row in mine
        ]
        tag = conditions.list_tag(request, state)
        if same := conditions.not_modified(request, tag):
            return same
        body = paging.paginate(
            request,
            page,
            mine,
            "collection_id",
            lambda rows: [shapes.collection(row, row.role, heads[row.collection_id]) for row in rows],
        )
        return answer(body, tag=tag)


class CollectionDetail(CollectionView):
    @operation("One collection", {200: CollectionOut, 304: None}, READ, [KNOWN], tags=(200, 304))
    def get(self, request: Request, slug: str) -> HttpResponse:
        tag = conditions.seat_tag(request, self.seat, self.known_head, self.known_head)
        body = shapes.collection(self.seat.settings, self.seat.role, self.known_head)
        return conditions.not_modified(request, tag) or answer(body, tag=tag)
