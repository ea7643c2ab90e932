from typing import Any

from django import forms

from annotations.access_history import Wanted

LARGEST = 2**31 - 1


class HistoryFilterForm(forms.Form):
    """What the history shows. `since` "visit": what is new since the person read it last; `after`: or since that
    change."""

    person = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Whose")
    action = forms.ChoiceField(required=False, label="What was done")
    article = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    claim = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    since = forms.ChoiceField(choices=[("visit", "")], required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, people: list[tuple[int, str]], actions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        for name, choices in (("person", people), ("action", actions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Anybody" if name == "person" else "Anything"), *choices]
        for name, label in (("from", "From"), ("to", "To")):  # one of them is a word of the language
            self.fields[name] = forms.DateField(
                required=False, label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            )

    def wanted(self, visit: int | None) -> Wanted:
        """`visit`: up to where the person had read. What is not valid does not filter, and says so at its field."""
        self.full_clean()
        chosen = self.cleaned_data
        return Wanted(
            article=chosen.get("article"),
            claim=chosen.get("claim"),
            person=chosen.get("person"),
            action=chosen.get("action", ""),
            first=chosen.get("from"),
            last=chosen.get("to"),
            after=visit if chosen.get("since") else chosen.get("after"),
        )
