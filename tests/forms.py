"""The forms of a page as a browser without scripts reads them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import resolve


@dataclass
class Form:
    """`fields`: what it sends when nothing is touched; `buttons`: (words, name, value, address) of each."""

    action: str
    method: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    buttons: list[list[str]] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """Of the addresses that it sends to."""
        return {resolve(path.partition("?")[0]).url_name or "" for path in {self.action, *self.goes}}

    @property
    def goes(self) -> set[str]:
        return {button[3] or self.action for button in self.buttons}

    def add(self, name: str, value: str) -> None:
        before = self.fields.get(name)
        self.fields[name] = (
            value if before is None else [*([before] if isinstance(before, str) else before), value]
        )


def forms_in(html: str, address: str = "") -> list[Form]:
    """`address`: of the page, where a form without an action sends to."""
    reader = _Forms(address)
    reader.feed(html)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Form]()
        self.form: Form | None = None
        self.area = self.select = ""
        self.words = ""
        self.button: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.form = Form(said.get("action") or self.address, said.get("method") or "get")
            self.found.append(self.form)
        if self.form is None:
            return
        name, value = said.get("name") or "", said.get("value")
        if tag == "input" and name:
            if said.get("type") not in ("radio", "checkbox", "file") or "checked" in said:
                self.form.add(name, value or ("on" if said.get("type") == "checkbox" else ""))
        elif tag == "textarea":
            self.area, self.words = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in said or self.select not in self.form.fields):
            self.form.fields[self.select] = value or ""
        elif tag == "button":
            self.button = ["", name, value or "", said.get("formaction") or ""]
            self.form.buttons.append(self.button)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.words += data
        elif self.button is not None:
            self.button[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.form is not None and self.area:
            self.form.fields[self.area] = self.words.removeprefix("\n")
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "button":
            self.button = None
        elif tag == "form":
            self.form = None
