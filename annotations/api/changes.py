"""changes/: what to do to a copy of the collection to bring it from revision N to the head."""

import re
from dataclasses import replace

from django.http import HttpResponse
from rest_framework.request import Request

from annotations.access import Seat
from annotations.api import conditions, paging, shapes
from annotations.api.base import CollectionView, answer
from annotations.api.documented import KNOWN, LIMIT, READ, operation, query, whole
from annotations.api.filters import refuse_unknown
from annotations.api.outputs import ChangesOut
from annotations.api.problems import Problem, invalid
from annotations.exports.feed import Change, Walk, changes
from annotations.exports.rows import STATES_OF, Builder, Row
from annotations.models import ArticleDetails
from annotations.models.drivers import planned_once
from annotations.models.prepared import Prepared

_CURSOR = re.compile(r"^([0-9]{1,10})-(article|claim)-([0-9]{1,18})$")


class Changes(CollectionView):
    @operation(
        "What changed after a revision: whole claims and articles",
        {200: ChangesOut, 304: None},
        (*READ, "resync"),
        [
            query("after", "The head that your copy is at.", whole(0)),
            LIMIT,
            query("epoch", "The epoch of your copy: 410 when it has passed.", whole(0)),
            query("head", "Where the walk ends: from a next link.", whole(0)),
            query("cursor", "From a next link.", {"type": "string", "pattern": _CURSOR.pattern}),
            KNOWN,
        ],
        tags=(200, 304),
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        refuse_unknown(request, "after", "epoch", "head", *paging.PARAMETERS)
        limit = paging.limit_of(request)
        walk = self.walk(request)
        tag = conditions.seat_tag(request, self.seat, self.known_head, walk.head)
        if same := conditions.not_modified(request, tag):
            return same
        seat = replace(self.seat, spoken_by=walk.head)
        with planned_once():
            found = changes(seat, walk, limit + 1)
            page, more = found[:limit], len(found) > limit
            results = self.whole(seat, page, walk.head)
        body = {
            "results": results,
            "next": self.following(walk, limit, page[-1]) if more else None,
            "head": walk.head,
            "epoch": self.collection.epoch,
        }
        return answer(body, tag=tag)

    def following(self, walk: Walk, limit: int, edge: Change) -> str:
        return paging.link(
            self.request,
            after=walk.after,
            limit=limit,
            epoch=self.collection.epoch,
            head=walk.head,
            cursor=f"{edge.seq}-{edge.type}-{edge.id}",
        )

    def walk(self, request: Request) -> Walk:
        head, epoch = self.known_head, self.collection.epoch
        most = 2**31 - 1
        after = paging.whole(request, "after", 0, least=0, most=most)
        until = paging.whole(request, "head", head, least=0, most=most)
        known = paging.whole(request, "epoch", epoch, least=0, most=most)
        if known != epoch or after > head or until > head:
            raise Problem(
                410,
                "resync",
                "What you may see has changed, or your copy is of another history. Fetch the export anew.",
                head=head,
                epoch=epoch,
            )
        if after > until:
            raise invalid("A walk ends at its head, which is not before after.", "head")
        return Walk(after, until, self.edge(request))

    def edge(self, request: Request) -> tuple[int, str, int] | None:
        cursor = request.query_params.get("cursor")
        if cursor is None:
            return None
        match = _CURSOR.fullmatch(cursor)
        if match is None:
            raise invalid("The cursor comes from a next link.", "cursor")
        return int(match[1]), match[2], int(match[3])

    def whole(self, seat: Seat, page: list[Change], head: int) -> list[Row]:
        """The entries with their objects, as of the walk's head."""
        upserts = [each for each in page if each.op == "upsert"]
        objects: dict[tuple[str, int], Row] = {}
        if articles := [each.id for each in upserts if each.type == "article"]:
            objects |= {("article", row["id"]): row for row in articles_of(seat, head, articles)}
        claims = [each for each in upserts if each.type == "claim"]
        states = [each.state for each in claims]
        if seat.hides and claims:
            states = STATES_OF(seat, head, [each.id for each in claims])
        objects |= {("claim", row["id"]): row for row in Builder(seat, head).rows(sorted(states))}
        return [
            {
                "seq": each.seq,
                "op": each.op,
                "type": each.type,
                "id": each.id,
                "object": objects.get((each.type, each.id)) if each.op == "upsert" else None,
            }
            for each in page
        ]


def articles_of(seat: Seat, at: int, ids: list[int]) -> list[Row]:
    return [dict(zip(shapes.ARTICLE, row, strict=True)) for row in _ARTICLES(seat.collection.pk, at, ids)]


_ARTICLES = Prepared(
    lambda collection, at, ids: (
        ArticleDetails.objects.at(at)
        .filter(collection=collection, article__among=ids)
        .values_list(*shapes.ARTICLE.values())
    ),
    *(int, int, list),
)
