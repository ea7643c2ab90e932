"""What the fields of each kind of version row are called on a page, and how their values are said."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from annotations.forms.articles import ROLES, DetailsForm
from annotations.forms.collections import SettingsForm
from annotations.models import (
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimLink,
    ClaimState,
    CollectionSettings,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    LinkKind,
    Mention,
    Ruling,
    SentBack,
    Source,
    SourceDetails,
    Stance,
    Status,
    Verdict,
)
from annotations.tally import STATUS_WORDS
from annotations.views.opinions import PROBLEMS
from annotations.views.source_form import LABELS as DETAILS

FILES = {".pdf": "A PDF document", ".png": "A picture", ".jpg": "A picture"}


class Names(NamedTuple):
    """How to call what rows point at, by id."""

    people: dict[int, str]
    sources: dict[int, str]
    texts: dict[int, str]
    """of articles, where their lines are to be told"""


class Field(NamedTuple):
    name: str
    label: str
    say: Callable[[Any, Names], str]
    is_prose: bool = False
    """Long enough that what became of it is told word by word."""


def _plain(value: Any, _: Names) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y, %H:%M} UTC"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return str(value)


def _of(choices: dict[Any, str]) -> Callable[[Any, Names], str]:
    return lambda value, _: choices.get(value, "") if value else ""


def _person(value: int | None, names: Names) -> str:
    return names.people.get(value, "aigap") if value else ""


def _ticked(value: bool, _: Names) -> str:
    return "yes" if value else ""


def _claim(value: int | None, _: Names) -> str:
    return f"claim {value}" if value else ""


def _source(value: int, names: Names) -> str:
    return names.sources.get(value, f"source {value}")


def _file(value: str, _: Names) -> str:
    """Of an upload its kind: its name here is ours, and tells nobody anything."""
    return FILES.get(Path(value).suffix, "A document") if value else ""


def _percent(value: int | None, _: Names) -> str:
    return "" if value is None else f"{value} %"


def _origins(value: list[dict[str, Any]], _: Names) -> str:
    names = (each.get("title") or each.get("publisher") or each.get("url") or "" for each in value)
    return "; ".join(filter(None, names))


def prose(name: str, label: str) -> Field:
    return Field(name, label, _plain, is_prose=True)


def line(name: str, label: str) -> Field:
    return Field(name, label, _plain)


_VERDICT = Field("verdict", "Verdict", _of(dict(Verdict.choices)))
_ABOUT = Field("span_id", "Of", _claim)
_READS = prose("should_read", "It should read")
_PARTS = dict(ROLES)
_CHOSEN = {
    "direction": _of(dict(ArticleDetails.Direction.choices)),
    "role": _of(dict(ArticleDetails.Role.choices)),
}

FIELDS: dict[Any, tuple[Field, ...]] = {
    CollectionSettings: tuple(
        prose(name, "Description")
        if name == "description"
        else line(name, str(SettingsForm.base_fields[name].label))
        for name in SettingsForm.base_fields
        if name != "base"
    ),
    ArticleDetails: (
        *(
            Field(name, str(DetailsForm.base_fields[name].label), _CHOSEN.get(name, _plain))
            for name in DetailsForm.base_fields
            if name != "base"
        ),
        Field("derived_from", "Descends from", _origins),
    ),
    ArticleWork: (
        Field("stage", "Stage", _of(dict(ArticleWork.Stage.choices))),
        Field("owner_id", "Whose it is", _person),
        line("due_at", "Deadline"),
        prose("note", "Note"),
    ),
    ClaimState: (
        Field("status", "State", _of({Status(key): words for key, words in STATUS_WORDS.items()})),
        Field("verdict", "Result", _of(dict(Verdict.choices))),
        line("reason", "Why it cannot be checked"),
    ),
    Annotation: (
        _ABOUT,
        _VERDICT,
        prose("why", "Why"),
        Field("problem", "What is wrong", _of({key.value: words for key, words in PROBLEMS.items()})),
        _READS,
        Field("must_fix", "Must be fixed", _ticked),
        Field("confidence", "How sure", _percent),
        line("asked", "Asked whom"),
        line("due_on", "Answer due"),
    ),
    Evidence: (
        _ABOUT,
        Field("source_id", "Source", _source),
        Field("stance", "What it does", _of(dict(Stance.choices))),
        line("locator", "Where in it"),
        prose("excerpt", "The words that settle it"),
        Field("added_by_id", "Added by", _person),
    ),
    SourceDetails: (
        *(
            Field(name, label, _ticked if name == "is_primary" else _plain)
            for name, label in DETAILS.items()
            if name not in ("shows", "note")
        ),
        prose("note", "The working, or what it shows"),
        Field("file", "File", _file),
    ),
    Ruling: (
        _ABOUT,
        _VERDICT,
        prose("rationale", "Why"),
        _READS,
        line("true_as_of", "True as of"),
        line("check_again_on", "Check again by"),
        Field("editor_id", "Decided by", _person),
    ),
    ClaimLink: (),
    Assignment: (_ABOUT, Field("assigned_by_id", "Asked by", _person)),
    SentBack: (_ABOUT, prose("reason", "What to look at again"), Field("editor_id", "Sent back by", _person)),
    Comment: (_ABOUT, prose("text", "Comment")),
    Mention: (_ABOUT,),
    LegalRead: (
        _ABOUT,
        Field("asked_by_id", "Asked by", _person),
        prose("question", "Question"),
        Field("answer", "The answer", _of(dict(LegalRead.Answer.choices))),
        prose("said", "What the lawyer says"),
        Field("lawyer_id", "Answered by", _person),
    ),
    Correction: (
        _ABOUT,
        prose("reads", "The article reads"),
        _READS,
        prose("public_text", "The correction"),
        Field("drafted_by_id", "Drafted by", _person),
        Field("approved_by_id", "Approved by", _person),
        line("published_at", "Published"),
    ),
}
LINKS = {
    LinkKind.MOVED: "Claim {} moved to claim {}",
    LinkKind.MERGED: "Claim {} was merged into claim {}",
    LinkKind.PART: "Claim {} has claim {} as a part",
}
KINDS = dict(Source.Kind.choices)


def what(model: Any, row: Any, names: Names) -> str:
    """What sort of thing it is, and whose."""
    match row:
        case Annotation() | SentBack():
            words = "Opinion of {}" if model is Annotation else "Review of {}, sent back"
            return words.format(names.people.get(row.reviewer_id, "aigap"))
        case Assignment():
            whole = "" if row.span_id else ", the whole article"
            return f"For {names.people.get(row.reviewer_id, 'aigap')} to judge{whole}"
        case Comment():
            return f"Comment by {names.people.get(row.author_id, 'aigap')}"
        case Mention():
            return f"{names.people.get(row.person_id, 'aigap')} asked in a comment"
        case ClaimLink():
            return LINKS[LinkKind(row.kind)].format(row.span_id, row.other_id)
        case Evidence() | SourceDetails():
            words = "Source: {}" if model is Evidence else "What is said of the source {}"
            return words.format(_source(row.source_id, names))
    return WHAT[model]


WHAT = {
    CollectionSettings: "Settings",
    ArticleDetails: "Details",
    ArticleWork: "Where its checking stands",
    ClaimState: "The mark",
    Ruling: "Decision",
    LegalRead: "Legal read",
    Correction: "Correction for readers",
}


def parts_of_lines(before: list[dict[str, Any]], after: list[dict[str, Any]], text: str) -> list[list[str]]:
    """(the line, its part before, its part after) of the lines that have another part now."""
    was = {(block["start"], block["end"]): block["role"] for block in before}
    return [
        [_opening(text, block), _part(was.get((block["start"], block["end"]))), _part(block["role"])]
        for block in after
        if was.get((block["start"], block["end"])) != block["role"]
    ]


def _opening(text: str, block: dict[str, Any]) -> str:
    words = text[block["start"] : block["end"]]
    return f"“{words}”" if len(words) <= 60 else f"“{words[:58].rstrip()} …”"


def _part(role: str | None) -> str:
    return _PARTS.get(role or "", role or "").lower()
