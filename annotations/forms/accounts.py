from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery

from annotations.models import ApiToken, Collection, CollectionSettings, User
from annotations.services.errors import Invalid
from annotations.services.tokens import check_name

ADVICE = "At least 12 characters, not only figures; no common one, and nothing like your name."


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "That name and password do not go together. Check both; capital letters count.",
        "inactive": "That name and password do not go together. Check both; capital letters count.",
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.kind != User.Kind.PERSON:
            raise ValidationError("This account is for programs: use one of its tokens.", code="service")


class NewPassword:
    """What is wrong with a password stands at the first of the two fields, where it is typed."""

    def validate_password_for_user(self, user: Any, _: str = "") -> None:
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]


class LinkForm(NewPassword, SetPasswordForm):
    """For the holder of a one-time link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_password_fields(self)
        self.fields["new_password1"].widget.attrs["autofocus"] = True


def name_password_fields(form: forms.Form) -> None:
    form.fields["new_password1"].help_text = ADVICE
    form.fields["new_password2"].label = "The same again"
    form.fields["new_password2"].help_text = ""


class ChangePasswordForm(NewPassword, PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_password_fields(self)
        # The page has other forms, and the one that the person came for may be another.
        del self.fields["old_password"].widget.attrs["autofocus"]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["display_name", "show_name"]
        labels = {"display_name": "Name that colleagues see", "show_name": "Use my name in exports"}


def token_name(name: str) -> str:
    try:
        check_name(name)
    except Invalid as taken:
        raise ValidationError(str(taken)) from taken
    return name


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What will use it: “nightly notebook”.")
    scope = forms.ChoiceField(
        choices=ApiToken.Scope, widget=forms.RadioSelect, initial=ApiToken.Scope.READ, label="May"
    )
    collections = forms.ModelMultipleChoiceField(
        Collection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means every collection that you are a member of.",
    )
    days = forms.TypedChoiceField(
        choices=[(7, "In 7 days"), (30, "In 30 days"), (90, "In 90 days"), (365, "In a year")],
        coerce=int,
        initial=90,
        label="Expires",
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["collections"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)
        name = CollectionSettings.objects.current().filter(collection=OuterRef("pk")).values("name")
        mine = Collection.objects.filter(memberships__user=owner, memberships__ended__isnull=True)
        choices.queryset = mine.annotate(called=Subquery(name[:1])).order_by("slug")
        choices.label_from_instance = lambda obj: str(getattr(obj, "called", obj))  # type: ignore[method-assign]

    def clean_name(self) -> str:
        return token_name(self.cleaned_data["name"])


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=12,
        label="Code",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
