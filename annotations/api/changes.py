"""changes/: what to do to a copy of the collection to bring it from revision N to the head."""

import re
from dataclasses import replace
from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request

from annotations.api import conditions, paging, shapes
from annotations.api.base import CollectionView, answer
from annotations.api.documented import KNOWN, LIMIT, READ, operation, query, whole
from annotations.api.filters import refuse_unknown
from annotations.api.outputs import ChangesOut
from annotations.api.problems import Problem, invalid
from annotations.exports.feed import Change, Things, Walk, changes
from annotations.exports.rows import STATES_OF, Builder, Row
from annotations.models import ArticleDetails
from annotations.models.prepared import Asking, Prepared, Question, answered, side_by_side

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
        page = answered(changes(seat, walk, limit, partial(things, Builder(seat, walk.head))), one_plan=True)
        body = {
            "results": [entry(each, page.things) for each in page.entries],
            "next": self.following(walk, limit, page.entries[-1]) if page.more else None,
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


def entry(change: Change, known: Things) -> Row:
    return {
        "seq": change.seq,
        "op": change.op,
        "type": change.type,
        "id": change.id,
        "object": known.get((change.type, change.id)) if change.op == "upsert" else None,
    }


def things(builder: Builder, upserts: list[Change]) -> Asking[Things]:
    """The articles and claims, as of the walk's head, of which `builder` makes rows."""
    articles = [each.id for each in upserts if each.type == "article"]
    claims = [each for each in upserts if each.type == "claim"]
    found: list[list[Row]] = yield from side_by_side(
        _articles_of(builder, articles), _claims_of(builder, claims)
    )
    return {
        (kind, row["id"]): row for kind, rows in zip(("article", "claim"), found, strict=True) for row in rows
    }


def _articles_of(builder: Builder, ids: list[int]) -> Asking[list[Row]]:
    home = builder.seat.collection.pk
    (rows,) = yield [Question(_ARTICLES, (home, builder.at, ids)) if ids else None]
    return [dict(zip(shapes.ARTICLE, row, strict=True)) for row in rows]


def _claims_of(builder: Builder, claims: list[Change]) -> Asking[list[Row]]:
    states = [each.state for each in claims]
    if builder.seat.hides and claims:
        (states,) = yield [STATES_OF.question(builder.seat, builder.at, sorted(each.id for each in claims))]
    return (yield from builder.asking(sorted(states)))


_ARTICLES = Prepared(
    lambda collection, at, ids: (
        ArticleDetails.objects.at(at)
        .filter(collection=collection, article__among=ids)
        .values_list(*shapes.ARTICLE.values())
    ),
    *(int, int, list),
)
