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
        line = super().format(record)
        for pattern, replacement in _SECRETS:
            line = pattern.sub(replacement, line)
        return line
