from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import URLField

from annotations.forms.collections import VersionedForm
from annotations.models import ArticleDetails, ArticleWork, User
from annotations.models.versions import VersionRow

LINES_SHOWN = 400

ROLES = [
    ("headline", "Headline"),
    ("deck", "Deck"),
    ("byline", "Byline"),
    ("body", "Body"),
    ("caption", "Caption"),
    ("credit", "Credit"),
    ("furniture", "Furniture"),
]

OWNERS = [("", "Anybody"), ("me", "Me"), ("nobody", "Nobody")]


class ArticleFilterForm(forms.Form):
    SORTS = [
        ("newest", "Newest first"),
        ("title", "Title"),
        ("publisher", "Publisher"),
        ("published", "Date"),
        ("due", "Deadline"),
    ]
    WORK = [("", "All"), ("left", "With claims to check"), ("done", "Nothing left")]

    KINDS = [("", "To be checked"), ("reference", "Reference texts"), ("all", "Both")]

    q = forms.CharField(required=False, max_length=200, label="Search")
    publisher = forms.CharField(required=False, max_length=200)
    work = forms.ChoiceField(choices=WORK, required=False, label="Show")
    stage = forms.ChoiceField(choices=[("", "Any"), *ArticleWork.Stage.choices], required=False)
    owner = forms.ChoiceField(choices=OWNERS, required=False, label="Whose")
    role = forms.ChoiceField(choices=KINDS, required=False, label="Kind")
    sort = forms.ChoiceField(choices=SORTS, required=False, label="Order")

    q.widget.attrs |= {"type": "search", "placeholder": "Title, publisher or words of the text"}

    def __init__(self, data: Any = None, *, people: Iterable[User] = ()) -> None:
        """`people`: whose an article may be."""
        super().__init__(data)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [*OWNERS, *((str(each.pk), str(each)) for each in people)]


def details_field(field: Any, **kwargs: Any) -> Any:
    """Without a scheme an address means https, as browsers have it."""
    if isinstance(field, URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class DetailsForm(VersionedForm):
    class Meta:
        model = ArticleDetails
        fields = ["title", "publisher", "byline", "published_on", "url", "language", "direction", "role"]
        formfield_callback = details_field
        labels = {"published_on": "Published", "url": "Address", "role": "Kind", "direction": "Writing runs"}
        help_texts = {
            "title": "The headline as the outlet printed it. Leave it empty where there was none.",
            "language": "A tag such as en, ar or zh-Hant.",
            "role": "A reference text is an origin, transcript or report: it is cited, not checked.",
        }
        widgets = {"published_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, data: Any = None, *, live: VersionRow) -> None:
        super().__init__(data, live=live)
        self.fields["published_on"].required = False


def roles_of(data: Any, prefix: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with the roles chosen in `<prefix>role-<n>`; a changed role has "chosen" as its reason."""
    known = {role for role, _ in ROLES}
    return [_with_role(block, data.get(f"{prefix}role-{n}"), known) for n, block in enumerate(blocks)]


def roles_over(data: Any, seen: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The roles chosen over lines that somebody else has changed since they were `seen`: the others follow `now`."""
    chosen = {f"role-{n}": data.get(f"role-{n}") for n, block in enumerate(seen)}
    return roles_of(
        {
            name: role
            for (name, role), block in zip(chosen.items(), seen, strict=True)
            if role != block["role"]
        },
        "",
        now,
    )


def lines_of(text: str, blocks: list[dict[str, Any]], part: int = 1) -> list[dict[str, Any]]:
    """The blocks with their number and text, for the page: of a very long text a part; the rest keep their roles."""
    first = (part - 1) * LINES_SHOWN
    shown = enumerate(blocks[first : first + LINES_SHOWN], first)
    return [block | {"n": n, "text": text[block["start"] : block["end"]]} for n, block in shown]


def _with_role(block: dict[str, Any], role: str | None, known: set[str]) -> dict[str, Any]:
    if role not in known or role == block["role"]:
        return block
    return block | {"role": role, "reason": "chosen"}
