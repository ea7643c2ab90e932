"""What somebody asks of the list of claims."""

from collections.abc import Iterator
from typing import Any

from django import forms

from annotations.access_claims import AGAIN, NOBODY, WAITS_FOR_OPINION, WAITS_FOR_SOURCE, Wanted
from annotations.domain.searching import lacks_words
from annotations.models import Problem, Status, Verdict

LARGEST = 2**63 - 1
STATES = [
    (Status.TO_CHECK.value, "To check"),
    (WAITS_FOR_SOURCE, "Waiting for a source"),
    (WAITS_FOR_OPINION, "Waiting for a second opinion"),
    (Status.OPEN.value, "Waiting for either"),
    (Status.CONTESTED.value, "Reviewers disagree"),
    (Status.AGREED.value, "Agreed"),
    (Status.RULED.value, "Decided"),
    (AGAIN, "Check again due"),
    (Status.NOT_CHECKABLE.value, "Not checkable"),
]
SETTLED = (Status.AGREED, Status.RULED, AGAIN)
DUE = [("overdue", "Overdue"), ("today", "Due today"), ("week", "Due within 7 days")]
SORTS = [
    ("", "Newest first"),
    ("oldest", "Oldest first"),
    ("article", "By article"),
    ("due", "Due first"),
]
NEITHER_FILTER = ("sort", "after")
People = list[tuple[int, str]]


class ClaimFilterForm(forms.Form):
    """What is not valid does not filter, and is said: at its field, and above the list."""

    q = forms.CharField(required=False, max_length=200, label="Search", widget=forms.SearchInput)
    status = forms.ChoiceField(required=False, label="State")
    verdict = forms.ChoiceField(
        choices=[("", "Any"), *Verdict.choices], required=False, label="Settled verdict"
    )
    sort = forms.ChoiceField(choices=SORTS, required=False, label="Order")
    problem = forms.ChoiceField(choices=[("", "Any"), *Problem.choices], required=False)
    publisher = forms.CharField(required=False, max_length=200, label="Outlet")
    person = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Opinion by")
    given = forms.ChoiceField(required=False, label="Assigned to")
    due = forms.ChoiceField(choices=[("", "Any time"), *DUE], required=False)
    unsourced = forms.BooleanField(required=False, label="Has no source")
    article = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    q.widget.attrs["placeholder"] = "Words of the claim, or of a reason"

    def __init__(self, data: Any, *, people: People, outlets: list[str], viewer: bool = False) -> None:
        """`people`: whose opinions and assignments may be asked for. `outlets`: those there are. `viewer`: who sees
        what is settled alone."""
        super().__init__(data)
        self.outlets = outlets
        self.fields["publisher"].widget.attrs |= {"list": "outlets", "placeholder": "Any"}
        named = [(pk, name) for pk, name in people]
        given = [*named, (NOBODY, "Nobody")] if len(named) > 1 else named
        states = [(value, words) for value, words in STATES if not viewer or value in SETTLED]
        for name, choices in (("status", states), ("person", named), ("given", given)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Anybody" if name in ("person", "given") else "Any"), *choices]
        if viewer:
            for name in ("person", "given", "due"):
                del self.fields[name]
        self.full_clean()

    @property
    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        names = ("status", "verdict", "problem", "article", "person", "given", "due", "unsourced")
        said = {name: chosen[name] for name in names if chosen.get(name)}
        if typed := chosen.get("publisher", "").casefold():
            said["outlets"] = tuple(name for name in self.outlets if typed in name.casefold())
        return Wanted(words=chosen.get("q", ""), sort=chosen.get("sort") or "newest", **said)

    @property
    def not_understood(self) -> list[str]:
        """What was asked for in vain, as in the address: values of filters, and filters that there are not."""
        unknown = sorted(name for name in self.data if name not in self.fields)
        return [f"{name}={self.data[name]}"[:80] for name in (*self.errors, *unknown) if self.data.get(name)]

    @property
    def begins(self) -> str:
        """Behind which claim the page begins."""
        return str(self.cleaned_data.get("after", ""))

    def chosen(self) -> Iterator[tuple[str, str, str]]:
        """(name, label, choice) of each filter that is on, but for the article, whose title the form does not know."""
        for name, value in self.cleaned_data.items():
            if value and name not in (*NEITHER_FILTER, "article"):
                yield name, str(self[name].label), self._words(name, value)

    def _words(self, name: str, value: Any) -> str:
        choices: Any = getattr(self.fields[name], "choices", ())
        said = {str(key): str(words) for key, words in choices}
        return "" if value is True else said.get(str(value), str(value))

    def often(self) -> list[Any]:
        return [self[name] for name in ("status", "verdict", "sort")]

    def rare(self) -> list[Any]:
        """The fields that stand behind "More filters"."""
        names = ("problem", "publisher", "person", "given", "due", "unsourced")
        return [self[name] for name in names if name in self.fields]

    @property
    def wordless(self) -> str:
        """What is typed to look for, where there is no word in it."""
        typed = self.cleaned_data.get("q", "")
        return typed if lacks_words(typed) else ""

    @property
    def rarely_wrong(self) -> bool:
        return any(field.errors for field in self.rare())

    @property
    def narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name not in NEITHER_FILTER)
