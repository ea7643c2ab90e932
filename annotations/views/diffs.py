"""A word diff on a page: for the eye, and in words for who does not see it."""

from collections.abc import Sequence
from html import escape

from annotations.domain.worddiff import Change

_TAGS = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}


def diffed(changes: Sequence[Change], sentence: str) -> str:
    shown = "".join(_marked(change, after) for after, change in enumerate(changes))
    return (
        f'<div class="word-diff"><p aria-hidden="true" dir="auto">{shown}</p><p>{escape(sentence)}</p></div>'
    )


def _marked(change: Change, after: int) -> str:
    space = " " if after and change.text[0] not in ".,;:!?)]’" else ""
    return space + _TAGS[change.kind].format(escape(change.text))
