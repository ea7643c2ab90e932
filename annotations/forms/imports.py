"""An import's draft, carried in its form: nothing is stored on the server until a person confirms."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.utils.datastructures import MultiValueDict

from annotations.domain.line_patterns import plain
from annotations.domain.text import normalize, sha256
from annotations.forms.articles import LINES_SHOWN, ROLES, lines_of, roles_of
from annotations.imports import SUFFIXES, Draft, ImportRefused, read_pasted, read_upload, reblock
from annotations.models import ArticleDetails

SALT = "import-draft"
MOST_FILES = 20
MOST_CHARACTERS = 2_500_000
KINDS = [
    (ArticleDetails.Role.CHECKED, "An article to be checked"),
    (
        ArticleDetails.Role.REFERENCE,
        "This is a reference text: an origin, transcript or report; it is not work",
    ),
]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class ManyFilesField(forms.FileField):
    """What is wrong with one file is for its own proposal to say."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if len(data) > MOST_FILES:
            raise forms.ValidationError(f"These are {len(data)} files. Import {MOST_FILES} at a time.")
        return list(data)


class UploadForm(forms.Form):
    uploads = ManyFilesField(
        required=False,
        widget=ManyFiles(attrs={"accept": ",".join(SUFFIXES)}),
        label="Files",
        help_text=f"Plain text, Markdown or HTML; up to 5 MB each, {MOST_FILES} at a time.",
    )
    pasted = forms.CharField(required=False, strip=False, widget=forms.Textarea, label="Or paste the text")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("uploads") and not str(cleaned.get("pasted", "")).strip():
            raise forms.ValidationError("Choose at least one file, or paste a text.")
        return cleaned


class MetadataForm(forms.Form):
    title = forms.CharField(required=False, max_length=500)
    publisher = forms.CharField(required=False, max_length=200)
    byline = forms.CharField(required=False, max_length=300)
    published_on = forms.DateField(
        required=False, label="Published", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    url = forms.URLField(required=False, max_length=2000, label="Address", assume_scheme="https")
    language = forms.CharField(required=False, max_length=35)
    direction = forms.ChoiceField(choices=ArticleDetails.Direction, label="Writing runs")
    role = forms.ChoiceField(choices=KINDS, label="Kind", initial=ArticleDetails.Role.CHECKED)


@dataclass
class Proposal:
    """One text on the import page: a draft with its form, or the reason why there is none."""

    name: str
    prefix: str = ""
    text: str = ""
    digest: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    key: str = ""
    guessed_title: str = ""
    form: MetadataForm | None = None
    refusal: ImportRefused | None = None
    duplicate: int | None = None
    """id of the article of this collection that has the same text"""
    twin: str = ""
    """name of the file of this same import that has the same text"""
    trouble: str = ""

    @property
    def importable(self) -> bool:
        return self.form is not None and not self.duplicate and not self.twin

    @property
    def fields(self) -> list[tuple[Any, str]]:
        assert self.form is not None
        return [(self.form[name], self.reasons.get(name, "")) for name in self.form.fields]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return lines_of(self.text, self.blocks)

    @property
    def lines_left(self) -> int:
        return max(0, len(self.blocks) - LINES_SHOWN)

    @property
    def sealed(self) -> str:
        """What the page brings back unchanged. The text comes beside it, and must have this digest."""
        blocks = [[b["start"], b["end"], b["role"], b["reason"]] for b in self.blocks]
        return signing.dumps(
            [self.name, self.digest, self.key, blocks, self.reasons, self.warnings, self.guessed_title],
            salt=SALT,
            compress=True,
        )

    @property
    def headlines(self) -> list[dict[str, Any]]:
        return [block for block in self.blocks if block["role"] == "headline"]

    def title(self, typed: str) -> str:
        """The line that was made the headline, where the title is still the one guessed before."""
        lines = self.headlines
        if typed != self.guessed_title.strip() or len(lines) != 1 or lines[0]["reason"] != "chosen":
            return typed
        return plain(self.text[lines[0]["start"] : lines[0]["end"]])[:500]


def read(prefix: str, source: Any) -> Proposal:
    """From an uploaded file, or from pasted text."""
    try:
        if isinstance(source, str):
            draft = read_pasted(source)
        else:
            draft = read_upload(source.name or "file", source.read(), source.content_type or "")
    except ImportRefused as refusal:
        return Proposal(name=getattr(source, "name", "") or "Pasted text", refusal=refusal)
    return _proposal(prefix, draft)


def _proposal(prefix: str, draft: Draft) -> Proposal:
    return Proposal(
        name=draft.name,
        prefix=prefix,
        text=draft.text,
        digest=sha256(draft.text),
        blocks=draft.blocks,
        reasons=draft.reasons,
        warnings=draft.warnings,
        key=uuid.uuid4().hex,
        guessed_title=draft.title,
        form=MetadataForm(prefix=prefix, initial=draft.metadata | {"role": ArticleDetails.Role.CHECKED}),
    )


def reopen(prefix: str, data: Any) -> Proposal:
    """From the confirmed page. Raises signing.BadSignature or ValueError when it is not what was sent out."""
    sealed = signing.loads(data.get(f"{prefix}-sealed", ""), salt=SALT, max_age=7 * 24 * 3600)
    name, digest, key, rows, reasons, warnings, guessed_title = sealed
    text = normalize(data.get(f"{prefix}-text", ""))
    if sha256(text) != digest:
        raise ValueError("The text is not the one that was read.")
    blocks = [dict(zip(("start", "end", "role", "reason"), row, strict=True)) for row in rows]
    return Proposal(
        name=name,
        prefix=prefix,
        text=text,
        digest=digest,
        blocks=roles_of(data, f"{prefix}-", blocks),
        reasons=reasons,
        warnings=warnings,
        key=key,
        guessed_title=guessed_title,
        form=MetadataForm(data, prefix=prefix),
    )


def blocks_to_store(proposal: Proposal, language: str) -> list[dict[str, Any]]:
    return reblock(proposal.text, proposal.blocks, language)


__all__ = [
    "MOST_CHARACTERS",
    "ROLES",
    "MetadataForm",
    "Proposal",
    "UploadForm",
    "blocks_to_store",
    "read",
    "reopen",
]
