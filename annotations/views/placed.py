"""The words that the forms of a claim's place say: selected, or typed, each on a line."""

import json

from django.http import HttpRequest

from annotations.services.errors import Invalid


def typed_lines(request: HttpRequest) -> list[str]:
    return [line.strip() for line in request.POST.get("words", "").splitlines() if line.strip()]


def selected(request: HttpRequest) -> list[tuple[int, int, str]]:
    """(start, end, quote) of each; sent as a JSON list of objects."""
    try:
        return [
            (int(each["start"]), int(each["end"]), str(each["quote"]))
            for each in json.loads(request.POST.get("places", "[]"))
        ]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Invalid("Select the words again: their place did not come through.", "words") from None


def words_sent(request: HttpRequest) -> str:
    try:
        return "\n".join(typed_lines(request) or [quote for _, _, quote in selected(request)])
    except Invalid:
        return ""
