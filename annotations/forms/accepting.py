from typing import Any
from uuid import uuid4

from django import forms

from annotations.services.unanimous import LONGEST, MOST

LARGEST = 2**63 - 1


class ReadField(forms.Field):
    """Claims as they were read: "claim-revision" of each."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> dict[int, int]:
        found = {}
        for each in value or []:
            claim, _, revision = str(each).partition("-")
            if not all(
                part.isascii() and part.isdigit() and 0 < len(part) < 19 for part in (claim, revision)
            ):
                raise forms.ValidationError("Choose claims from the list.")
            found[int(claim)] = int(revision)
        return found


class AcceptForm(forms.Form):
    claim = ReadField(error_messages={"required": "Choose at least one claim."})
    rationale = forms.CharField(
        max_length=LONGEST,
        label="Why",
        help_text="Once for all of them. Goes out with each claim.",
        error_messages={"required": "Say why: a decision needs its reasons."},
        widget=forms.Textarea(attrs={"rows": 3, "class": "short", "dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        self.key = uuid4().hex
        super().__init__(data)

    def clean_claim(self) -> dict[int, int]:
        chosen: dict[int, int] = self.cleaned_data["claim"]
        if len(chosen) > MOST:
            raise forms.ValidationError(f"At most {MOST} claims at a time.")
        return chosen


class WhichForm(forms.Form):
    """Which claims are looked at: of an article, those behind one; or what was `done` by a change."""

    article = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    done = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        given = [
            each for each in data.getlist("claim") if each.isascii() and each.isdigit() and len(each) < 19
        ]
        self.claims = [int(each) for each in given[:MOST]]
        """Those asked for by number; none: all"""
        self.full_clean()

    def chosen(self, name: str) -> int | None:
        """None where nothing valid is given."""
        return self.cleaned_data.get(name)
