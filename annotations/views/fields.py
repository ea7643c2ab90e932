"""Fields of the forms in a claim's card, written without templates."""

from collections.abc import Iterable
from html import escape


def button_form(url: str, label: str, *, base: int | None = None, mine: int | None = None) -> str:
    which = "mine" if mine is not None else ""
    version = base if mine is None else mine
    return (
        f'<form method="post" action="{url}" data-save="{which}"><input type="hidden" name="base"'
        f' value="{"none" if version is None else version}"><button class="button small plain">{label}</button></form>'
    )


def choices(name: str, legend: str, options: Iterable[tuple[str, str]], chosen: str) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{" checked" * (value == chosen)} required> {label}'
        "</label>"
        for value, label in options
    )
    return f'<fieldset class="stances"><legend class="visually-hidden">{legend}</legend>{buttons}</fieldset>'


def line(
    name: str, label: str, value: str, own: str, hint: str = "", *, kind: str = "", more: str = ""
) -> str:
    """`kind`: the input's type, where it is not a line of text; `more`: further attributes."""
    tip = f'<span class="hint" id="h-{name}-{own}">{hint}</span>' if hint else ""
    described = f' aria-describedby="h-{name}-{own}"' if hint else ""
    typed = f' type="{kind}"' if kind else ' dir="auto"'
    return (
        f'<div class="field f-{name}"><label for="f-{name}-{own}">{label}</label>'
        f'<input id="f-{name}-{own}" name="{name}" value="{escape(value)}" autocomplete="off"{typed}{described}'
        f"{more}>{tip}</div>"
    )


def select(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: str, own: str, more: str = ""
) -> str:
    rows = "".join(
        f'<option value="{value}"{" selected" * (value == chosen)}>{shown}</option>'
        for value, shown in options
    )
    return (
        f'<div class="field f-{name}"><label for="f-{name}-{own}">{label}</label>'
        f'<select id="f-{name}-{own}" name="{name}"{more}>{rows}</select></div>'
    )


def area(
    name: str, label: str, value: str, hint: str = "", own: str = "mine", *, required: bool = False
) -> str:
    tip = f'<span class="hint" id="h-{name}-{own}">{hint}</span>' if hint else ""
    described = f' aria-describedby="h-{name}-{own}"' if hint else ""
    return (
        f'<div class="field f-{name}"><label for="f-{name}-{own}">{label}</label><textarea class="short" rows="2"'
        f' id="f-{name}-{own}" name="{name}" dir="auto"{described}{" required" * required}>\n{escape(value)}</textarea>'
        f"{tip}</div>"
    )


def check(name: str, label: str, checked: bool) -> str:
    on = " checked" if checked else ""
    return f'<label class="choice"><input type="checkbox" name="{name}" value="1"{on}><span>{label}</span></label>'


def tick(name: str, label: str, ticked: bool, own: str, hint: str) -> str:
    """A box that says so too when it is not ticked: the last of the two fields that are sent counts."""
    on = " checked" if ticked else ""
    return (
        f'<div class="field f-{name}"><input type="hidden" name="{name}" value=""><label class="choice"><input'
        f' type="checkbox" name="{name}" value="1" aria-describedby="h-{name}-{own}"{on}><span>{label}</span></label>'
        f'<span class="hint" id="h-{name}-{own}">{hint}</span></div>'
    )


SAVE_BUTTON = '<button class="button small">Save</button>'
KEYS = '<span class="hint by-key">Ctrl+Enter saves, Esc returns to the text.</span>'
SAVE = f'<p class="row">{SAVE_BUTTON}{KEYS}</p>'
