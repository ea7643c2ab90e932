"""Keeps credentials and query strings out of the log, also where a library or a traceback puts them."""

import logging
import re

_SECRETS = (
    (re.compile(r"\b(Token|Bearer)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 …"),
    (
        re.compile(
            r"\b(sessionid|csrftoken|password\w*|csrfmiddlewaretoken)(['\"]?\s*[=:]\s*)"
            r"(?:'[^']*'|\"[^\"]*\"|[^\s;,&]+)"
        ),
        r"\1\2…",
    ),
    (re.compile(r"(/accounts/link/)[^\s'\"]+"), r"\1…"),
    (re.compile(r"(/[^\s?'\"]*)\?[^\s'\"]*=[^\s'\"]*"), r"\1?…"),
)


class RedactingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Around(logging.Formatter):
    """Another formatter's lines."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redacted(self.inner.format(record))


def redacted(line: str) -> str:
    for pattern, replacement in _SECRETS:
        line = pattern.sub(replacement, line)
    return line


def redact(*names: str) -> None:
    """The same of loggers that somebody else has set up, as the application server does its own."""
    for name in names:
        for handler in logging.getLogger(name).handlers:
            inner = handler.formatter or logging.Formatter()
            if not isinstance(inner, _Around | RedactingFormatter):
                handler.setFormatter(_Around(inner))
