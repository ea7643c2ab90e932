"""A reviewer's notes to themselves: outside the ledger, on purpose."""

from django.db import transaction

from annotations.models import PrivateNote, User
from annotations.services.errors import Invalid
from annotations.services.ledger import LedgerError

LONGEST = 10_000


class NoteChanged(LedgerError):
    """Its author wrote another one in the meantime: `note`, None where they took it away."""

    def __init__(self, note: PrivateNote | None) -> None:
        super().__init__("You changed this note elsewhere. Compare, then keep one of the two.")
        self.note = note


def keep_note(*, author: User, span_id: int, text: str, seen: str | None = None) -> None:
    """An empty text takes the note away. `seen`: the `version` that was read, "none" for none, None for any."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid(f"A note has at most {LONGEST:,} characters.", "text")
    if "\0" in text:
        raise Invalid("A note cannot hold a NUL character.", "text")
    with transaction.atomic():
        note = PrivateNote.objects.select_for_update().filter(span=span_id, author=author).first()
        if note and note.text == text:
            return
        if seen not in (None, note.version if note else "none"):
            raise NoteChanged(note)
        if text:
            values = {"text": text, "times": note.times + 1 if note else 1}
            PrivateNote.objects.update_or_create(span_id=span_id, author=author, defaults=values)
        elif note:
            note.delete()
