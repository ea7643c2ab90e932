"""Every address there is, asked for by somebody in all the ways that its code looks at.

Addresses come from the resolver. Which parameters and form fields an address has is seen by watching what its code asks
the request for, so a new one is walked without being listed, or fails here: say in `answers_to.py` what to ask with.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from annotations.models import User
from tests.blind.questions import TOGETHER, Questions
from tests.test_access_urls import routes

HTMX = {"HX-Request": "true"}
UNASKED = {"csrfmiddlewaretoken"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: str
    body: str


@dataclass
class Walk:
    """Of one person: (method, address, what was sent) → what came back."""

    person: User
    questions: Questions
    only: frozenset[str] = frozenset()
    answers: dict[str, Answer] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    """What to add to questions.py."""
    reached: dict[str, set[int]] = field(default_factory=dict)
    """name of a route → statuses"""
    names: dict[str, str] = field(default_factory=dict)
    """what was asked → the name of its route"""

    def __post_init__(self) -> None:
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")
        self.signed_in = {name: morsel.value for name, morsel in self.browser.cookies.items()}

    def read(self) -> "Walk":
        for name, address in self.addresses():
            for nth, path in enumerate(self.filled(name, address)):
                if not self.get_all(name, path, nth == 0):
                    break
        return self

    def write(self) -> "Walk":
        for name, address in self.addresses():
            if address.startswith("/admin/"):
                continue
            for nth, path in enumerate(self.filled(name, address, writing=True)):
                if address.startswith("/api/"):
                    self.write_api(name, path)
                elif not self.post_all(name, path, nth == 0):
                    break
        return self

    @property
    def broken(self) -> list[str]:
        """Questions that nothing answered: two faults are alike, and tell nothing."""
        return [asked for asked, answer in self.answers.items() if answer.status >= 500]

    def addresses(self) -> Iterator[tuple[str, str]]:
        for name, address in routes(get_resolver().url_patterns):
            if not self.only or name in self.only:
                yield name, re.sub(r"\(\?P\{?(\w+)\}?[^)]*\)|[\^$]|\\Z", _placeholder, address)

    def filled(self, name: str, address: str, writing: bool = False) -> Iterator[str]:
        names = re.findall(r"\{(\w+)\}", address)
        values = []
        for each in names:
            known = self.questions.filling(name, each, writing)
            if known is None:
                self.missing.add(f"FILLINGS: {{{each}}} of {name}, {address}")
                return
            values.append(known)
        for chosen in product(*values):
            if self.questions.fit(dict(zip(names, chosen, strict=True))):
                yield address.format(**dict(zip(names, chosen, strict=True)))

    def get_all(self, name: str, path: str, each_parameter: bool) -> bool:
        """Whether the address answers to GET at all."""
        asked: set[str] = set()
        waiting = [""]
        while waiting:
            query = waiting.pop(0)
            with watched() as names:
                if self.ask(name, "get", path + query, headers=HTMX) == 405:
                    return False
            if each_parameter:
                new = sorted(names - asked - UNASKED)
                waiting += [f"?{value}" for each in new for value in self.parameter(name, each)]
                asked |= names
        if not path.startswith(("/admin/", "/api/")):
            self.ask(name, "get", path)
        for query in TOGETHER.get(name, ()) if each_parameter else ():
            self.ask(name, "get", path + query, headers=HTMX)
        return True

    def parameter(self, name: str, parameter: str) -> list[str]:
        values = self.questions.parameter(name, parameter)
        if values is None:
            self.missing.add(f"PARAMETERS: {parameter} of {name}")
            return []
        return [f"{parameter}={value}" for value in values]

    def post_all(self, name: str, path: str, each_field: bool) -> bool:
        """Whether the address answers to POST at all."""
        with watched() as names:
            if self.ask(name, "post", path, {}, headers=HTMX) == 405:
                return False
        form: dict[str, Any] = {}
        while new := names - form.keys() - UNASKED:
            form |= {each: self.fields(name, each, path)[0] for each in new}
            with watched() as names:
                self.ask(name, "post", path, form, headers=HTMX)
        self.ask(name, "post", path, form, follow=True)
        for each in form if each_field else form.keys() & {"base"}:
            for value in self.fields(name, each, path)[1:]:
                self.ask(name, "post", path, form | {each: value}, headers=HTMX)
        return True

    def fields(self, name: str, fieldname: str, path: str) -> list[Any]:
        values = self.questions.field(name, fieldname, path)
        if values is None:
            self.missing.add(f"FIELDS: {fieldname} of {name}")
            return ["x"]
        return values

    def write_api(self, name: str, path: str) -> None:
        for method in ("post", "put", "patch", "delete"):
            if self.ask_api(name, method, path, {}) == 405:
                continue
            bodies = self.questions.bodies(name)
            if bodies is None and name != "api-none":
                self.missing.add(f"bodies(): {method} of {name}")
            for headers in self.questions.conditions(name, method, path):
                for body in bodies or ():
                    self.ask_api(name, method, path, body, headers)

    def ask_api(
        self, name: str, method: str, path: str, body: Any, headers: dict[str, str] | None = None
    ) -> int:
        return self.ask(name, method, path, body, headers=headers or {}, content_type="application/json")

    def ask(self, name: str, method: str, path: str, sent: Any = None, **how: Any) -> int:
        """Whatever it writes is not there for the next question."""
        self.browser.cookies.load(self.signed_in)
        with asked_alone():
            response = getattr(self.browser, method)(path, sent, **how)
            answer = _answer(response)
        said = sorted(sent.items()) if isinstance(sent, dict) else sent
        key = f"{method.upper()} {path} {said or ''} {how.get('headers', '')}"
        self.answers[key], self.names[key] = answer, name
        self.reached.setdefault(name, set()).add(answer.status)
        return answer.status


def _placeholder(match: re.Match[str]) -> str:
    return f"{{{match[1]}}}" if match[1] else ""


def _answer(response: Any) -> Answer:
    parts = b"".join(response.streaming_content) if response.streaming else response.content
    chain = [f"{status} {address}" for address, status in getattr(response, "redirect_chain", [])]
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [f"Cookie: {name}" for name in response.cookies]
    return Answer(response.status_code, "\n".join([*chain, *headers, *cookies]), _readable(parts))


def _readable(data: bytes) -> str:
    """What is packed, unpacked as well: words hide in it, and a difference says where it is."""
    text = data.decode(errors="replace")
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{each.filename}\n{archive.read(each).decode()}" for each in archive.infolist())
    if data.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(data))
        return "\n".join([str(table.schema.metadata), *map(str, table.to_pylist())])
    return text


@contextmanager
def asked_alone() -> Iterator[None]:
    """A savepoint: what a question writes is undone, and ids and caches begin again where they did."""
    atomic: Any = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


@contextmanager
def watched() -> Iterator[set[str]]:
    """The names that code asks of forms and addresses."""
    names: set[str] = set()
    kept = {name: getattr(QueryDict, name) for name in ("__getitem__", "get", "getlist", "__contains__")}

    def watch(name: str) -> Any:
        def method(self: QueryDict, key: Any, *rest: Any) -> Any:
            names.add(str(key))
            return kept[name](self, key, *rest)

        return method

    for name in kept:
        setattr(QueryDict, name, watch(name))
    try:
        yield names
    finally:
        for name, method in kept.items():
            if name in ("__getitem__", "getlist", "get", "__contains__"):
                setattr(QueryDict, name, method)
