"""What somebody asks of the dataset: the filters of an export, under their names."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language_info

from annotations.domain.searching import lacks_words
from annotations.exports import filters
from annotations.models import Problem, Verdict
from annotations.tally import STATUS_WORDS

ONE = ("text",)
"""Of which the page has room for one: an address with two would lose one with the next change, in silence."""
MAY_BE_EMPTY = ("publisher", "language")
"""An empty one asks for what says nothing there."""


class Several(forms.MultipleChoiceField):
    """Any value may come in an address; those in sight are the choices."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: str, choices: Any = ()) -> None:
        super().__init__(label=label, choices=choices, required=False)

    def valid_value(self, value: Any) -> bool:
        return True


class Day(forms.CharField):
    widget = forms.DateInput(attrs={"type": "date"})

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False)


class DatasetForm(forms.Form):
    """What is not valid is said at its field, and nothing is counted."""

    text = forms.CharField(
        required=False, label="Words of the claim, or of a reason", widget=forms.SearchInput
    )
    status = Several("State", list(STATUS_WORDS.items()))
    verdict = Several("Verdict", Verdict.choices)
    problem = Several("Problem", Problem.choices)
    publisher = Several("Outlet")
    language = Several("Language")
    article = Several("Article")
    reviewer = Several("Reviewer")
    published_from = Day("From")
    published_to = Day("To")
    changed_from = Day("Changed since")
    at = forms.IntegerField(required=False, min_value=1, label="As of change")

    def __init__(self, data: QueryDict, *, head: int, offered: dict[str, dict[str, str]]) -> None:
        """`offered`: of outlets, articles, reviewers and languages, what there is to choose and what it is called."""
        super().__init__(_as_offered(data, "language", offered.get("language", ())))
        self.head = head
        self.filters = filters.EVERY_CLAIM
        self.fields["at"].widget.attrs |= {"placeholder": f"e.g. {head}", "max": head}
        for name, known in offered.items():
            given = {each: each for each in self._said(name) if each not in known}
            field = self.fields[name]
            assert isinstance(field, Several)
            named = known | given
            if name == "language":
                named = {each: language_name(each) for each in named}
            field.choices = [(each, called or "None named") for each, called in named.items()]

    def clean_at(self) -> int:
        at = self.cleaned_data["at"]
        if at is not None and at > self.head:
            raise forms.ValidationError(f"The last change is {self.head}.")
        return int(at or self.head)

    def clean(self) -> None:
        if unknown := sorted(set(self.data) - set(self.fields)):
            known = ", ".join(self.fields)
            self.add_error(None, f"There is no filter {unknown[0][:50]}. Known are {known}.")
        try:
            self.filters = filters.read(self._said)
        except filters.Refused as refused:
            self.add_error(refused.name if refused.name in self.fields else None, str(refused))
        for name in ONE:
            if len(self._said(name)) > 1:
                self.add_error(name, "One at a time here. The API takes several.")

    def asked(self) -> list[tuple[str, str]]:
        """The filters as they stand in an address."""
        found = self.filters.given().items()
        return [
            (name, str(each)) for name, said in found for each in (said if isinstance(said, list) else [said])
        ]

    @property
    def wordless(self) -> str:
        """What is typed to look for, where there is no word in it."""
        return next(filter(lacks_words, self.filters.text), "")

    def _said(self, name: str) -> list[str]:
        assert isinstance(self.data, QueryDict)
        return [each for each in self.data.getlist(name) if each or name in MAY_BE_EMPTY]

    @property
    def folded(self) -> list[tuple[forms.BoundField, int]]:
        """Those behind a line of their own, with how many are ticked; without those that offer no choice."""
        named = [self[name] for name in ("article", "problem", "publisher", "language", "reviewer")]
        return [(each, len(self._said(each.name))) for each in named if each.name == "article" or list(each)]


def language_name(tag: str) -> str:
    """ "English", or the tag where it says more than a name does, or nobody knows one."""
    try:
        known = get_language_info(tag.lower())
    except KeyError:
        return tag
    return str(known["name"]) if known["code"] == tag.lower() else tag


def _as_offered(data: QueryDict, name: str, known: Iterable[str]) -> QueryDict:
    """What differs from an offered value in case alone is that one."""
    spelt = {each.lower(): each for each in known}
    copy = data.copy()
    if name in data:
        copy.setlist(name, [spelt.get(each.lower(), each) for each in data.getlist(name)])
    return copy
