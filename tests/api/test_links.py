"""Signed links: one export without a header, for who made it and while they may read it, and never in a log."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from annotations.models import ApiToken, User
from annotations.services.settings import end_membership, set_member
from annotations.services.tokens import create_token
from tests.api.cast import Api, api, make_desk, mark, tag
from tests.api.test_serving import Reader, body


@pytest.fixture
def linked(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    desk = make_desk()
    tag(desk.collection, desk.ana, desk.span, "disputed")
    mark(desk.collection, desk.ana, desk.article, "2023")
    desk.token, secret = create_token(desk.ana, name="notebook", collections=[desk.collection])
    desk.client = Reader(Client(), secret)
    return desk


def made(client, query="format=jsonl&status=agreed", **body):
    answer = client.post(f"desk/export/links/?{query}", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def opened(url, method="GET", **headers):
    return Reader(Client())(method, url.removeprefix("http://testserver"), **headers)


def test_a_link_is_the_export_without_a_header(linked):
    link, path = made(linked.client), "desk/export/?format=jsonl&status=agreed"
    whole = linked.client.get(path)
    assert (link["format"], link["at"]) == ("jsonl", linked.collection.head)
    assert f"format=jsonl&at={link['at']}&status=agreed&link=" in link["url"]
    mark(linked.collection, linked.ana, linked.article, "rose")
    said = opened(link["url"])
    assert (said["ETag"], said["Cache-Control"]) == (whole["ETag"], "private, no-cache")
    assert body(said) == (expected := body(whole))
    assert opened(link["url"], "HEAD")["Content-Length"] == str(len(expected))
    part = opened(link["url"], Range="bytes=3-8")
    assert (part.status_code, body(part)) == (206, expected[3:9])
    assert opened(link["url"], If_None_Match=whole["ETag"]).status_code == 304


def test_nothing_of_a_link_can_be_changed(linked):
    link = made(linked.client)
    address = urlsplit(link["url"])
    query = parse_qsl(address.query)
    name, until, signature = dict(query)["link"].split(".")
    other = made(linked.client, "format=csv")
    wrong = [
        [*query, ("verdict", "verified")],
        [pair for pair in query if pair[0] != "status"],
        [(key, "1" if key == "at" else value) for key, value in query],
        [*query, query[-1]],
        [*query[:-1], ("link", f"{name}.{int(until) + 1}.{signature}")],
        [*query[:-1], ("link", f"{'0' * 16}.{until}.{signature}")],
        [*query[:-1], parse_qsl(urlsplit(other["url"]).query)[-1]],
        [*query[:-1], ("link", "")],
    ]
    for each in wrong:
        answer = opened(f"{address.path}?{urlencode(each)}")
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-credentials"), each
    set_member(linked.other, linked.ana, "editor")
    assert opened(link["url"].replace("/desk/", "/elsewhere/")).status_code == 401
    for path in ("", "desk/", "desk/spans/", "desk/export/count/"):
        assert opened(f"/api/v1/collections/{path}?{address.query}").status_code == 401
    for method in ("POST", "PUT", "DELETE"):
        assert opened(link["url"], method).status_code == 401
    assert opened(f"{address.path}?{urlencode(query[::-1])}").status_code == 200, "the order says nothing"


def test_it_ends_with_its_token_its_hour_and_the_membership(linked, monkeypatch):
    url = made(linked.client)["url"]
    tokens, people = ApiToken.objects.filter(pk=linked.token.pk), User.objects.filter(pk=linked.ana.pk)
    now = timezone.now()

    def ends(status, end, mend):
        end()
        assert opened(url).status_code == opened(url, Range="bytes=0-3").status_code == status
        mend()
        assert opened(url).status_code == 200

    ends(401, lambda: people.update(is_active=False), lambda: people.update(is_active=True))
    ends(401, lambda: tokens.update(expiry=now), lambda: tokens.update(expiry=now + timedelta(days=1)))
    ends(404, lambda: end_membership(linked.collection, linked.ana),
         lambda: set_member(linked.collection, linked.ana, "reviewer"))  # fmt: skip
    ends(404, lambda: linked.token.collections.set([linked.other]), lambda: linked.token.collections.clear())
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: now + timedelta(hours=1, minutes=1))
        assert opened(url).status_code == 401
    tokens.delete()
    assert opened(url).status_code == 401


def test_an_hour_a_day_at_most_and_not_longer_than_the_token(linked):
    def hours(**asked):
        until = timezone.datetime.fromisoformat(made(linked.client, **asked)["expires_at"])
        return round((until - timezone.now()) / timedelta(hours=1), 1)

    assert (hours(), hours(expires_in=86_400)) == (1.0, 24.0)
    token = {"Authorization": f"Token {linked.client.token}"}
    bare = Client().generic("POST", "/api/v1/collections/desk/export/links/", content_type="", headers=token)
    assert bare.status_code == 201, "an hour is what is meant by nothing"
    for wrong in (59, 86_401, "60", None):
        assert linked.client.post("desk/export/links/", {"expires_in": wrong}).status_code == 400
    ApiToken.objects.filter(pk=linked.token.pk).update(expiry=timezone.now() + timedelta(hours=2))
    assert hours(expires_in=86_400) == 2.0


def test_what_is_not_to_be_exported_gets_no_link(linked):
    for query in ("stauts=agreed", "status=x", "at=0", "format=xml", "link=x"):
        assert linked.client.post(f"desk/export/links/?{query}", {}).status_code == 400, query
    assert linked.client.post("desk/export/links/?at=999", {}).status_code == 404
    assert Api(Client()).post("desk/export/links/", {}).status_code == 401


def test_signed_in_one_makes_links_with_a_token_of_their_own(linked):
    session = Client()
    session.force_login(linked.ana, backend="django.contrib.auth.backends.ModelBackend")
    first, second = (made(Api(session)) for _ in range(2))
    token = ApiToken.objects.get(name="Links to exports")
    assert (token.user, token.scope, list(token.collections.all())) == (
        linked.ana,
        "read",
        [linked.collection],
    )
    assert {opened(each["url"]).status_code for each in (first, second)} == {200}
    assert "Links to exports" in session.get("/account/").content.decode()
    session.post("/account/tokens/revoke/", {"token": token.token_key})
    assert opened(first["url"]).status_code == 401
    again = made(Api(session))["url"]
    words = {"old_password": "correct horse battery", "new_password1": "three blue herons"}
    session.post("/account/password/", words | {"new_password2": "three blue herons"})
    assert opened(again).status_code == 401


def test_a_link_to_read_is_no_way_to_write(linked):
    reader = api(linked.ana, scope="read")
    address = urlsplit(made(reader)["url"])
    assert reader.post("desk/spans/", {}).status_code == 403
    answer = Api(Client()).post(f"desk/spans/?{address.query}", {})
    assert answer.status_code == 401


def test_no_log_line_has_it(linked, caplog, monkeypatch, capsys):
    """Nor the query: of what is refused, not there, and broken."""
    import logging

    from aigap.logs import RedactingFormatter
    from annotations.api import exports

    url = made(linked.client)["url"]
    secret = dict(parse_qsl(urlsplit(url).query))["link"]
    opened(f"{url}x")
    end_membership(linked.collection, linked.ana)
    opened(url)

    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(exports, "serve", broken)
    set_member(linked.collection, linked.ana, "editor")
    assert Client(raise_request_exception=False).get(url.removeprefix("http://testserver")).status_code == 500
    lines = [RedactingFormatter("{message}", style="{").format(record) for record in caplog.records]
    assert len(lines) >= 3
    assert not [line for line in lines if "link=" in line or secret[:16] in line]
    assert not [
        record for record in caplog.records if record.levelno < logging.WARNING and "?" in record.message
    ]
    request = f'127.0.0.1 - - [27/Nov/2026] "GET {urlsplit(url).path}?{urlsplit(url).query} HTTP/1.1" 200 - "-" "{url}"'
    said = RedactingFormatter("{message}", style="{").format(
        logging.makeLogRecord({"msg": "%s", "args": (request,)})
    )
    assert not re.search(r"link|status=|[0-9a-f]{16}", said)
