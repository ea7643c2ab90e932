from copy import copy
from typing import Any, Self

from django import forms

from annotations.models import CollectionSettings, Verdict
from annotations.models.versions import VersionRow
from annotations.services.settings import FIELDS
from annotations.tally import STATUS_WORDS


class VersionedForm(forms.ModelForm):
    """Edits a version row: `base` is the id of the version that the page was made from."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: Any = None, *, live: VersionRow) -> None:
        super().__init__(data, instance=copy(live))  # validation writes into its instance
        self.initial["base"] = live.pk

    @property
    def base_version(self) -> int:
        return int(self.cleaned_data["base"])

    @property
    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "base"}

    def rebased(self, current: VersionRow | None) -> Self:
        """The same entries over what is live now: to save them is to keep mine, knowing theirs."""
        assert current is not None
        data = {**self.data.dict(), "base": str(current.pk)}  # type: ignore[attr-defined]
        form = type(self)(data, live=current)
        form.full_clean()
        return form

    def differences(self, theirs: VersionRow) -> list[dict[str, Any]]:
        """What they have against what I typed, field by field."""
        return [
            {"label": self[name].label, "theirs": getattr(theirs, name), "mine": mine}
            for name, mine in self.changes.items()
            if name in self.fields and mine != getattr(theirs, name)
        ]


AT_ONCE = "A change applies to all claims at once, those judged long ago too."


class SettingsForm(VersionedForm):
    class Meta:
        model = CollectionSettings
        fields = list(FIELDS)
        labels = {
            "blind": "Blind: reviewers see others' work on a claim only after their own verdict",
            "reviews_needed": "Opinions that a claim needs",
            "verified_needs_source": "Verified needs a source",
            "text_exportable": "Articles' texts may leave with the dataset",
            "public": "Public: everybody reads the published corrections",
            "show_names": "Exports may show names, of those who agree",
        }
        help_texts = {
            "description": "For the front page and the dataset.",
            "language": "A tag such as en, de or zh-Hant.",
            "license": "The dataset's licence, by its SPDX identifier, such as CC-BY-4.0.",
            "blind": "Editors see everything then, and do not review.",
            "reviews_needed": f"{AT_ONCE} More of them, and agreed claims wait again.",
            "public": "Opens a page and a feed to everybody, without signing in: what published corrections say, when,"
            " and the title, outlet and address of their articles. No names, and nothing else of the collection."
            " Reviewers who check blind can read it too.",
            "verified_needs_source": f"Until there is one, the claim waits. {AT_ONCE}",
        }
        widgets = {"description": forms.Textarea(attrs={"class": "short", "rows": 3})}


class ClaimFilterForm(forms.Form):
    status = forms.ChoiceField(choices=[("", "Any"), *STATUS_WORDS.items()], required=False, label="State")
    verdict = forms.ChoiceField(choices=[("", "Any"), *Verdict.choices], required=False)
    publisher = forms.CharField(required=False, max_length=200)
    article = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class DatasetForm(forms.Form):
    FORMATS = [
        ("csv", "CSV, a row a claim: for a spreadsheet"),
        ("jsonl", "JSON Lines, a claim a line: for notebooks and pipelines"),
        ("json", "JSON, one list"),
    ]

    status = forms.MultipleChoiceField(
        choices=list(STATUS_WORDS.items()), required=False, widget=forms.CheckboxSelectMultiple, label="State"
    )
    verdict = forms.MultipleChoiceField(
        choices=Verdict.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    publisher = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, publishers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["publisher"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, name) for name in publishers]
