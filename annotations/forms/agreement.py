from typing import Any

from django import forms

from annotations.models import Verdict
from annotations.services.agreement import WAYS, Cell

LARGEST = 2**63 - 1


class AgreementForm(forms.Form):
    """Which opinions count, and whose are set against each other. What is not valid chooses nothing."""

    way = forms.ChoiceField(choices=[(way, way) for way in WAYS], required=False, widget=forms.HiddenInput)
    a = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Down")
    b = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Across")

    def __init__(self, data: Any, *, people: list[tuple[int, str]]) -> None:
        super().__init__(data)
        for name in ("a", "b"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = people
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("a") is not None and chosen.get("a") == chosen.get("b"):
            self.add_error("b", "Choose two different people.")
        return chosen

    @property
    def pair(self) -> tuple[int, int] | None:
        a, b = self.cleaned_data.get("a"), self.cleaned_data.get("b")
        return None if a is None or b is None else (a, b)


class CellForm(forms.Form):
    """The address of the claims behind a number, as `Cell` has it; `before`: those with a lower number."""

    way = forms.ChoiceField(choices=[(way, way) for way in WAYS])
    a = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)
    b = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)
    va = forms.ChoiceField(choices=Verdict.choices, required=False)
    vb = forms.ChoiceField(choices=Verdict.choices, required=False)
    before = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        people = {name for name in ("a", "b") if said.get(name)}
        if len(people) == 1 or (not people and (said.get("vb") or not said.get("va"))):
            raise forms.ValidationError("Two people, or one verdict.")
        return said

    @property
    def cell(self) -> Cell:
        said = self.cleaned_data
        people = (said["a"], said["b"]) if said["a"] else None
        return Cell(said["way"], people, (said["va"], said["vb"]))
