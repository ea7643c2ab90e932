"""What is hidden from ana: a distinct word in every field that others can fill, and every kind of thing they do.

`unsettled` leaves no claim agreed or decided, so that viewers see none of it either; `everything` goes on from there.
HIDDEN is in what nobody below an editor reads who has not spoken; OPEN in what viewers read of claims that are settled.
"""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from annotations.models import (
    Annotation,
    ArticleWork,
    ClaimState,
    Comment,
    Evidence,
    SavedFilter,
    SourceDetails,
)
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, set_checkable, tag, withdraw
from annotations.services.comments import add_comment, edit_comment, withdraw_comment
from annotations.services.corrections import Told, save_correction
from annotations.services.documents import keep
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.notes import keep_note
from annotations.services.rulings import Terms, rule
from annotations.services.sent_back import send_back
from annotations.services.undo import undo
from annotations.services.visits import has_read
from annotations.services.work import Standing, set_work
from tests.blind.ground import FILTER, MORNING, Ground

TODAY = MORNING.date()


def unsettled(ground: Ground) -> None:
    _argue(ground)
    _cite(ground)
    _talk(ground)
    _say_of_others(ground)


def everything(ground: Ground) -> None:
    unsettled(ground)
    _settle(ground)
    _correct(ground)


def _argue(ground: Ground) -> None:
    """Opinions that differ, are changed, sent back, withdrawn and undone."""
    desk, spans = ground.collection, ground.spans
    ben, cara, edith = (ground.person(name) for name in ("ben", "cara", "edith"))
    said = Opinion("disputed", "HIDDEN-why", "figure", "HIDDEN-should-read", must_fix=True, confidence=37)
    version = tag(desk, author=ben, target=spans["contested"], opinion=said, base=None).version or 0
    send_back(desk, author=edith, span_id=spans["contested"], reviewer_id=ben.pk, reason="HIDDEN-sent-back",
              base=version)  # fmt: skip
    first = tag(
        desk, author=cara, target=spans["contested"], opinion=Opinion("verified", "HIDDEN-first"), base=None
    )
    again = Opinion("verified", "HIDDEN-second-thoughts", confidence=91)
    tag(desk, author=cara, target=spans["contested"], opinion=again, base=first.version)
    asked = Opinion("needs_source", "HIDDEN-lone", asked="HIDDEN-asked", due_on=date(2027, 7, 19))
    tag(desk, author=ben, target=spans["lone"], opinion=asked, base=None)
    tag(desk, author=ben, target=spans["ours"], opinion=Opinion("disputed", "HIDDEN-ours"), base=None)
    gone = tag(
        desk, author=cara, target=spans["given"], opinion=Opinion("disputed", "HIDDEN-gone"), base=None
    )
    withdraw(desk, author=cara, span_id=spans["given"], base=gone.version or 0)
    slip = tag(desk, author=cara, target=spans["lone"], opinion=Opinion("disputed", "HIDDEN-slip"), base=None)
    undo(desk, author=cara, number=slip.revision)
    set_checkable(desk, author=ben, target=spans["unfit"], not_checkable=True, reason="HIDDEN-reason")


def _cite(ground: Ground) -> None:
    """Sources of every kind with every field of theirs, changed and taken away again."""
    desk, ben, span = ground.collection, ground.person("ben"), ground.spans["cited"]
    cited = Citation("contradicts", "HIDDEN-locator", "HIDDEN-excerpt")
    for kind in ("web", "image", "person", "calculation", "recording", "document"):
        details = _details(kind)
        file = keep(BytesIO(b"%PDF-1.7\nHIDDEN-document")) if kind == "document" else ""
        source = NewSource(kind, details, file=file)
        add_evidence(desk, author=ben, span_id=span, source=source, citation=cited)
    source = NewSource("article", article_id=ground.other)
    add_evidence(desk, author=ben, span_id=ground.spans["contested"], source=source, citation=cited)
    again = add_evidence(desk, author=ben, span_id=span, source=NewSource("web", _details("again")))
    row = Evidence.objects.get(pk=again.version)
    version = SourceDetails.objects.current().get(source=row.source)
    edited = edit_evidence(desk, author=ben, evidence_key=again.key, base=again.version, citation=cited,
                           source_details={"note": "HIDDEN-note-again"}, source_base=version.pk)  # fmt: skip
    remove_evidence(desk, author=ben, evidence_key=again.key, base=edited.version)


def _details(kind: str) -> dict[str, Any]:
    words = {
        name: f"HIDDEN-{kind}-{name}" for name in ("title", "publisher", "note", "person_role", "reached_how")
    }
    days = {
        "published_on": date(2011, 1, 13),
        "accessed_on": date(2012, 1, 14),
        "reached_on": date(2013, 1, 15),
    }
    links = {
        "url": f"https://hidden.example/HIDDEN-{kind}",
        "archived_url": f"https://kept.example/HIDDEN-{kind}",
    }
    captured = datetime.combine(date(2014, 1, 16), MORNING.timetz())
    return words | days | links | {"captured_at": captured, "on_record": True, "is_primary": True}


def _talk(ground: Ground) -> None:
    desk, spans = ground.collection, ground.spans
    ben, edith = ground.person("ben"), ground.person("edith")
    for span in spans:
        if span not in ("mine", "spoken"):
            add_comment(desk, author=ben, span_id=spans[span], text=f"HIDDEN-comment-{span}, @ana")
    first, second = Comment.objects.current().filter(author=ben, text__contains="HIDDEN").order_by("pk")[:2]
    edit_comment(desk, author=ben, comment=first.key, text="HIDDEN-comment-edited, @ana @vera", base=first.pk)
    withdraw_comment(desk, author=ben, comment=second.key, base=second.pk)
    add_comment(desk, author=edith, span_id=spans["contested"], text="HIDDEN-comment-editor, @ben")
    keep_note(author=ben, span_id=spans["contested"], text="HIDDEN-private-note")
    keep_note(author=ben, span_id=spans["spoken"], text="HIDDEN-private-note-elsewhere")


def _say_of_others(ground: Ground) -> None:
    """Legal reads, who is asked, a note to whoever has the article, what somebody saved and read."""
    desk, spans = ground.collection, ground.spans
    ben, cara, edith = (ground.person(name) for name in ("ben", "cara", "edith"))
    ask_legal(desk, author=ben, span_id=spans["lone"], question="HIDDEN-question-open", base=None)
    tag(desk, author=cara, target=spans["cited"], opinion=Opinion("disputed", "HIDDEN-lawyer"), base=None)
    asked = ask_legal(desk, author=ben, span_id=spans["cited"], question="HIDDEN-question", base=None)
    answer_legal(desk, author=cara, span_id=spans["cited"], answer="objected", said="HIDDEN-objection",
                 base=asked.version or 0)  # fmt: skip
    assign(desk, author=edith, reviewer_ids=[cara.pk], span_ids=[spans["given"]])
    live = ArticleWork.objects.current().get(article=ground.article)
    wanted = Standing(live.stage, live.owner_id, live.due_at, "HIDDEN-note-of-work")
    set_work(desk, author=edith, article_id=ground.article, base=live.pk, wanted=wanted)
    SavedFilter.objects.create(pk=FILTER, collection=desk, user=ben, name="HIDDEN-filter", query="q=HIDDEN")
    has_read(desk, ben)


def _settle(ground: Ground) -> None:
    """One agreed, one decided: viewers read what was found there."""
    desk, spans = ground.collection, ground.spans
    ben, cara, edith = (ground.person(name) for name in ("ben", "cara", "edith"))
    source = NewSource("web", {"title": "OPEN-title", "url": "https://open.example/OPEN"})
    add_evidence(desk, author=ben, span_id=spans["agreed"], source=source)
    for who in (ben, cara):
        tag(desk, author=who, target=spans["agreed"], opinion=Opinion("verified", "OPEN-why"), base=None)
    version = tag(
        desk, author=ben, target=spans["ruled"], opinion=Opinion("disputed", "OPEN-why"), base=None
    ).version
    send_back(desk, author=edith, span_id=spans["ruled"], reviewer_id=ben.pk, reason="HIDDEN-back-ruled",
              base=version or 0)  # fmt: skip
    terms = Terms(should_read="OPEN-should-read", true_as_of=TODAY, check_again_on=TODAY + timedelta(days=1))
    rule(desk, author=edith, span_id=spans["ruled"], verdict="disputed", rationale="OPEN-rationale", terms=terms,
         base=None)  # fmt: skip


def _correct(ground: Ground) -> None:
    told = Told("HIDDEN-reads", "HIDDEN-should", "HIDDEN-told")
    edith, span = ground.person("edith"), ground.spans["ruled"]
    save_correction(ground.collection, author=edith, span_id=span, told=told, base=None)


def known_ids() -> dict[str, list[Any]]:
    """What a reviewer could guess at: ids and keys of what is hidden, while it is there."""
    return {
        "versions": list(Annotation.objects.order_by("-pk").values_list("pk", flat=True)[:1]),
        "evidence": list(Evidence.objects.order_by("-pk").values_list("key", flat=True)[:2]),
        "comments": list(Comment.objects.order_by("-pk").values_list("key", flat=True)[:2]),
        "revisions": list(
            ClaimState.objects.current().order_by("-created_in").values_list("created_in", flat=True)[:1]
        ),
        "sources": list(SourceDetails.objects.exclude(file="").values_list("source", flat=True)[:1]),
    }
