"""What an import proposes: shown in a preview, edited, and stored only when a person confirms it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.domain.metadata import Metadata, guess_metadata
from annotations.domain.roles import Guess, guess_roles
from annotations.domain.sentences import sentences
from annotations.domain.text import MAX_CHARACTERS, BadText, line_spans, normalize

from .errors import ImportRefused

Block = dict[str, Any]

MAX_LINES = 100_000
LONGEST = {"title": 500, "publisher": 200, "byline": 300, "url": 2000, "language": 35}
"""What the fields of an article take, in characters."""


@dataclass
class Draft:
    """`text` is final. `blocks`: one for each line that is not blank, in order,

    {"start": int, "end": int, "role": str, "reason": str, "sentences": [[start, end], …]}, in code points.
    `published_on` is an ISO date or None, `direction` ltr or rtl; `reasons` has an entry for each field guessed.
    """

    name: str
    format: str
    encoding: str
    text: str
    blocks: list[Block]
    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_on: str | None = None
    url: str = ""
    language: str = ""
    direction: str = "ltr"
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def metadata(self) -> dict[str, Any]:
        fields = ("title", "publisher", "byline", "published_on", "url", "language", "direction")
        return {name: getattr(self, name) for name in fields}

    def lines(self) -> list[str]:
        return [self.text[block["start"] : block["end"]] for block in self.blocks]


def clean_text(raw: str) -> tuple[str, list[str]]:
    """The text as it will be stored, and warnings about what was dropped."""
    try:
        text = normalize(raw)
    except BadText as error:
        title, _, what_next = str(error).partition(". ")
        code = "nul" if "\0" in raw else "broken-text"
        raise ImportRefused(code, f"{title}.", what_next) from error
    if len(text) > MAX_CHARACTERS:
        raise ImportRefused(
            "too-many-characters",
            f"The text has {len(text):,} characters; {MAX_CHARACTERS:,} are allowed.",
            "Split it into parts and import each as an article of its own.",
        )
    if text.count("\n") > MAX_LINES and len(line_spans(text)) > MAX_LINES:
        raise ImportRefused(
            "too-many-lines",
            f"The text has more than {MAX_LINES:,} lines.",
            "Split it into parts and import each as an article of its own.",
        )
    if not text.strip("\u200b\ufeff\u2060 \t\n\u00a0"):
        raise ImportRefused(
            "empty", "There is no text in it.", "Choose a file with text, or paste the text itself."
        )
    return text, _dropped(raw)


def _dropped(raw: str) -> list[str]:
    controls = sum(raw.count(chr(code)) for code in range(1, 0x20) if chr(code) not in "\t\n\r")
    if not controls:
        return []
    return [f"{controls} invisible control character{'s were' if controls > 1 else ' was'} dropped."]


def build_blocks(text: str, roles: Sequence[Guess], language: str) -> list[Block]:
    return [
        {
            "start": start,
            "end": end,
            "role": role,
            "reason": reason,
            "sentences": _sentences(text, start, end, language),
        }
        for (start, end), (role, reason) in zip(line_spans(text), roles, strict=True)
    ]


def reblock(text: str, blocks: Sequence[Mapping[str, Any]], language: str) -> list[Block]:
    """The same blocks and roles with sentences cut anew, for a text whose language was corrected."""
    return [
        {**block, "sentences": _sentences(text, block["start"], block["end"], language)} for block in blocks
    ]


def _sentences(text: str, start: int, end: int, language: str) -> list[list[int]]:
    return [list(span) for span in sentences(text, start, end, language)]


def make_draft(
    name: str,
    format: str,
    encoding: str,
    text: str,
    roles: Sequence[Guess],
    metadata: Metadata,
    warnings: Sequence[str] = (),
) -> Draft:
    draft = Draft(
        name=name,
        format=format,
        encoding=encoding,
        text=text,
        blocks=build_blocks(text, roles, metadata.language),
        title=metadata.title,
        publisher=metadata.publisher,
        byline=metadata.byline,
        published_on=metadata.published_on,
        url=metadata.url,
        language=metadata.language,
        direction=metadata.direction,
        reasons=dict(metadata.reasons),
        warnings=[*warnings, *metadata.warnings],
    )
    _leave_out_what_is_too_long(draft)
    return draft


def _leave_out_what_is_too_long(draft: Draft) -> None:
    """A guess that no field would take was a wrong one, so it is not cut but left to a person."""
    for name, longest in LONGEST.items():
        if len(getattr(draft, name)) > longest:
            setattr(draft, name, "")
            draft.reasons[name] = f"what looked like it has more than {longest} characters"
            draft.warnings.append(f"No {name}: {draft.reasons[name]}. Fill it in.")


def guess(text: str, hints: Mapping[int, Guess] | None = None) -> tuple[list[Guess], Metadata]:
    lines = [text[start:end] for start, end in line_spans(text)]
    roles = guess_roles(text.split("\n"), hints)
    return roles, guess_metadata(lines, [role for role, _ in roles])
