"""Taking an article out of the collection, whole."""

from annotations.models import (
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimState,
    Collection,
    Evidence,
    Revision,
    User,
)
from annotations.services import states
from annotations.services.articles import Stored
from annotations.services.attached import of_article
from annotations.services.claims import others_work, retire_all
from annotations.services.errors import NotThere, OthersWork
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of


def withdraw_article(
    collection: Collection, *, author: User, article_id: int, base: int, key: str | None = None
) -> Stored:
    """Take an article out of the collection, with the author's own claims in it and where its checking stands.

    OthersWork names what others did in it, and the claims that cite it. `base`: as of `edit_details`.
    """
    digest = digest_of(do="withdraw-article", article=article_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="withdraw-article", idempotency_key=key, digest=digest
        ) as revision:
            row = ArticleDetails.objects.current().filter(collection=collection, article=article_id).first()
            if row is None:
                raise NotThere("There is no such article in this collection.")
            if row.pk != base:
                raise Stale(row)
            claims = _remove_claims(revision, article_id, author)
            revision.retire(ArticleDetails, row.pk)
            works = ArticleWork.objects.current().filter(article=article_id)
            revision.retire_many(ArticleWork, list(works.values_list("pk", flat=True)))
            revision.retire_many(Assignment, of_article(article_id))
            revision.articles -= 1
            revision.result = {"article": article_id, "title": str(row), "claims": claims}
    except Replayed as replay:
        return Stored(article_id, base, replay.number, changed=False)
    return Stored(article_id, base, revision.number)


def _remove_claims(revision: Commit, article_id: int, author: User) -> int:
    """Take all claims of the article away, as `unmark` does; how many. Refused where others' work is on one or cites
    it."""
    collection = revision.collection
    citing = Evidence.objects.current().filter(source__article=article_id)
    depends = [f"claim {span} cites it" for span in citing.order_by("span").values_list("span", flat=True)]
    depends += _derived(collection, article_id)
    live = ClaimState.objects.current().filter(span__article=article_id).order_by("span")
    spans = list(live.values_list("span", flat=True))
    for span_id in spans:
        others = others_work(collection, span_id, states.work_on(span_id, collection.pk), author)
        if not others and not _marked_by(span_id, author):
            others = ["somebody else marked it"]
        depends += [f"claim {span_id}: {line}" for line in others]
    if depends:
        raise OthersWork("Others have worked on this article, so it stays.", depends)
    for span_id in spans:
        retire_all(revision, span_id, states.work_on(span_id, collection.pk))
    return len(spans)


def _derived(collection: Collection, article_id: int) -> list[str]:
    """Articles that say they derive from it."""
    rows = ArticleDetails.objects.current().filter(collection=collection).exclude(derived_from=[])
    return [
        f"article {other} derives from it"
        for other, origins in rows.order_by("article").values_list("article", "derived_from")
        if any(origin.get("article") == article_id for origin in origins)
    ]


def _marked_by(span_id: int, author: User) -> bool:
    states_of = ClaimState.objects.filter(span=span_id).order_by("created_in")
    home, number = states_of.values_list("collection", "created_in")[0]
    return Revision.objects.filter(collection=home, number=number, author=author).exists()
