"""Plain text: every line as it stands."""

from .draft import Draft, clean_text, guess, make_draft


def read_plain(name: str, raw: str, encoding: str) -> Draft:
    text, warnings = clean_text(raw)
    roles, metadata = guess(text)
    return make_draft(name, "text", encoding, text, roles, metadata, warnings)
