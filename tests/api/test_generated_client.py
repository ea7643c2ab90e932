"""A client that openapi-python-client makes of the schema alone does a reviewer's and a reader's work."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.cast import TEXT, api, make_desk

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
    rows = module("api.exports.export_get").sync(slug, client=client, at=feed.head)
    assert [row.quote for row in rows] == ["40 percent", "2023"]
    assert rows[1].reviews[0].why == "2022."
    counted = module("api.exports.exportcount_get").sync(slug, client=client, text=["2022"])
    assert counted.count == 1


def test_a_refusal_is_a_problem_with_what_to_do(generated):
    desk = make_desk()
    client, module = generated(api(desk.ana).token)
    body = module("models").SpanIn(desk.article, 0, 4, "None")
    answer = module("api.spans.spans_post").sync_detailed("desk", client=client, body=body)
    assert answer.status_code == 409
    assert answer.parsed.detail
