"""articles/{id}/work/: whose an article is, its stage, and until when. Not for viewers."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from annotations import access, access_work
from annotations.api import conditions
from annotations.api.base import Body, CollectionView, answer, read, stale
from annotations.api.documented import changed, shown
from annotations.api.inputs import WorkIn
from annotations.api.outputs import WorkOut
from annotations.api.problems import Problem, invalid
from annotations.exports.rows import Row
from annotations.models import ArticleWork
from annotations.services.ledger import Stale
from annotations.services.work import Standing, set_work, standing

UNSAID = 0
"""The version of an article of which nothing has been said: it waits, and is nobody's."""


class ArticleWorkDetail(CollectionView):
    def live(self) -> ArticleWork | None:
        self.need_reviewer()
        article_id = self.kwargs["article_id"]
        access.article(self.seat, article_id)
        return access_work.work(self.seat).filter(article=article_id).first()

    def current(self) -> Body:
        live = self.live()
        return _shape(live), conditions.etag(live.pk if live else UNSAID)

    @shown(WorkOut, "Whose an article is, its stage, and until when", "role")
    def get(self, request: Request, slug: str, article_id: int) -> HttpResponse:
        data, tag = self.current()
        return answer(data, tag=tag)

    @changed(
        WorkOut, "Take, hand over, date or stage an article", WorkIn, problems=("role", "reference-text")
    )
    def put(self, request: Request, slug: str, article_id: int) -> HttpResponse:
        live, base = self.live(), conditions.base(request)
        wanted = self.wanted(live, read(WorkIn, request.data))
        row = ArticleWork(owner_id=wanted.owner_id, due_at=wanted.due_at)
        if not self.is_retry() and not access_work.may_set_work(self.seat, live, row):
            raise Problem(403, "role", "It is somebody else's, or the deadline: ask its owner, or an editor.")
        try:
            set_work(
                self.collection,
                author=self.user,
                article_id=article_id,
                base=None if base == UNSAID else base,
                wanted=wanted,
                key=self.key,
            )
        except Stale as error:
            raise stale(error, self.current) from error
        data, tag = self.current()
        return answer(data, tag=tag)

    def wanted(self, live: ArticleWork | None, given: dict[str, Any]) -> Standing:
        """What is not named stays as it is; a note is for whoever gets it, and is not read back here."""
        now = standing(live)
        owner_id = now.owner_id
        if "owner" in given:
            owner_id = self.owner(live, given["owner"]) if given["owner"] else None
        return Standing(
            given.get("stage", now.stage),
            owner_id,
            given.get("due_at", now.due_at),
            given.get("note", now.note),
        )

    def owner(self, live: ArticleWork | None, username: str) -> int:
        found = (
            access_work.owners(self.seat, live).filter(username=username).values_list("pk", flat=True).first()
        )
        if found is None:
            raise invalid(
                "Name a reviewer or an editor of this collection, to whom you may give it.", "owner"
            )
        return found


def _shape(live: ArticleWork | None) -> Row:
    now = standing(live)
    return {
        "stage": now.stage,
        "owner": live.owner.username if live and live.owner else None,
        "due_at": now.due_at,
        "revision": live.created_in if live else None,
    }
