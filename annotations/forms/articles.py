from typing import Any

from django import forms

from annotations.forms.collections import VersionedForm
from annotations.models import ArticleDetails

ROLES = [
    ("headline", "Headline"),
    ("deck", "Deck"),
    ("byline", "Byline"),
    ("body", "Body"),
    ("caption", "Caption"),
    ("credit", "Credit"),
    ("furniture", "Furniture: not to check"),
]


class ArticleFilterForm(forms.Form):
    SORTS = [("newest", "Newest first"), ("title", "Title"), ("publisher", "Publisher"), ("published", "Date")]
    WORK = [("", "All"), ("left", "With claims to check"), ("done", "Nothing left")]

    q = forms.CharField(required=False, max_length=200, label="Search")
    publisher = forms.CharField(required=False, max_length=200)
    work = forms.ChoiceField(choices=WORK, required=False, label="Show")
    role = forms.ChoiceField(choices=[("", "Any"), *ArticleDetails.Role.choices], required=False, label="Kind")
    sort = forms.ChoiceField(choices=SORTS, required=False, label="Order")

    q.widget.attrs |= {"type": "search", "placeholder": "Title, publisher or words of the text"}

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).replace("\0", "")

    def clean_publisher(self) -> str:
        return str(self.cleaned_data["publisher"]).replace("\0", "")


class DetailsForm(VersionedForm):
    class Meta:
        model = ArticleDetails
        fields = ["title", "publisher", "byline", "published_on", "url", "language", "direction", "role"]
        labels = {"published_on": "Published", "url": "Address", "role": "Kind", "direction": "Writing runs"}
        help_texts = {
            "title": "The headline as the outlet printed it. Leave it empty where there was none.",
            "language": "A tag such as en, ar or zh-Hant.",
        }
        widgets = {"published_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "publisher", "byline", "published_on", "url", "language"):
            self.fields[name].required = False
        url = self.fields["url"]
        assert isinstance(url, forms.URLField)
        url.assume_scheme = "https"


def roles_of(data: Any, prefix: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with the roles chosen in `<prefix>role-<n>`; a changed role has "chosen" as its reason."""
    known = {role for role, _ in ROLES}
    return [_with_role(block, data.get(f"{prefix}role-{n}"), known) for n, block in enumerate(blocks)]


def _with_role(block: dict[str, Any], role: str | None, known: set[str]) -> dict[str, Any]:
    if role not in known or role == block["role"]:
        return block
    return block | {"role": role, "reason": "chosen"}
