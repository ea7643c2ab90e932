"""What is done to one claim, article or collection, before somebody reads it and while they write (scenes.py)."""

from annotations.models import (
    Annotation,
    ArticleDetails,
    ArticleWork,
    ClaimState,
    CollectionSettings,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    Ruling,
    SentBack,
    SourceDetails,
)
from annotations.services.articles import edit_details
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, mark, set_checkable, tag, withdraw
from annotations.services.comments import add_comment, edit_comment, withdraw_comment
from annotations.services.corrections import Told, save_correction, withdraw_correction
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.notes import keep_note
from annotations.services.places import move_claim
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.sent_back import call_off, send_back
from annotations.services.settings import change_settings
from annotations.services.work import Standing, set_work

THEIRS, MINE = "Theirs-42", "Mine-17"


def live(model, **where):
    return model.objects.current().get(**where)


def base(s, claim=0):
    return live(ClaimState, span=claim or s.claim).created_in


# What is there before


def ruled(s, why="As it was.", verdict="disputed", base=None):
    return rule(s.desk, author=s.max, span_id=s.claim, verdict=verdict, rationale=why, base=base)


def sent_back(s, why="As it was.", over=None):
    mine = live(Annotation, reviewer=s.ana).pk
    args = {"span_id": s.claim, "reviewer_id": s.ana.pk, "reason": why, "base": mine}
    send_back(s.desk, author=s.max, over=over, **args)


def commented(s):
    add_comment(s.desk, author=s.ana, span_id=s.claim, text="As it was.")


def drafted(s, text="As it was.", base=None):
    save_correction(s.desk, author=s.max, span_id=s.claim, told=Told("31", "30", text), base=base)


def asked(s, question="As it was.", base=None, by=None):
    ask_legal(s.desk, author=by or s.max, span_id=s.claim, question=question, base=base)


def cited(s):
    source = NewSource("web", {"title": "Register", "url": "https://register.example/"})
    add_evidence(s.desk, author=s.ana, span_id=s.claim, source=source, citation=Citation("contradicts"))


def uncheckable(s, reason="opinion", by=None):
    set_checkable(s.desk, author=by or s.max, target=s.claim, not_checkable=True, reason=reason, base=base(s))


def other_claim(s):
    s.other = mark(s.desk, author=s.ana, place=s.place("harbour")).span_id


def owned(s):
    row = ArticleWork.objects.current().first()
    wanted = Standing("checking", s.ana.pk, None, "")
    set_work(s.desk, author=s.max, article_id=s.article.pk, base=row and row.pk, wanted=wanted)


def noted(s):
    keep_note(author=s.ana, span_id=s.claim, text="As it was.")


# What somebody does meanwhile


def retagged(s):
    mine = live(Annotation, reviewer=s.ana)
    tag(s.desk, author=s.ana, target=mine.span_id, opinion=Opinion("verified", why=THEIRS), base=mine.pk)


def taken_back(s):
    withdraw(s.desk, author=s.ana, span_id=s.claim, base=live(Annotation, reviewer=s.ana).pk)


def ben_disagrees(s):
    tag(s.desk, author=s.ben, target=s.claim, opinion=Opinion("verified"), base=None)


def moved(s):
    s.home = move_claim(
        s.desk, author=s.max, span_id=s.claim, place=s.place("31 bridges in the harbour"), base=base(s)
    ).span_id


def ruled_anew(s):
    ruled(s, THEIRS, "verified", live(Ruling).pk)


def unruled(s):
    withdraw_ruling(s.desk, author=s.max, span_id=s.claim, base=live(Ruling).pk)


def sent_back_anew(s):
    sent_back(s, THEIRS, live(SentBack).pk)


def called_off(s):
    back = live(SentBack).pk
    call_off(s.desk, author=s.max, span_id=s.claim, reviewer_id=s.ana.pk, base=back)


def recommented(s):
    row = live(Comment)
    edit_comment(s.desk, author=s.ana, comment=row.key, text=THEIRS, base=row.pk)


def uncommented(s):
    row = live(Comment)
    withdraw_comment(s.desk, author=s.ana, comment=row.key, base=row.pk)


def redrafted(s):
    drafted(s, THEIRS, live(Correction).pk)


def undrafted(s):
    withdraw_correction(s.desk, author=s.max, span_id=s.claim, base=live(Correction).pk)


def answered(s, said=THEIRS):
    read = live(LegalRead).pk
    answer_legal(s.desk, author=s.max, span_id=s.claim, answer="objected", said=said, base=read)


def reasked(s):
    asked(s, THEIRS, live(LegalRead).pk)


def recited(s):
    row = live(Evidence)
    details = live(SourceDetails)
    edit_evidence(
        s.desk, author=s.max, evidence_key=row.key, base=row.pk, citation=Citation("supports", "p. 3", THEIRS),
        source_details={"publisher": "Harbour office"}, source_base=details.pk,
    )  # fmt: skip


def uncited(s):
    row = live(Evidence)
    remove_evidence(s.desk, author=s.max, evidence_key=row.key, base=row.pk)


def renoted(s):
    keep_note(author=s.ana, span_id=s.claim, text=THEIRS)


def resettled(s):
    changes = {"description": THEIRS, "license": "CC0-1.0"}
    change_settings(s.desk, author=s.max, base=live(CollectionSettings).pk, changes=changes)


def redescribed(s):
    row = live(ArticleDetails)
    blocks = [block | {"role": "credit"} if n == 2 else block for n, block in enumerate(row.blocks)]
    changes = {"byline": THEIRS, "publisher": "Elsewhere", "blocks": blocks}
    edit_details(s.desk, author=s.max, article_id=s.article.pk, base=row.pk, changes=changes)


def work_noted(s):
    row = ArticleWork.objects.current().first()
    wanted = Standing("checking", s.ben.pk, None, THEIRS)
    set_work(s.desk, author=s.max, article_id=s.article.pk, base=row and row.pk, wanted=wanted)


def assigned(s):
    assign(s.desk, author=s.max, reviewer_ids=[s.lena.pk], article_ids=[s.article.pk])
