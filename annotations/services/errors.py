"""What a service refuses, with words for the person who asked. Views and the API choose the status code."""


class LedgerError(Exception):
    """A write that the ledger refuses. Nothing was stored."""


class NotThere(LedgerError):
    """No such live claim, article, source or piece of evidence in this collection."""


class Invalid(LedgerError):
    """The request itself is wrong. `field` names what to correct."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class QuoteMismatch(LedgerError):
    """The quote is not the text at these offsets. `found` is what stands there."""

    def __init__(self, found: str) -> None:
        super().__init__(
            "The quote is not the text at these offsets. Read the article again, then select anew."
        )
        self.found = found


class NotAllowed(LedgerError):
    """A member without the right. `code` is part of the API's contract."""

    def __init__(self, message: str, code: str = "not-allowed") -> None:
        super().__init__(message)
        self.code = code


class OthersWork(LedgerError):
    """Somebody else's live work depends on what would go. `depends` says on what, a line each."""

    def __init__(self, message: str, depends: list[str]) -> None:
        super().__init__(message)
        self.depends = depends


class DuplicateText(LedgerError):
    def __init__(self, article_id: int) -> None:
        super().__init__("This text is already in the collection.")
        self.article_id = article_id
