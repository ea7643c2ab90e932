"""A reviewer's notes to themselves: outside the ledger, on purpose."""

from annotations.models import PrivateNote, User
from annotations.services.errors import Invalid

LONGEST = 10_000


def keep_note(*, author: User, span_id: int, text: str) -> None:
    """An empty text takes the note away."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid(f"A note has at most {LONGEST:,} characters.", "text")
    if "\0" in text:
        raise Invalid("A note cannot hold a NUL character.", "text")
    if text:
        PrivateNote.objects.update_or_create(span_id=span_id, author=author, defaults={"text": text})
    else:
        PrivateNote.objects.filter(span=span_id, author=author).delete()
