"""Who may see and do what, for pages, API, search and export. Every queryset that a request reaches starts here.

A non-member gets 404, a member without the right 403. In a blind collection a reviewer sees of a claim only its
place, until their own first verdict on it: `claims` gives every row a `shown_status` and a `shown_verdict`, and
filters, counts and pages use those; `opinions`, `evidence` and `rulings` leave out what is hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404

from annotations.models import (
    LIVE,
    Annotation,
    ApiToken,
    Article,
    ArticleDetails,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Membership,
    Revision,
    Ruling,
    Source,
    Span,
    Status,
    User,
)
from annotations.models.prepared import Kind, Prepared, Question, Rows
from annotations.models.prepared import Value as Given
from annotations.models.versions import Unindexed

RANKS: dict[str, int] = {Membership.Role.VIEWER: 0, Membership.Role.REVIEWER: 1, Membership.Role.EDITOR: 2}
VIEWERS_SEE = (Status.AGREED, Status.RULED)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in a collection: who, where, as what."""

    user: User
    collection: Collection
    settings: CollectionSettings
    role: str
    spoken_by: int = LIVE
    """What they say after this change opens nothing: an answer that many statements make is of one moment."""
    by_token: bool = False
    """A tool asks for them, not their browser."""

    @property
    def is_reviewer(self) -> bool:
        """Reviewers and editors."""
        return RANKS[self.role] >= 1

    @property
    def is_editor(self) -> bool:
        return self.role == Membership.Role.EDITOR

    @property
    def is_viewer(self) -> bool:
        return self.role == Membership.Role.VIEWER

    @property
    def is_blind(self) -> bool:
        """Others' work on a claim is hidden from this person until their own first verdict on it."""
        return self.settings.blind and not self.is_editor

    @property
    def hides(self) -> bool:
        """What this person sees of a claim depends on whether they have spoken. (Viewers see results, never this.)"""
        return self.is_blind and not self.is_viewer

    @property
    def may_annotate(self) -> bool:
        return self.is_reviewer and not (self.settings.blind and self.is_editor)


def collections(user: User | AnonymousUser) -> QuerySet[CollectionSettings]:
    """The live settings of the user's collections, each with its `role`, by name."""
    if not user.is_authenticated:
        return CollectionSettings.objects.none()
    return memberships(user.pk).select_related("collection").order_by("name", "pk")


def memberships(user_id: int) -> QuerySet[CollectionSettings]:
    return _live_memberships(collection__memberships__user=user_id)


def _live_memberships(**whose: Any) -> QuerySet[CollectionSettings]:
    return CollectionSettings.objects.filter(
        retired_in=LIVE, **whose, collection__memberships__ended=None
    ).annotate(role=F("collection__memberships__role"))


def seat(
    user: User | AnonymousUser, slug: str, role: str = Membership.Role.VIEWER, keyed: Rows | None = None
) -> Seat:
    """Raises Http404 for a non-member, PermissionDenied for a member below `role`. `keyed`: what KEYED_SEATS told of
    the collection, where it was asked with the person's token."""
    if keyed is not None:
        row = next((tuple(found) for whose, *found in keyed if whose == user.pk), None)
    else:
        row = _SEAT.first(user.pk, slug) if isinstance(user, User) else None
    taken = _taken(user, row)
    if RANKS[taken.role] < RANKS[role]:
        raise PermissionDenied(f"This needs the role {role}; you are a {taken.role} of this collection.")
    return taken


def seat_at(user: User | AnonymousUser, slug: str, article_id: int) -> tuple[Seat, int]:
    """The seat, and the id of the article's live details, by one query. Raises Http404."""
    row = _SEAT_AT.first(user.pk, slug, article_id) if isinstance(user, User) else None
    taken = _taken(user, row[:-1] if row else None)
    if row is None or row[-1] is None:
        raise no_article(taken, article_id)
    return taken, row[-1]


def _taken(user: User | AnonymousUser, row: tuple[Any, ...] | None) -> Seat:
    if row is None:
        raise Http404("No such collection, or you are not a member of it.")
    assert isinstance(user, User)
    settings = CollectionSettings.from_db(None, _SETTINGS, row[:-4])
    collection = settings.collection = Collection(
        pk=settings.collection_id, slug=row[-3], head=row[-2], epoch=row[-1]
    )
    return Seat(user, collection, settings, row[-4])


_SETTINGS = [field.attname for field in CollectionSettings._meta.concrete_fields]
_SEAT_COLUMNS = (*_SETTINGS, "role", "collection__slug", "collection__head", "collection__epoch")
_SEAT = Prepared(
    lambda user, slug: memberships(user).filter(collection__slug=slug).values_list(*_SEAT_COLUMNS), int, str
)
KEYED_SEATS = Prepared(
    lambda key, slug: (
        _live_memberships(
            collection__memberships__user__in=ApiToken.objects.filter(token_key=key).values("user")
        )
        .filter(collection__slug=slug)
        .values_list("collection__memberships__user_id", *_SEAT_COLUMNS)
    ),
    *(str, str),
)
"""The seats of whoever has a token that begins so."""
_SEAT_AT = Prepared(
    lambda user, slug, article: (
        memberships(user)
        .filter(collection__slug=slug)
        .annotate(version=Subquery(_details_of(article).filter(collection=OuterRef("collection"))))
        .values_list(*_SEAT_COLUMNS, "version")
    ),
    *(int, str, int),
)


def _details_of(article_id: int) -> QuerySet[ArticleDetails, Any]:
    return ArticleDetails.objects.current().filter(article=article_id).values("pk")


class Seated:
    """A prepared query that starts from a seat: kept once for each way of seeing (role, blind or not)."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: Kind) -> None:
        self._build, self._kinds = build, kinds
        self._by_sight: dict[tuple[str, bool], Prepared] = {}

    def __call__(self, seat: Seat, *values: Given) -> Rows:
        return self.question(seat, *values).rows()

    def question(self, seat: Seat, *values: Given) -> Question:
        prepared = self._by_sight.get((seat.role, seat.settings.blind)) or self._prepare(seat)
        person = (seat.user.pk, seat.spoken_by) if seat.hides else ()
        return Question(prepared, (seat.collection.pk, *values, *person))

    def _prepare(self, seat: Seat) -> Prepared:
        role, settings, given = seat.role, CollectionSettings(blind=seat.settings.blind), len(self._kinds)

        def build(collection: int, *values: int) -> QuerySet[Any, Any]:
            person, spoken_by = values[given:] or (None, LIVE)
            taken = Seat(User(pk=person), Collection(pk=collection), settings, role, spoken_by)
            return self._build(taken, *values[:given])

        kinds: list[Kind] = [int, *self._kinds, *([int, int] if seat.hides else [])]
        prepared = self._by_sight[role, seat.settings.blind] = Prepared(build, *kinds, used=1 + given)
        return prepared


def desk_seat(collection: Collection) -> Seat:
    """How the command line sees a collection: as an editor does."""
    settings = CollectionSettings.objects.current().get(collection=collection)
    return Seat(User(), collection, settings, Membership.Role.EDITOR)


def articles(seat: Seat) -> QuerySet[ArticleDetails]:
    """Live details, without the blocks; the text is on `.article`, deferred."""
    return (
        ArticleDetails.objects.current()
        .filter(collection=seat.collection)
        .select_related("article")
        .defer("blocks", "article__text")
    )


def article(seat: Seat, article_id: int) -> ArticleDetails:
    """With blocks and `.article.text`."""
    details = articles(seat).filter(article=article_id).defer(None).first()
    if details is None:
        raise no_article(seat, article_id)
    return details


def article_version(seat: Seat, article_id: int) -> int:
    """The id of the article's live details."""
    row = _ARTICLE_VERSION.first(seat.collection.pk, article_id)
    if row is None:
        raise no_article(seat, article_id)
    version: int = row[0]
    return version


_ARTICLE_VERSION = Prepared(
    lambda collection, article: (
        ArticleDetails.objects.current().filter(collection=collection, article=article).values_list("pk")
    ),
    int,
    int,
)


def claims(seat: Seat) -> QuerySet[ClaimState]:
    """Live claims that the person may see, each with `shown_status` and `shown_verdict`; of one that is decided,
    `again_on` is the day from which the decision is due again."""
    return visible_claims(seat, ClaimState.objects.current())


def visible_claims(seat: Seat, states: QuerySet[ClaimState]) -> QuerySet[ClaimState]:
    states = states.filter(collection=seat.collection)
    if seat.is_viewer:
        states = states.filter(status__in=VIEWERS_SEE)
    if not seat.hides:
        return states.annotate(shown_status=F("status"), shown_verdict=F("verdict"), again_on=_AGAIN_ON)
    told = spoke(seat)
    return states.annotate(
        shown_status=Case(
            When(told, then=F("status")), default=Value(Status.TO_CHECK), output_field=CharField()
        ),
        shown_verdict=Case(When(told, then=F("verdict")), default=None, output_field=CharField()),
        again_on=Case(When(told, then=_AGAIN_ON), default=None, output_field=DateField()),
    )


_AGAIN_ON = Case(
    When(
        status=Status.RULED,
        then=Subquery(Ruling.objects.current().filter(span=OuterRef("span")).values("check_again_on")),
    ),
    default=None,
    output_field=DateField(),
)


def claim(seat: Seat, span_id: int) -> tuple[Span, ClaimState]:
    state = claims(seat).filter(span=span_id).select_related("span").first()
    if state is None:
        raise Http404("No such claim in this collection.")
    return state.span, state


def hidden_claims(seat: Seat, span_ids: list[int]) -> frozenset[int]:
    """Those of the claims whose work by others is hidden from this person."""
    question = opened(seat, span_ids)
    return frozenset(span_ids) - {span for (span,) in question.rows()} if question else frozenset()


def opened(seat: Seat, span_ids: list[int]) -> Question | None:
    """Asks on which of the claims this person has spoken. None where nothing is hidden from them."""
    return Question(_OPENED, (seat.user.pk, seat.spoken_by, span_ids)) if seat.hides else None


_OPENED = Prepared(
    lambda person, spoken_by, spans: (
        Annotation.objects.filter(reviewer=person, created_in__lte=spoken_by, span__among=spans)
        .order_by()
        .values_list("span_id")
    ),
    *(int, int, list),
)


def changed_claims(seat: Seat, article_id: int, after: int) -> dict[int, bool]:
    """The article's claims of which this person sees something else than right after that revision; whether each is
    still there. Of what is hidden from them they see a place, which comes and goes with the mark alone."""
    rows = ClaimState.objects.filter(collection=seat.collection, span__article=article_id)
    touched = sorted({span for (span,) in rows.changed_after(after).values_list("span_id")})
    if not touched:
        return {}
    before, now = (
        set(visible_claims(seat, states).filter(span__in=touched).values_list("span_id", flat=True))
        for states in (ClaimState.objects.at(after), ClaimState.objects.current())
    )
    untold = hidden_claims(seat, touched) & before & now
    return {span: span in now for span in touched if span in before | now and span not in untold}


def may_tell(seat: Seat, span_id: int | None = None) -> bool:
    """Whether a refusal may say what others did to this claim; without one, to claims not known beforehand."""
    return not seat.hides if span_id is None else not hidden_claims(seat, [span_id])


def sees(seat: Seat, status: str) -> bool:
    """Whether the person sees a claim in that state at all."""
    return not seat.is_viewer or status in VIEWERS_SEE


def opinions(seat: Seat, at: int = LIVE - 1, *, seen: bool = False) -> QuerySet[Annotation]:
    """`seen`, here and below: of claims of which `sees` has said so, as of that revision."""
    rows = Annotation.objects.at(at).filter(collection=seat.collection)
    return _unhidden(seat, rows, "reviewer", at, seen)


def evidence(seat: Seat, at: int = LIVE - 1, *, seen: bool = False) -> QuerySet[Evidence]:
    rows = Evidence.objects.at(at).filter(collection=seat.collection)
    return _tiered(seat, _unhidden(seat, rows, "added_by", at, seen))


def rulings(seat: Seat, at: int = LIVE - 1, *, seen: bool = False) -> QuerySet[Ruling]:
    rows = Ruling.objects.at(at).filter(collection=seat.collection)
    return _unhidden(seat, rows, "editor", at, seen)


def revisions(seat: Seat) -> QuerySet[Revision]:
    """The history that the person may read: viewers none of it, blind reviewers their own changes."""
    rows = Revision.objects.filter(collection=seat.collection)
    if seat.is_viewer:
        return rows.none()
    return rows.filter(author=seat.user) if seat.is_blind else rows


def annotating(seat: Seat) -> None:
    if not seat.may_annotate:
        raise PermissionDenied(
            "In a blind collection editors see everything, so they do not review."
            if seat.is_editor
            else "Only reviewers and editors mark and tag claims."
        )


def public_names(seat: Seat) -> dict[int, str]:
    """user id → the name under which their work leaves: a pseudonym, unless collection and person agreed to names."""
    return names_of(seat, NAMED(seat.collection.pk))


def names_of(seat: Seat, named: Rows) -> dict[int, str]:
    """As `public_names`, of what NAMED tells of the collection."""
    shown = seat.settings.show_names
    return {
        user: (display or username) if shown and agreed else pseudonym
        for user, pseudonym, agreed, display, username in named
    }


NAMED = Prepared(
    lambda collection: Membership.objects.filter(collection=collection).values_list(
        "user_id", "pseudonym", "user__show_name", "user__display_name", "user__username"
    ),
    int,
)


def text_of(seat: Seat, article: Article) -> str | None:
    """The text as the API gives it. Where the collection keeps texts in, only to who checks it and is signed in: the
    pages show it to them, while what a tool gets has left."""
    reads_it_here = seat.is_reviewer and not seat.by_token
    return article.text if seat.settings.text_exportable or reads_it_here else None


def spoken(seat: Seat) -> QuerySet[Annotation]:
    return Annotation.objects.filter(reviewer=seat.user, created_in__lte=seat.spoken_by)


def spoke(seat: Seat, span: str = "span") -> Exists:
    """Of a row about a claim: whether the person has given a verdict of it at some time."""
    own = Annotation.objects.alias(who=Unindexed("reviewer")).filter(who=seat.user.pk, span=OuterRef(span))
    return Exists(own.filter(created_in__lte=seat.spoken_by))


def _unhidden(seat: Seat, rows: Any, person: str, at: int, seen: bool) -> Any:
    if seat.is_viewer:
        # Of the collection, or PostgreSQL finds no index for it and reads the states of all claims.
        states = ClaimState.objects.at(at).filter(collection=seat.collection, span=OuterRef("span"))
        return rows if seen else rows.filter(Exists(states.filter(status__in=VIEWERS_SEE)))
    if not seat.is_blind:
        return rows
    return rows.filter(Q(**{person: seat.user}) | spoke(seat))


def _tiered(seat: Seat, rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return rows.filter(source__tier=Source.Tier.PUBLIC) if seat.is_viewer else rows


def seats(user: User) -> list[Seat]:
    """The user's seats in all their collections."""
    return [Seat(user, row.collection, row, row.role) for row in collections(user)]  # type: ignore[attr-defined]


def revealed(seat: Seat) -> QuerySet[ClaimState]:
    """In a blind collection: the live claims on which the person has given a verdict at some time."""
    live = ClaimState.objects.current().filter(collection=seat.collection)
    return live.filter(span__in=spoken(seat).values("span"))


class Withdrawn(Http404):
    """An article that was here: `number` is the change that took it away."""

    def __init__(self, seat: Seat, number: int) -> None:
        super().__init__("This article was withdrawn from the collection.")
        self.seat, self.number = seat, number


def no_article(seat: Seat, article_id: int) -> Http404:
    """What to raise where the article is not in the collection."""
    gone = ArticleDetails.objects.filter(collection=seat.collection, article=article_id).order_by(
        "-retired_in"
    )
    number = gone.values_list("retired_in", flat=True).first()
    return Withdrawn(seat, number) if number else Http404("No such article in this collection.")
