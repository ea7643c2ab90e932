"""Administration's forms about people."""

import hashlib
from typing import Any

from django import forms

from annotations.domain.newcomers import Newcomer, newcomers
from annotations.models import Collection, Membership, User
from annotations.services.members import Wish


class SeveralForm(forms.Form):
    """Users as a list. `seen` says what was looked at, so that nothing else is created."""

    people = forms.CharField(
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text="A line each: username, display name, e-mail. The last two may be left out.",
        error_messages={"required": "Type or paste at least one person."},
    )
    collection = forms.ModelChoiceField(
        Collection.objects.order_by("slug"),
        required=False,
        empty_label="None yet",
        label="Member of",
        to_field_name="slug",
    )
    role = forms.ChoiceField(choices=Membership.Role, initial=Membership.Role.REVIEWER, label="As")
    seen = forms.CharField(required=False)

    @property
    def newcomers(self) -> list[Newcomer]:
        return newcomers(self.cleaned_data["people"])

    def clean_people(self) -> str:
        text: str = self.cleaned_data["people"]
        if not text.strip():
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        return text

    @property
    def digest(self) -> str:
        told: list[Any] = [self.cleaned_data[name] for name in ("people", "collection", "role")]
        return hashlib.sha256(repr([str(value) for value in told]).encode()).hexdigest()

    @property
    def was_seen(self) -> bool:
        return bool(self.cleaned_data["seen"] == self.digest)


class AnonymiseForm(forms.Form):
    """Typed, not clicked: it cannot be undone."""

    username = forms.CharField(
        label="Their username, to confirm",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": "Type their username to confirm."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if typed != self.person.username:
            raise forms.ValidationError(
                f"That is not their username. It is {self.person.username}: type it like that, or go back."
            )
        return typed


class MembersForm(forms.Form):
    """What shall become of several people's memberships of one collection."""

    MOST = 500
    AS_IT_IS, ENDS = "", "ends"

    people = forms.CharField(
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Usernames, one a line. What stands behind a comma is not looked at.",
        error_messages={"required": "Type at least one username."},
    )
    collection = forms.ModelChoiceField(
        Collection.objects.order_by("slug"),
        to_field_name="slug",
        empty_label="Choose one",
        error_messages={
            "required": "Choose the collection.",
            "invalid_choice": "There is no such collection.",
        },
    )
    role = forms.ChoiceField(
        choices=[(AS_IT_IS, "Stays as it is"), *Membership.Role.choices, (ENDS, "Membership ends")],
        required=False,
    )
    lawyer = forms.ChoiceField(
        choices=[("", "Stays as it is"), ("yes", "Yes: answers legal reads"), ("no", "No")], required=False
    )

    @property
    def lines(self) -> list[Newcomer]:
        return [each for each in newcomers(self.cleaned_data["people"]) if each.username]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "people" in cleaned and len(self.lines) > self.MOST:
            self.add_error("people", f"At most {self.MOST} at once. Paste the rest afterwards.")
        if not cleaned.get("role") and not cleaned.get("lawyer"):
            self.add_error("role", "Nothing would change. Choose a role, or whether they are lawyers.")
        return cleaned

    @property
    def wish(self) -> Wish:
        role = self.cleaned_data["role"]
        lawyer = {"yes": True, "no": False}.get(self.cleaned_data["lawyer"])
        return Wish(ends=True) if role == self.ENDS else Wish(role=role, is_lawyer=lawyer)
