"""T27, T30 over HTTP: eight clients, each with a connection of its own, and what they were answered."""

import http.client
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client as Browser

from annotations.models import ClaimState, Revision
from annotations.services.verify import verify
from tests.api.cast import TEXT, api, make_desk
from tests.linear import Event, fault
from tests.services.claim_register import Claim, holds, step
from tests.services.clients import Client
from tests.services.test_linear_histories import carried

TIMES = 200 if os.environ.get("AIGAP_SOAK") == "1" else 16
WORDS = ("40 percent", "rose 40 percent", "40 percent in 2023", "Output")
TOKEN = "c" * 32


class HttpDoors:
    """The API for opinions, sources and decisions; a claim is moved by the reader's form."""

    def __init__(self, server, user, article):
        self.connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        self.token, self.article = api(user).token, article
        browser = Browser()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}"
        self.details = {}

    def __call__(self, do, asked):
        key = str(uuid4())
        status, tag, body = getattr(self, do)(asked, key)
        if status in (404, 409, 412):
            return {"refused": "absent" if status == 404 else "stale"}, False
        assert status in (200, 201, 204), (do, asked, status, body)
        return self.told(do, tag, body) | {"key_of_request": key}, do not in (
            "where",
            "mine",
            "decision",
            "source",
        )

    def told(self, do, tag, body):
        if do == "where":
            (row,) = json.loads(body)["results"]
            return {"span": row["id"], "revision": row["revision"]}
        if do == "cite":
            key = json.loads(body)["key"]
            self.details[key] = tag.strip('"').partition(".")[2]
            return {"key": key, "version": version(tag)}
        return {"version": version(tag)} if tag and do != "move" else {}

    def where(self, asked, key):
        return self.send("GET", f"spans/?article={self.article}")

    def mine(self, asked, key):
        return self.send("GET", f"spans/{asked['span']}/annotation/")

    def tag(self, asked, key):
        body = {"verdict": asked["verdict"], "why": asked["words"]}
        return self.send("PUT", f"spans/{asked['span']}/annotation/", body, key, asked["base"])

    def withdraw(self, asked, key):
        return self.send("DELETE", f"spans/{asked['span']}/annotation/", None, key, asked["base"])

    def cite(self, asked, key):
        body = {"kind": "web", "title": asked["words"], "url": "https://stats.example/"}
        return self.send("POST", f"spans/{asked['span']}/evidence/", body, key)

    def source(self, asked, key):
        return self.send("GET", f"evidence/{asked['key']}/")

    def recite(self, asked, key):
        base = f"{asked['base']}.{self.details[asked['key']]}"
        return self.send("PUT", f"evidence/{asked['key']}/", {"excerpt": asked["words"]}, key, base)

    def uncite(self, asked, key):
        base = f"{asked['base']}.{self.details[asked['key']]}"
        return self.send("DELETE", f"evidence/{asked['key']}/", None, key, base)

    def decision(self, asked, key):
        return self.send("GET", f"spans/{asked['span']}/ruling/")

    def rule(self, asked, key):
        body = {"verdict": asked["verdict"], "rationale": asked["words"], "revision": asked["revision"]}
        return self.send("PUT", f"spans/{asked['span']}/ruling/", body, key, asked["base"])

    def unrule(self, asked, key):
        return self.send("DELETE", f"spans/{asked['span']}/ruling/", None, key, asked["base"])

    def move(self, asked, key):
        form = urlencode({"words": WORDS[asked["to"]], "base": asked["base"], "key": key})
        headers = {"Cookie": self.cookies, "X-CSRFToken": TOKEN, "HX-Request": "true"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = f"/c/desk/articles/{self.article}/claims/{asked['span']}/move/"
        return self.answered("POST", path, form, headers)

    def send(self, method, path, body=None, key="", base=None):
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        if method == "PUT" or base is not None:
            headers |= {"If-None-Match": "*"} if base is None else {"If-Match": f'"{base}"'}
        path = f"/api/v1/collections/desk/{path}"
        return self.answered(method, path, None if body is None else json.dumps(body), headers)

    def answered(self, method, path, body, headers):
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read().decode()


class HttpClient(Client):
    def whole(self):
        try:
            return list(
                self.work(TIMES * 2 if self.decides else TIMES)
            )  # when others rest, a move goes through
        finally:
            self.doors.connection.close()

    def looked(self):
        yield self.ask("decision" if self.decides else "mine", {"span": self.span, "who": self.who})
        for key in sorted(self.sources)[:2]:
            yield self.ask("source", {"key": key})

    def asked(self, do, nth):
        # Reviewers move what nobody else has worked on: the editors do it here. And "read" is of one statement.
        return None if do == "read" or (do == "move" and not self.decides) else super().asked(do, nth)

    def learn(self, do, asked, said):
        if do != "move":  # where it went, the next look tells
            super().learn(do, asked, said)


def version(tag):
    return int(tag.strip('"').partition(".")[0])


def event(told, numbers):
    said = dict(told["said"])
    number = numbers.get(said.pop("key_of_request", None))
    if told["do"] == "move" and number:
        said |= carried(number) | {"span": ClaimState.objects.get(created_in=number).span_id}
    return Event(told["do"], told["began"], told["ended"], number, told["asked"], said)


@pytest.mark.django_db(transaction=True)
def test_a_random_history_over_http_is_linearizable(live_server):
    desk = make_desk()
    claim = Claim(desk.span, ClaimState.objects.get().created_in)
    seed, people = random.randrange(10**6), [desk.owner, *[desk.ana, desk.ben] * 3, desk.owner]
    clients = [
        HttpClient(
            HttpDoors(live_server, user, desk.article),
            user.pk,
            decides=user == desk.owner,
            places=len(WORDS),
            seed=f"{seed} {nth}",
        )
        for nth, user in enumerate(people)
    ]
    with ThreadPoolExecutor(len(clients)) as pool:
        lines = [line for told in pool.map(HttpClient.whole, clients) for line in told]

    numbers = dict(Revision.objects.exclude(idempotency_key=None).values_list("idempotency_key", "number"))
    events = [event(line, numbers) for line in lines]
    assert fault(events, claim, step, holds) is None, seed
    assert {each.do for each in events if each.number} >= {"tag", "cite", "rule"}
    assert "move" in {each.do for each in events}  # where every one of few came too late, none was made
    assert {each.said.get("refused") for each in events} >= {"stale"}
    assert list(verify()) == []
    assert TEXT.count(WORDS[0]) == 1
