"""A file of claims on its way in, which the page carries until it is confirmed, and who its people are here."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django import forms
from django.core import signing

from annotations.imports import ImportRefused
from annotations.imports.claim_rows import ClaimRow, Read, batches
from annotations.imports.reading import clean_name
from annotations.imports.sniffing import refuse_binary
from annotations.services.import_claims import AT_ONCE
from annotations.services.import_people import named

SALT = "import-claims"
MEGABYTES = 10
MOST_BYTES = MEGABYTES * 1024 * 1024
MOST_CARRIED = 14 * 1024 * 1024
"""Of such a file in base64, where compressing it gains nothing."""
MOST_PEOPLE = 100
COMMAND = "Whoever runs aigap brings in any number with manage.py import_claims."


class _Bytes:
    """For `signing`, which would make JSON of them."""

    def dumps(self, data: bytes) -> bytes:
        return data

    def loads(self, data: bytes) -> bytes:
        return data


@dataclass(frozen=True)
class ClaimsFile:
    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def rows(self) -> list[Read]:
        """Of the first batch, with what the end of the file says of itself; of a longer file more than that."""
        some = islice(batches(io.BytesIO(self.data), AT_ONCE), 2)
        return [each for batch in some for each in batch]

    @property
    def is_long(self) -> bool:
        behind = self.rows[AT_ONCE:]
        return len(behind) > 1 or any(isinstance(each, ClaimRow) for each in behind)

    @cached_property
    def people(self) -> dict[str, bool]:
        """Name → whether they decided something."""
        return dict(sorted(named(self.rows).items()))

    @property
    def sealed(self) -> str:
        """What the page brings back unchanged."""
        said = self.name.encode() + b"\n" + self.data
        return signing.dumps(said, salt=SALT, serializer=_Bytes, compress=True)


def reopen(sealed: str) -> ClaimsFile:
    """Raises signing.BadSignature where it is not what was sent out, or was a week ago."""
    said = signing.loads(sealed, salt=SALT, serializer=_Bytes, max_age=7 * 24 * 3600)
    name, _, data = said.partition(b"\n")
    return ClaimsFile(name.decode(), data)


class ClaimsFileForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text=f"An export of this or another collection, as jsonl, json or w3c: up to {AT_ONCE:,} claims and"
        f" {MEGABYTES} MB.",
        widget=forms.FileInput(attrs={"accept": ".jsonl,.ndjson,.json,.jsonld"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Export the claims again.",
        },
    )

    def clean_file(self) -> ClaimsFile:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MEGABYTES} MB. Split it. {COMMAND}")
        claims = ClaimsFile(clean_name(sent.name or ""), sent.read())
        if trouble := _trouble(claims):
            raise forms.ValidationError(trouble)
        return claims


def _trouble(claims: ClaimsFile) -> str:
    """Why there is nothing to look at, and what to do."""
    try:
        refuse_binary(claims.data)
    except ImportRefused as refusal:
        return f"{refusal.title} Choose what an export gave, unpacked."
    if claims.is_long:
        fewer = "Export fewer with a filter, or as w3c page by page"
        return f"There are more than {AT_ONCE:,} claims in it. {fewer}. {COMMAND}"
    if not any(isinstance(each, ClaimRow) for each in claims.rows):
        bad = next((each for each in claims.rows if isinstance(each, tuple)), None)
        return f"No claim can be read in it. Line {bad[0]:,}: {bad[1]}" if bad else "There is no claim in it."
    if len(claims.people) > MOST_PEOPLE:
        return f"More than {MOST_PEOPLE} people speak in it. Export fewer with a filter. {COMMAND}"
    return ""


class WhoForm(forms.Form):
    """Who the people of a file are here. `members`: username → what they are called; `known`: name → username."""

    def __init__(
        self,
        data: Any = None,
        *,
        people: Mapping[str, bool],
        members: Mapping[str, str],
        known: Mapping[str, str],
    ) -> None:
        super().__init__(data)
        self.names = {f"who-{nth}": name for nth, name in enumerate(people)}
        for field, name in self.names.items():
            nobody = [] if known.get(name) in members else [("", "Nobody here")]
            self.fields[field] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[*nobody, *members.items()],
                initial=known.get(name, ""),
                help_text="Decides in the file: an editor." if people[name] else "",
                error_messages={"invalid_choice": "Choose somebody from the list."},
            )

    def given(self) -> dict[str, str]:
        """Name → username, of those who are chosen in it as it stands."""
        if self.is_bound:
            self.is_valid()
            said = self.cleaned_data
        else:
            said = {field: self.fields[field].initial for field in self.names}
        chosen = ((name, said.get(field)) for field, name in self.names.items())
        return {name: username for name, username in chosen if username}
