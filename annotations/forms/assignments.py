from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms

LARGEST = 2**63 - 1
ARTICLES = 200
"""So many can be shared out at a time."""


class ArticlesField(forms.Field):
    """Numbers of articles: ticked, or joined by commas in a hidden field."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        parts = [part for each in value or [] for part in each.split(",") if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 19 and int(part) for part in parts):
            raise forms.ValidationError("Choose articles from the list.")
        found = list(dict.fromkeys(map(int, parts)))
        if len(found) > ARTICLES:
            raise forms.ValidationError(f"At most {ARTICLES} articles at a time.")
        return found


class PeopleForm(forms.Form):
    """Whom an article is given to."""

    people = forms.TypedMultipleChoiceField(
        coerce=int,
        label="Assign to",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one person.",
            "invalid_choice": "Choose people who review in this collection.",
        },
    )

    def __init__(self, data: Any = None, *, people: list[tuple[int, str]], **more: Any) -> None:
        self.key = uuid4().hex
        """Of one sending of the form: sent twice, it is stored once."""
        super().__init__(data, **more)
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = people


class SpreadForm(PeopleForm):
    """Which articles, among whom, and how."""

    WHICH = (
        ("ticked", "Those ticked below"),
        ("due", "All with a deadline that nobody has"),
        ("all", "All below"),
    )
    which = forms.ChoiceField(
        choices=WHICH, initial="ticked", widget=forms.RadioSelect, label="Which articles"
    )
    article = ArticlesField(required=False)
    each = forms.IntegerField(min_value=1, max_value=9, label="People for each article")
    by = forms.ChoiceField(
        choices=[("length", "The length of the texts"), ("claims", "The number of claims")],
        initial="length",
        widget=forms.RadioSelect,
        label="So that everybody has about the same of",
    )
    count = forms.BooleanField(
        required=False, initial=True, label="Count what they have already, where it is not cleared"
    )
    field_order = ("which", "people", "each", "by", "count")

    def __init__(
        self,
        data: Any = None,
        *,
        people: list[tuple[int, str]],
        needed: int = 1,
        ticked: Iterable[int] = (),
    ) -> None:
        super().__init__(data, people=people)
        self.fields["people"].label = "Among whom"
        self.fields["people"].initial = list(ticked)
        self.fields["each"].initial = needed

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("which") == "ticked" and not said.get("article") and "article" not in self.errors:
            self.add_error("article", "Tick at least one article, or choose all.")
        if len(said.get("people") or []) < said.get("each", 1) and "people" not in self.errors:
            self.add_error(
                "each", f"You chose {len(said.get('people') or [])} people: nobody gets an article twice."
            )
        return said


class PlanForm(forms.Form):
    """What a preview named: who is to get which article, and who had them then."""

    plan = forms.CharField(max_length=60_000)
    base = forms.CharField(max_length=64)
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    """The number of the collection's last change then."""

    def clean_plan(self) -> list[tuple[int, int]]:
        """ "12-3,12-4": (article, person)"""
        try:
            tasks = [tuple(map(int, part.split("-"))) for part in self.cleaned_data["plan"].split(",")]
            return [(article, person) for article, person in tasks if 0 < article <= LARGEST >= person > 0]
        except ValueError:
            raise forms.ValidationError("This preview cannot be read. Ask for it again.") from None
