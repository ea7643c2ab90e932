"""Tools that read our exports, as docs/clients.md says, against a running server. Those that are installed."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from django.test import Client

from annotations.models import Collection
from annotations.services.fill import fill
from tests.api.cast import api, make_desk, mark, tag

CLAIMS = 400


class Server:
    """A desk, by token and by link."""

    def __init__(self, url):
        desk = make_desk()
        fill(desk.collection, articles=8, spans=CLAIMS, seed=1)
        self.owner = desk.owner
        self.client = api(desk.owner, scope="read")
        self.client.base = f"{url}/api/v1/collections/"
        tag(
            desk.collection,
            desk.ana,
            mark(desk.collection, desk.ana, desk.article, "2023"),
            "disputed",
            why="Ä, “b”\n=c",
        )
        self.at = Collection.objects.get(pk=desk.collection.pk).head
        self.desk, self.headers = (
            f"{url}/api/v1/collections/desk",
            {"Authorization": f"Bearer {self.client.token}"},
        )
        self.lines = b"".join(self.client.get(f"{self.desk}/export/?format=jsonl").streaming_content)
        self.expected = pd.read_json(io.BytesIO(self.lines), lines=True)

    def link(self, name):
        query = f"{self.desk}/export/links/?format={name}"
        path = query.replace(self.desk, "/api/v1/collections/desk")
        url = self.client.post(path, {}).json()["url"]
        return url.replace("http://testserver/api/v1/collections/desk", self.desk)


@pytest.fixture
def server(live_server, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return Server(live_server.url)


def test_the_tools_of_data_people_read_an_export(server, tmp_path):
    ids = list(server.expected["id"])
    for read in (curl, pandas_by_token, pandas_by_link, polars_by_link, duckdb_by_both, datasets_by_link):
        for said in read(server, tmp_path):
            assert said == ids, read.__name__


def test_the_lines_on_the_dataset_page_are_to_be_run(server, live_server, settings, monkeypatch, tmp_path):
    settings.PUBLIC_URL = live_server.url
    monkeypatch.setenv("AIGAP_TOKEN", server.client.token)
    monkeypatch.chdir(tmp_path)
    browser = Client()
    browser.force_login(server.owner, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get("/c/desk/dataset/?text=percent").content.decode()
    codes = {name: unescape(code) for name, code in re.findall(r'<code id="(\w+)">(.*?)</code>', page, re.S)}
    expected = [
        row["id"] for row in map(json.loads, server.lines.splitlines()) if "40 percent" in row["quote"]
    ]
    assert expected
    for name in ("pandas", "polars"):
        said = {}
        exec(codes[name], said)
        assert list(said["claims"]["id"]) == expected, name
    if httpfs := httpfs_of_duckdb():
        said = {}
        exec(codes["duckdb"].replace("INSTALL httpfs; LOAD httpfs", f"LOAD '{httpfs}'"), said)
        assert sum(count for _, count in said["verdicts"].fetchall()) == len(expected)
    if find_spec("datasets"):
        assert ids_of_datasets(codes["datasets"], tmp_path) == expected
    if shutil.which("curl"):
        monkeypatch.setenv("AIGAP_TOKEN", "wrong")
        refused = subprocess.run(["sh", "-c", codes["curl"]], capture_output=True)
        assert (refused.returncode, (tmp_path / "desk.jsonl").exists()) == (22, False)
        assert b"401" in refused.stderr
        monkeypatch.setenv("AIGAP_TOKEN", server.client.token)
        subprocess.run(["sh", "-ec", codes["curl"]], check=True, capture_output=True)
        assert [
            json.loads(line)["id"] for line in (tmp_path / "desk.jsonl").read_text().splitlines()
        ] == expected


def curl(server, folder: Path):
    if not shutil.which("curl"):
        return
    begun = folder / "desk.jsonl"
    begun.write_bytes(server.lines[:7000])
    how = ["curl", "-sS", "--fail", "-H", f"Authorization: Bearer {server.client.token}"]
    subprocess.run(
        [*how, "-C", "-", "-o", begun, f"{server.desk}/export/?format=jsonl&at={server.at}"], check=True
    )
    assert begun.read_bytes() == server.lines
    squeezed = [*how, "--compressed", f"{server.desk}/export/?format=csv"]
    done = subprocess.run(squeezed, check=True, capture_output=True)
    yield list(pd.read_csv(io.BytesIO(done.stdout))["id"])


def pandas_by_token(server, _):
    how = {"storage_options": server.headers}
    claims = pd.read_json(f"{server.desk}/export/?format=jsonl", lines=True, **how)
    pd.testing.assert_frame_equal(claims, server.expected)
    yield list(claims["id"])
    yield list(pd.read_csv(f"{server.desk}/export/?format=csv", **how)["id"])
    yield list(pd.read_parquet(f"{server.desk}/export/?format=parquet", **how)["id"])


def pandas_by_link(server, _):
    yield list(pd.read_parquet(server.link("parquet"))["id"])


def polars_by_link(server, _):
    yield pl.read_ndjson(server.link("jsonl"))["id"].to_list()
    yield pl.scan_ndjson(server.link("jsonl")).select("id").collect()["id"].to_list()
    yield pl.scan_csv(server.link("csv")).select("id").collect()["id"].to_list()
    claims = pl.scan_parquet(server.link("parquet"))
    yield claims.select("id").collect()["id"].to_list()
    disputed = claims.filter(pl.col("verdict") == "disputed").select("id").collect()["id"].to_list()
    assert disputed == list(server.expected[server.expected["verdict"] == "disputed"]["id"])


def httpfs_of_duckdb() -> Path | None:
    """From a package: DuckDB itself would load it from its own site."""
    try:
        import duckdb  # noqa: F401
        import duckdb_ext
    except ImportError:
        return None
    folders = [Path(each) / "extensions" for each in duckdb_ext.__path__]
    (httpfs,) = [file for each in folders for file in each.rglob("httpfs.duckdb_extension")]
    return httpfs


def duckdb_by_both(server, _):
    if not (httpfs := httpfs_of_duckdb()):
        return
    import duckdb

    with duckdb.connect() as here:
        here.execute(f"LOAD '{httpfs}'")
        for link in (f"read_parquet('{server.link('parquet')}')", f"read_csv('{server.link('csv')}')"):
            yield [row[0] for row in here.sql(f"SELECT id FROM {link} ORDER BY id").fetchall()]
        here.execute(f"CREATE SECRET (TYPE http, BEARER_TOKEN '{server.client.token}')")
        address = f"{server.desk}/export/?format=jsonl&at={server.at}"
        lines = f"read_json('{address}', format='newline_delimited')"
        yield [row[0] for row in here.sql(f"SELECT id FROM {lines} ORDER BY id").fetchall()]


def ids_of_datasets(code, folder):
    """In a process of its own, since it reads at its import where to keep what it fetches, and whom to tell of it."""
    told = {
        "HF_HOME": str(folder / "kept"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    }
    code += "\nimport json\nprint(json.dumps([each['id'] for each in claims]))"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def datasets_by_link(server, folder):
    if not find_spec("datasets"):
        return
    for kind, name, how in (("json", "jsonl", ""), ("parquet", "parquet", ", streaming=True")):
        read = f"load_dataset('{kind}', data_files='{server.link(name)}', split='train'{how})"
        yield ids_of_datasets(f"from datasets import load_dataset\nclaims = {read}", folder)
