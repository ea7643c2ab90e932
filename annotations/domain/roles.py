"""Guesses what each line of an article is for: headline, deck, caption, credit, byline, body or furniture.

A wrong guess must never hide work, so a line that no rule claims is body. Sub-headings and bullet points
inside the article are body too; deck is only what stands between the headline and the text to sum it up.
Date lines and job titles count as byline: they say who and when. Notes about an author are furniture.
No headline is invented: where the text opens with a paragraph, there is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from . import line_patterns as patterns
from .dates import is_date_line
from .mastheads import is_named, looks_like_outlet, named_outlets

ROLES = ("headline", "deck", "caption", "credit", "byline", "body", "furniture")
NO_RULE = "no rule matched"
MASTHEAD = "the outlet's name, above the headline"
SUB_HEADING = "a short line inside the text, as sub-headings are"

Guess = tuple[str, str]


@dataclass
class Line:
    text: str
    touches_next: bool = False
    role: str = ""
    reason: str = ""
    hinted: bool = False

    def set(self, role: str, reason: str) -> None:
        self.role, self.reason = role, reason

    @property
    def is_paragraph(self) -> bool:
        weight = patterns.weight(self.text)
        return weight >= 180 or weight >= 70 and patterns.ends_sentence(self.text)

    @property
    def is_label(self) -> bool:
        """Short and no sentence: a heading, a name, a button."""
        return patterns.weight(self.text) <= 90 and not patterns.ends_sentence(self.text)


def guess_roles(lines: Sequence[str], hints: Mapping[int, Guess] | None = None) -> list[Guess]:
    """One (role, reason) for each line that is not blank.

    `lines` is the whole text cut at LF, blank lines included: whether two lines touch tells a caption from a
    paragraph. `hints` are roles known beforehand (from an HTML page's structure), by the number of the line
    among those that are not blank; they stand.
    """
    found = _lines(lines)
    for number, (role, reason) in (hints or {}).items():
        found[number].set(role, reason)
        found[number].hinted = True
    for line in found:
        _by_itself(line)
    _captions_above_credits(found)
    head = _head(found)
    _headline(head, found)
    _around_the_author(head, found)
    _deck(head, found)
    _above_share_bar(head)
    _tail(found)
    for number, line in enumerate(found):
        if not line.role:
            inside = number > 0 and line.is_label and not patterns.is_bullet(line.text)
            line.set("body", SUB_HEADING if inside else NO_RULE)
    return [(line.role, line.reason) for line in found]


def _lines(lines: Sequence[str]) -> list[Line]:
    found = []
    for number, line in enumerate(lines):
        if line and not line.isspace():
            following = lines[number + 1] if number + 1 < len(lines) else ""
            found.append(Line(patterns.plain(line), touches_next=bool(following) and not following.isspace()))
    return found


def _by_itself(line: Line) -> None:
    if line.role:
        return
    if not line.text:
        line.set("furniture", "a line without visible text")
        return
    for role, rule in _RULES:
        if reason := rule(line.text):
            line.set(role, reason)
            return


def _byline(text: str) -> str:
    if patterns.byline_names(text):
        return "it says who wrote it"
    if patterns.weight(text) <= 300 and patterns.written_by(text)[0]:
        return "it says who wrote it and where it came out"
    return "nothing but a date" if is_date_line(text) else ""


_RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("furniture", patterns.furniture),
    ("credit", patterns.credit),
    ("byline", _byline),
    ("caption", patterns.caption),
)


def _captions_above_credits(lines: list[Line]) -> None:
    """A paragraph that touches a credit is a caption; with a blank line between, only what looks like one."""
    for line, below in zip(lines, lines[1:], strict=False):
        if below.role == "credit" and line.touches_next and not line.role and len(line.text) <= 900:
            if not _dense(lines):
                line.set("caption", "it stands directly above a picture credit")


def _dense(lines: list[Line]) -> bool:
    """Texts without blank lines between paragraphs: there, touching says nothing."""
    return sum(line.touches_next for line in lines) > 0.5 * len(lines)


def _head(lines: list[Line]) -> list[Line]:
    """The lines above the first paragraph of the text."""
    for number, line in enumerate(lines):
        if not line.role and line.is_paragraph and not patterns.is_bullet(line.text):
            if not _is_deck_place(lines, number) and not _is_bio(lines, number):
                return lines[:number]
    return lines


def _headline(head: list[Line], lines: list[Line]) -> None:
    if any(line.role == "headline" for line in lines):
        return
    free = [line for line in head if not line.role]
    if not free or len(lines) < 2:
        return
    free = _below_masthead(free, named_outlets([line.text for line in lines]))
    if not free:
        return
    candidate = free[0]
    if len(free) > 1 and _is_kicker(candidate.text) and _could_be_headline(free[1]) and " " in free[1].text:
        if len(free[1].text.split()) >= 4:
            candidate.set("furniture", "a section label above the headline")
            candidate = free[1]
    if _could_be_headline(candidate) and not _runs_on(candidate, lines):
        if any(line.role in {"", "byline", "caption"} and line is not candidate for line in lines):
            candidate.set("headline", "the first line of the text, and no sentence")


def _below_masthead(free: list[Line], outlets: frozenset[str]) -> list[Line]:
    """Without an outlet's name that stands alone above the headline."""
    for number, line in enumerate(free):
        if not is_named(line.text, outlets) and not _is_masthead(line, free[number + 1 :]):
            return free[number:]
        line.set("furniture", MASTHEAD)
    return []


def _is_masthead(line: Line, below: list[Line]) -> bool:
    if not below or not looks_like_outlet(line.text) or not _could_be_headline(below[0]):
        return False
    words = below[0].text.split()
    return len(words) >= 4 and patterns.weight(below[0].text) > patterns.weight(line.text)


def _could_be_headline(line: Line) -> bool:
    text = line.text
    if line.role or patterns.is_bullet(text) or not 8 <= patterns.weight(text) <= 220:
        return False
    if text.endswith((":", ";", ",")):
        return False
    full_stop = text.rstrip("\"'”’»").endswith((".", "。", "।", "۔"))
    return not full_stop or patterns.ends_abbreviated(text)


def _is_kicker(text: str) -> bool:
    return patterns.weight(text) <= 24 and len(text.split()) <= 2


def _runs_on(line: Line, lines: list[Line]) -> bool:
    """The line below goes on with the sentence: a text with hard line breaks."""
    number = next(i for i, other in enumerate(lines) if other is line)
    return (
        line.touches_next
        and lines[number + 1].text[:1].islower()
        and not patterns.SLUG.fullmatch(lines[number + 1].text)
    )


def _is_deck_place(lines: list[Line], number: int) -> bool:
    """A summary stands below the headline and directly above the byline or the date."""
    above = [line for line in lines[:number] if not line.role or line.role == "headline"]
    if not above or any(line.role == "byline" for line in lines[:number]):
        return False
    below = lines[number + 1] if number + 1 < len(lines) else None
    return below is not None and below.role == "byline" and patterns.weight(lines[number].text) <= 320


def _deck(head: list[Line], lines: list[Line]) -> None:
    headline = next((n for n, line in enumerate(head) if line.role == "headline"), None)
    if headline is None:
        return
    for number in range(headline + 1, len(head)):
        line = head[number]
        if line.role:
            continue
        if patterns.is_bullet(line.text):
            line.set("deck", "a bullet point between the headline and the text")
        elif patterns.weight(line.text) >= 40 and _is_deck_place(lines, number):
            line.set("deck", "it stands between the headline and the byline")


def _around_the_author(head: list[Line], lines: list[Line]) -> None:
    """A name, a job and a note about a person between the headline and the text."""
    for number, line in enumerate(head):
        below = lines[number + 1] if number + 1 < len(lines) else None
        if line.role or below is None or not patterns.BARE_NAME.fullmatch(line.text):
            continue
        if patterns.JOB.fullmatch(below.text):
            line.set("byline", "a name above a job title")
            below.set("byline", "a job title below a name")
        elif below.role == "byline" and is_date_line(below.text):
            line.set("byline", "a name above the date")
        else:
            continue
        above = lines[number - 1] if number else None
        if above and not above.role and above.text.replace("_", "-") == _slug(line.text):
            above.set("furniture", "the author's name as a link writes it")
    for number, line in enumerate(lines[: len(head) + 1]):
        if not line.role and _is_bio(lines, number):
            line.set("furniture", "a note about the author")


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def _is_bio(lines: list[Line], number: int) -> bool:
    """Directly below a job title (which stands below a name), and about a person's work."""
    if number < 2 or not patterns.BIO.search(lines[number].text[:800]):
        return False
    return bool(patterns.JOB.fullmatch(lines[number - 1].text)) and bool(
        patterns.BARE_NAME.fullmatch(lines[number - 2].text)
    )


def _above_share_bar(head: list[Line]) -> None:
    seen_headline = False
    for line, below in zip(head, head[1:], strict=False):
        seen_headline = seen_headline or line.role == "headline"
        if seen_headline and not line.role and line.is_label and line.touches_next:
            if below.role == "furniture" and patterns.is_share_bar(below.text):
                line.set("caption", "a short line on top of the share bar, as a picture's title is")


def _tail(lines: list[Line]) -> None:
    """Below the last paragraph, once furniture has begun, short lines are furniture too."""
    last = max((n for n, line in enumerate(lines) if line.role == "body" or _is_text(line)), default=None)
    if last is None:
        return
    names = {patterns.byline_names(line.text) for line in lines if line.role == "byline"} - {""}
    if last > 0 and any(lines[last].text.startswith((f"{name} is ", f"{name} covers ")) for name in names):
        if not lines[last].role and patterns.BIO.search(lines[last].text):
            lines[last].set("furniture", "a note about the author")
    begun = False
    for line in lines[last + 1 :]:
        begun = begun or line.role == "furniture"
        if begun and not line.role:
            line.set("furniture", "a short line below the end of the article")


def _is_text(line: Line) -> bool:
    return not line.role and (line.is_paragraph or patterns.ends_sentence(line.text))
