"""Why a file is not imported, and what the person can do about it."""

CODES = (
    "too-large",
    "too-many-characters",
    "too-many-lines",
    "empty",
    "binary",
    "nul",
    "broken-text",
    "undecidable-encoding",
    "too-deep",
    "entities",
    "unsupported-type",
)


class ImportRefused(ValueError):
    """`code` is one of CODES; `title` says what is wrong, `what_next` what to do; both are full sentences."""

    def __init__(self, code: str, title: str, what_next: str) -> None:
        super().__init__(f"{title} {what_next}")
        self.code = code
        self.title = title
        self.what_next = what_next
