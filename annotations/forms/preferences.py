from typing import Any

from django import forms

from annotations.services.preferences import CHOICES


class ReadingForm(forms.Form):
    """Fields that are not sent stay as they are."""

    size = forms.ChoiceField(label="Size of text", choices=CHOICES["size"].items(), required=False)
    width = forms.ChoiceField(label="Width of text", choices=CHOICES["width"].items(), required=False)
    keys = forms.ChoiceField(label="Keys of one letter", choices=CHOICES["keys"].items(), required=False)
    view = forms.ChoiceField(label="Read as", choices=CHOICES["view"].items(), required=False)

    @property
    def words(self) -> str:
        """What was chosen: "Size of text: Large."."""
        return " ".join(
            f"{self.fields[name].label}: {CHOICES[name][value]}." for name, value in self.chosen.items()
        )

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
