from datetime import UTC
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet

from annotations.forms.collections import VersionedForm
from annotations.models import ArticleWork, User
from annotations.services.work import Standing


class WorkForm(VersionedForm):
    """Where the checking of an article stands. Without a `base` nothing had been said of it yet."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    class Meta:
        model = ArticleWork
        fields = ["stage", "owner", "due_at", "note"]
        labels = {"owner": "Whose", "due_at": "Due (UTC)", "note": "Note for whoever takes it"}
        widgets = {
            "due_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            "note": forms.Textarea(attrs={"class": "short", "rows": 2}),
        }

    def __init__(self, data: Any = None, *, live: Any, owners: QuerySet[User], may_date: bool) -> None:
        self.key = uuid4().hex
        """Of one sending of the form: sent twice, it is stored once."""
        self._given: dict[str, Any] = {"owners": owners, "may_date": may_date}
        super().__init__(data, live=live)
        self.fields["due_at"].required = False
        self.fields["due_at"].disabled = not may_date
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.required = False
        owner.queryset = owners
        owner.empty_label = "Nobody"
        self.fields["note"].widget.attrs["maxlength"] = 2000

    @property
    def base_version(self) -> int | None:  # type: ignore[override]
        base: int | None = self.cleaned_data.get("base")
        return base

    @property
    def standing(self) -> Standing:
        said = self.cleaned_data
        due = said["due_at"]
        return Standing(
            said["stage"],
            said["owner"].pk if said["owner"] else None,
            due.astimezone(UTC) if due else None,
            said["note"].strip(),
        )

    def over(self, data: dict[str, Any], current: Any) -> "WorkForm":
        return WorkForm(data, live=current or ArticleWork(), **self._given)
