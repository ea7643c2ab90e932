"""What each form of a claim builds on: the rows that it was made from, as they were read and as they are now."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest

from annotations import access, access_places
from annotations.models import (
    LIVE,
    Annotation,
    ClaimState,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    Ruling,
    SentBack,
    SourceDetails,
    Span,
    VersionRow,
)
from annotations.views.reading import Reading
from annotations.views.source_input import STORED_AS
from annotations.views.versions import as_stored

NOTHING: Mapping[str, str] = {}


class Base(NamedTuple):
    """`name`: the field that says which version was read. `called`: field of the form → of the row, where they differ.
    `anew`: where to send it once the row is gone: "" to the same address, None nowhere."""

    model: type[VersionRow]
    name: str = "base"
    called: Mapping[str, str] = NOTHING
    anew: str | None = None
    is_told: bool = True


CLAIM = (Base(ClaimState),)
BACK = Base(SentBack, anew="comments/")
MINE = Base(Annotation, anew="")
FORMS: dict[str, tuple[Base, ...]] = {
    "claim-tag": (MINE,),
    "claim-why": (MINE,),
    "claim-withdraw": (Base(Annotation),),
    "claim-not-checkable": CLAIM,
    "claim-checkable": CLAIM,
    "claim-unmark": CLAIM,
    "claim-move": CLAIM,
    "claim-split": CLAIM,
    "claim-merge": (Base(ClaimState), Base(ClaimState, "away_base")),
    "claim-send-back": (Base(Annotation), Base(SentBack, "back_base", {"look_again": "reason"}, anew="")),
    "claim-call-off": (Base(SentBack),),
    "claim-stand-by": (BACK,),
    "article-comment": (Base(Comment, called={"comment": "text"}, anew="comments/"),),
    "article-comment-withdraw": (Base(Comment),),
    "claim-decide": (Base(Ruling, anew=""), Base(ClaimState, "claim_revision", is_told=False)),
    "claim-decide-withdraw": (Base(Ruling),),
    "claim-legal-ask": (Base(LegalRead, anew=""),),
    "claim-legal-answer": (Base(LegalRead),),
    "claim-legal-withdraw": (Base(LegalRead),),
    "claim-correct": (Base(Correction, anew=""),),
    "claim-correction-publish": (Base(Correction),),
    "claim-correction-withdraw": (Base(Correction),),
    "source-change": (
        Base(Evidence, anew="sources/"),
        Base(SourceDetails, "source_base", STORED_AS, anew=""),
    ),
    "source-remove": (Base(Evidence),),
}


class Built(NamedTuple):
    """`said`: field of the row → what the form says of it."""

    base: Base
    seen: VersionRow | None
    now: VersionRow | None
    said: dict[str, Any]

    @property
    def version(self) -> str:
        """As the next sending of the form names it."""
        if self.now is None:
            return "none"
        return str(self.now.created_in if isinstance(self.now, ClaimState) else self.now.pk)

    @property
    def is_gone(self) -> bool:
        return self.now is None and self.seen is not None


class Sent(NamedTuple):
    """`span`: the claim that the form is about, `home`: where it is now, None where nowhere."""

    span: int | None
    home: int | None
    built: list[Built]


def sent(request: HttpRequest, at: Reading) -> Sent:
    match = request.resolver_match
    bases = FORMS.get((match.url_name if match else None) or "", ())
    span = _span(request, at)
    home = _home(at, span)
    built = []
    for base in bases:
        away = base.name == "away_base"
        of = _number(request, "away") if away else span
        built.append(_built(request, at, base, of, _home(at, of) if away else home))
    return Sent(span, home, built)


def _home(at: Reading, span: int | None) -> int | None:
    """Where the claim is to be seen now."""
    there = access_places.moved_to(at.seat, span) or span if span else None
    return there if there and access.claims(at.seat).filter(span=there).exists() else None


def _built(request: HttpRequest, at: Reading, base: Base, span: int | None, home: int | None) -> Built:
    model, version = base.model, _number(request, base.name)
    rows = model._base_manager.filter(collection=at.seat.collection)
    named = {"created_in" if model is ClaimState else "pk": version or 0}
    seen = rows.filter(**_key(request, at, model, span), **named).first()
    live = rows.filter(retired_in=LIVE, **_key(request, at, model, home or span)).first()
    fields = {field.attname for field in model._meta.concrete_fields}
    said = {base.called.get(name, name): str(value) for name, value in request.POST.items()}
    said = {name: value for name, value in said.items() if name in fields - _KEYS}
    if "must_fix" in fields and "problem" in said:  # a box that is not ticked is not sent
        said["must_fix"] = request.POST.get("must_fix", "")
    return Built(base, seen, live, as_stored(model, said))


_KEYS = {"id", "key", "collection_id", "created_in", "retired_in"}


def _key(request: HttpRequest, at: Reading, model: type[VersionRow], span: int | None) -> dict[str, Any]:
    """Which thing the form is about: nothing that is sent names another."""
    where: dict[str, Any] = request.resolver_match.kwargs if request.resolver_match else {}
    if model in (Comment, Evidence):
        return {"key": where.get("key"), "span__article": at.article_id}
    if model is SourceDetails:
        cited = Evidence.objects.filter(collection=at.seat.collection, key=where.get("key"))
        return {"source__in": cited.values("source")}
    if model in (Annotation, SentBack):
        return {"span": span, "reviewer": where.get("reviewer_id", at.seat.user.pk)}
    return {"span": span, "span__article": at.article_id}


def _span(request: HttpRequest, at: Reading) -> int | None:
    """By the address, by what the form changes, or by the words that were sent."""
    where: dict[str, Any] = request.resolver_match.kwargs if request.resolver_match else {}
    rows = Span.objects.filter(article=at.article_id)
    if "span_id" in where:
        rows = rows.filter(pk=where["span_id"])
    elif "key" in where:
        spans: list[tuple[int, int]] = []
        for model in (Comment, Evidence):
            said = model._base_manager.filter(collection=at.seat.collection, key=where["key"])
            spans += said.values_list("pk", "span")
        rows = rows.filter(pk=max(spans)[1] if spans else 0)
    elif claim := _number(request, "claim"):
        rows = rows.filter(pk=claim)
    else:
        place = {name: _number(request, name) or 0 for name in ("start", "end")}
        rows = rows.filter(**place, aspect=request.POST.get("aspect") or "fact")
    return rows.values_list("pk", flat=True).first()


def _number(request: HttpRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 10 else None
