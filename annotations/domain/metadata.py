"""Guesses an article's title, publisher, byline, date, language and direction from its lines.

Only from evidence that can be shown: each guess comes with its reason, and an empty field says why it is empty.
Dates and names inside the body are never taken for the article's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import line_patterns as patterns
from .dates import Found, find_dates, is_date_line
from .languages import guess_direction, guess_language
from .mastheads import copyright_holder, looks_like_outlet

SAYS_WHO_WROTE = "the text says who wrote it"
TWO_HEADLINES = "More than one line is a headline. Keep one, and call the others what they are."
FIELDS = ("title", "publisher", "byline", "published_on", "url", "language", "direction")


@dataclass
class Metadata:
    """`published_on` is an ISO date or None, `language` a BCP 47 tag or empty, `direction` ltr or rtl."""

    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_on: str | None = None
    url: str = ""
    language: str = ""
    direction: str = "ltr"
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def put(self, name: str, value: str | None, reason: str) -> None:
        setattr(self, name, value)
        self.reasons[name] = reason


@dataclass(frozen=True)
class RoledLine:
    text: str
    role: str


def guess_metadata(lines: Sequence[str], roles: Sequence[str]) -> Metadata:
    """`lines` are those that are not blank, `roles` as `guess_roles` gave them, one for each."""
    roled = [RoledLine(patterns.plain(line), role) for line, role in zip(lines, roles, strict=True)]
    found = Metadata()
    _title(roled, found)
    _byline(roled, found)
    _publisher(roled, found)
    _date(roled, found)
    found.put("url", "", "a plain text carries no address")
    words = "\n".join(line.text for line in roled if line.role != "furniture") or "\n".join(lines)
    _language(words, found)
    if cut := cut_off(roled):
        found.warnings.append(cut)
    return found


def _title(lines: list[RoledLine], found: Metadata) -> None:
    headlines = [line.text for line in lines if line.role == "headline"]
    if headlines:
        found.put("title", headlines[0], "the headline of the text")
        if len(headlines) > 1:
            found.warnings.append(TWO_HEADLINES)
        return
    found.put("title", "", "the text opens without a headline, and none is invented")
    found.warnings.append("The text has no headline. Give it a title of your own, or leave it without.")


def _byline(lines: list[RoledLine], found: Metadata) -> None:
    stated, boxed = _authors(lines)
    if stated:
        found.put("byline", stated[0][0], stated[0][1])
    elif boxed:
        found.put("byline", boxed[0], "a name above a job title or a date")
    else:
        found.put("byline", "", "no line says who wrote it")
    names = list(dict.fromkeys(name for name in [*(name for name, _ in stated), *boxed] if name))
    if _disagree(names):
        others = " and ".join(name for name in names if name != found.byline)
        found.warnings.append(
            f"Two bylines: {found.byline} ({found.reasons['byline']}), but also {others}. Check who wrote it."
        )


def _authors(lines: list[RoledLine]) -> tuple[list[tuple[str, str]], list[str]]:
    """What the text states, the explicit sentence first, and names that merely stand by the headline.

    “This article was written by …” is about the text itself, the box at the top may be a translator's or an
    editor's: the sentence wins, and both are named in a warning.
    """
    sentences, bylines, boxed = [], [], []
    for line in lines:
        if line.role != "byline":
            continue
        if name := patterns.written_by(line.text)[0]:
            sentences.append((name, SAYS_WHO_WROTE))
        elif name := patterns.byline_names(line.text):
            bylines.append((name, "a line that begins like “By …”"))
        elif patterns.BARE_NAME.fullmatch(line.text) and not patterns.JOB.fullmatch(line.text):
            boxed.append(line.text)
    return sentences + bylines, boxed


def _disagree(names: list[str]) -> bool:
    folded = [name.casefold() for name in names]
    return any(a not in b and b not in a for a in folded for b in folded)


def _publisher(lines: list[RoledLine], found: Metadata) -> None:
    for line in lines:
        if line.role == "furniture" and (name := copyright_holder(line.text)):
            found.put("publisher", name, "the copyright line")
            return
    for line in lines:
        if line.role == "byline" and (outlet := patterns.written_by(line.text)[1]):
            found.put(
                "publisher", outlet, "the text says where it first came out: this copy may be another edition"
            )
            return
    if masthead := _masthead(lines):
        found.put("publisher", masthead, "an outlet's name above the headline")
        return
    found.put("publisher", "", "no copyright line or other evidence names one")


def _masthead(lines: list[RoledLine]) -> str:
    headline = next((n for n, line in enumerate(lines) if line.role == "headline"), 0)
    above = (line.text for line in lines[:headline] if line.role == "furniture")
    return next(filter(looks_like_outlet, above), "")


_UPDATED = re.compile(
    r"(?:updated|modified|actualizado|mis à jour|aktualisiert|stand"
    r"|aggiornato|atualizado|обновлено|更新|수정|تحديث)\D{0,20}$",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?:date|published|posted|dated|fecha|datum|data|дата|日期)\s*[:：]?\s*$", re.IGNORECASE
)


def _date(lines: list[RoledLine], found: Metadata) -> None:
    candidates = list(_dates(lines))
    certain = [(date, why) for date, why in candidates if date]
    if not certain:
        unclear = "it can be read as two different days" if candidates else "no line gives a date"
        found.put("published_on", None, unclear)
        if candidates:
            found.warnings.append("The date can be read as two different days. Enter the right one.")
        return
    date, why = min(certain, key=lambda pair: "updated" in pair[1])
    found.put("published_on", date, why)
    others = sorted({other for other, reason in certain if other != date and "updated" not in reason})
    if others:
        found.warnings.append(
            f"Two dates: {date} ({why}), but also {', '.join(others)}. Check which one is right."
        )


def _dates(lines: list[RoledLine]) -> list[tuple[str, str]]:
    """(ISO date or empty when ambiguous, reason) of what gives the article's own date, in the text's order."""
    found = []
    for number, line in enumerate(lines):
        dates = find_dates(line.text[:300])
        if line.role == "byline" and dates:
            found += [(date.iso, _why(line.text, date)) for date in dates]
        elif (
            number < 3
            and dates
            and line.role in {"body", "furniture", "credit"}
            and _opens(line.text, dates[0])
        ):
            found.append((dates[0].iso, "a date written at the start of the text"))
    return found


def _why(text: str, date: Found) -> str:
    if _UPDATED.search(text[: date.start]):
        return "a line says when it was updated"
    return "a date line" if is_date_line(text) else "a date in the byline"


def _opens(text: str, date: Found) -> bool:
    before = text[: date.start]
    return len(before) <= 20 and bool(_INLINE.fullmatch(before.strip()))


def _language(text: str, found: Metadata) -> None:
    language = guess_language(text)
    found.put("language", language, "its script and commonest words" if language else "not enough to tell")
    direction = guess_direction(text)
    found.put(
        "direction",
        direction,
        "most letters run right to left" if direction == "rtl" else "most letters run left to right",
    )


def cut_off(lines: list[RoledLine]) -> str:
    """A warning when the last paragraph stops in the middle."""
    text = [line.text for line in lines if line.role == "body"]
    if (
        not text
        or patterns.weight(text[-1]) < 120
        or not text[-1][-1].isalnum()
        and text[-1][-1] not in ",;-–—"
    ):
        return ""
    tail = text[-1].split()[-1][-20:]
    return f"The text seems cut off: it ends in the middle of a sentence, perhaps of a word (“… {tail}”)."
