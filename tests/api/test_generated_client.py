"""A client that openapi-python-client makes of the schema alone does a reviewer's and a reader's work."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from annotations.exports.formats import FORMATS
from tests.api.cast import TEXT, api, make_desk, mark

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def generated(tmp_path, monkeypatch, live_server):
    """generated(token) → (client, module): `module("spans.spans_get")` is a module of the package."""

    made = []

    def make(token):
        described = api_schema(token, tmp_path)
        scripts = Path(sys.executable).parent
        command = [scripts / "openapi-python-client", "generate", "--path", described, "--meta", "none"]
        done = subprocess.run(
            [*command, "--output-path", tmp_path / "desk_client"],
            env=os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Warning" not in done.stdout, done.stdout
        monkeypatch.syspath_prepend(str(tmp_path))
        package = importlib.import_module("desk_client")
        client = package.AuthenticatedClient(base_url=live_server.url, token=token, prefix="Token")
        made.append(client)
        return client, lambda name: importlib.import_module(f"desk_client.{name}")

    yield make
    for client in made:
        client.get_httpx_client().close()
    for name in [name for name in sys.modules if name.split(".")[0] == "desk_client"]:
        del sys.modules[name]


def api_schema(token, folder):
    from django.test import Client

    answer = Client().get("/api/v1/schema/?format=json", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
    path = folder / "openapi.json"
    path.write_bytes(answer.content)
    assert json.loads(answer.content)["openapi"].startswith("3.")
    return path


def test_it_marks_judges_follows_and_exports(generated):
    desk = make_desk()
    client, module = generated(api(desk.ana).token)
    models, slug = module("models"), "desk"
    article = module("api.articles.articles_get").sync(slug, client=client).results[0]
    whole = module("api.articles.articledetail_get").sync(slug, article.id, client=client)
    assert whole.text == TEXT
    start = TEXT.index("2023")
    span = module("api.spans.spans_post").sync(
        slug, client=client, body=models.SpanIn(article.id, start, start + 4, "2023")
    )
    opinion = module("api.opinions.myannotation_put").sync(
        slug,
        span.id,
        client=client,
        body=models.OpinionIn(verdict=models.OpinionInVerdict.DISPUTED, why="2022."),
        if_none_match="*",
    )
    assert (opinion.verdict, opinion.why) == ("disputed", "2022.")
    feed = module("api.changes.changes_get").sync(slug, client=client, after=0)
    assert {(each.type_, each.id) for each in feed.results} >= {("claim", span.id), ("article", article.id)}
    file = module("api.exports.export_get").sync(slug, client=client, at=feed.head)
    rows = [models.ClaimOut.from_dict(row) for row in json.load(file.payload)]
    assert [row.quote for row in rows] == ["40 percent", "2023"]
    assert rows[1].reviews[0].why == "2022."
    counted = module("api.exports.exportcount_get").sync(slug, client=client, text=["2022"])
    assert counted.count == 1


def test_it_fetches_every_format_and_a_part_of_each(generated):
    desk = make_desk()
    client, module = generated(api(desk.ana).token)
    fetch, formats = module("api.exports.export_get").sync_detailed, module("models").ExportGetFormat
    assert {each.value for each in formats} == set(FORMATS)
    at = desk.collection.head
    for format_ in formats:
        plain = api(desk.ana).get(f"desk/export/?format={format_.value}&at={at}", Host=host_of(client))
        whole = fetch("desk", client=client, format_=format_, at=at)
        assert whole.parsed.payload.read() == whole.content == plain.getvalue(), format_
        part = fetch("desk", client=client, format_=format_, at=at, range_="bytes=1-9")
        assert (part.status_code, part.parsed.payload.read()) == (206, whole.content[1:10]), format_
    beyond = fetch("desk", client=client, at=at, range_="bytes=1000000-")
    assert (beyond.status_code, beyond.parsed.code) == (416, "range-not-satisfiable")


def host_of(client):
    return client.get_httpx_client().base_url.netloc.decode()


def test_it_walks_pages_and_makes_a_link(generated):
    desk = make_desk()
    for words in ("2023", "minister"):
        mark(desk.collection, desk.ana, desk.article, words)
    client, module = generated(api(desk.ana).token)
    page, quotes = module("api.spans.spans_get").sync("desk", client=client, limit=1), []
    while True:
        quotes += [claim.quote for claim in page.results]
        if page.next_ is None:
            break
        (cursor,) = parse_qs(urlsplit(page.next_).query)["cursor"]
        page = module("api.spans.spans_get").sync("desk", client=client, limit=1, cursor=cursor)
    assert quotes == ["40 percent", "2023", "minister"]
    made = module("api.exports.exportlinks_post").sync(
        "desk", client=client, body=module("models").LinkIn(expires_in=60), text=["2023"]
    )
    rows = json.loads(httpx.get(made.url).content)
    assert [row["quote"] for row in rows] == ["2023"]


def test_a_refusal_is_a_problem_with_what_to_do(generated):
    desk = make_desk()
    client, module = generated(api(desk.ana).token)
    body = module("models").SpanIn(desk.article, 0, 4, "None")
    answer = module("api.spans.spans_post").sync_detailed("desk", client=client, body=body)
    assert (answer.status_code, answer.parsed.code) == (409, "quote-mismatch")
    assert answer.parsed.detail
