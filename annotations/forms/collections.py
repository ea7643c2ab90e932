from collections.abc import Iterable
from copy import copy
from typing import Any, Self

from django import forms
from django.db.models import Model

from annotations.models import CollectionSettings
from annotations.models.versions import VersionRow
from annotations.services.settings import FIELDS


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

    def rebased(self, current: VersionRow | None, kept: Iterable[str] = ()) -> Self:
        """The same entries over what is live now: to save them is to keep mine, knowing theirs. `kept`: fields that
        say what they said when the page was made, and so follow what is live."""
        data: dict[str, Any] = self.data.dict() | {"base": current.pk if current else ""}  # type: ignore[attr-defined]
        form = self.over(data, current)
        form.data |= {name: form.initial[name] for name in kept if name in form.initial}  # type: ignore[operator]
        form.full_clean()
        return form

    def over(self, data: dict[str, Any], current: VersionRow | None) -> Self:
        assert current is not None
        return type(self)(data, live=current)

    @property
    def said(self) -> dict[str, Any]:
        """field of the row → what is said of it; people by their id."""
        return {
            f"{name}_id" if isinstance(self.fields[name], forms.ModelChoiceField) else name: (
                value.pk if isinstance(value, Model) else value
            )
            for name, value in self.changes.items()
        }


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
