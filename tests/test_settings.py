"""Settings as an installation sees them: a fresh process, its own environment."""

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from aigap import sqlite
from aigap.logs import RedactingFormatter
from aigap.settings import kept_secret_key

SETTINGS = Path(settings.BASE_DIR) / "aigap" / "settings.py"
REFERENCE = Path(settings.BASE_DIR) / "docs" / "reference" / "settings.md"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def run(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=ours | {"AIGAP_DATA_DIR": str(tmp_path / "data")} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def setting(tmp_path: Path, expression: str, **environment: str) -> str:
    done = run(tmp_path, "-c", f"from aigap import settings as s; print({expression})", **environment)
    return (done.stdout or done.stderr).strip()


def test_every_setting_is_documented_and_every_documented_one_is_read():
    read = set(re.findall(r"""(?:text|flag|words)\(\s*"([A-Z_]+)\"""", SETTINGS.read_text()))
    first_table = REFERENCE.read_text().split("## Behind a proxy")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", first_table, re.MULTILINE)) == read


def test_deployment_check_finds_nothing_under_https(tmp_path):  # T14
    done = run(
        tmp_path,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        AIGAP_PUBLIC_URL="https://facts.example.org",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_first_start_makes_a_secret_key_for_the_owner_alone(tmp_path):  # T15
    first = setting(tmp_path, "s.SECRET_KEY")
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) >= 50
    assert setting(tmp_path, "s.SECRET_KEY") == first
    assert setting(tmp_path, "s.SECRET_KEY", AIGAP_SECRET_KEY="mine") == "mine"


def test_processes_that_start_together_end_with_one_key(tmp_path):
    path = tmp_path / "secret_key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(kept_secret_key, [path] * 64))
    assert keys == {path.read_text()}
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/static/x.css"])
def test_an_unknown_host_gets_400(client: Client, db, path):  # T16
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400


def test_https_turns_on_what_belongs_to_it(tmp_path):
    names = "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    url = {"AIGAP_PUBLIC_URL": "https://facts.example.org/"}
    assert setting(tmp_path, names, **url) == "True True True True"
    assert setting(tmp_path, "s.CSRF_TRUSTED_ORIGINS, s.PUBLIC_URL", **url) == (
        "['https://facts.example.org'] https://facts.example.org"
    )
    assert setting(tmp_path, names) == "False False False False"


def test_under_https_pages_redirect_and_the_balancer_s_question_does_not(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    redirect = client.get("/accounts/login/")
    assert (redirect.status_code, redirect.url) == (301, "https://testserver/accounts/login/")
    assert client.get("/healthz").content == b"ok\n"


def test_http_defaults_follow_the_port(tmp_path):
    assert (
        setting(tmp_path, "s.PUBLIC_URL, s.DEBUG, s.DEMO", PORT="8123") == "http://127.0.0.1:8123 False True"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("AIGAP_DEBUG", "maybe"), ("AIGAP_PUBLIC_URL", "facts.example.org"), ("DATABASE_URL", "mysql://x/y")],
)
def test_nonsense_is_refused_with_its_name(tmp_path, name, value):
    assert name in setting(tmp_path, "s.DEBUG", **{name: value})


def test_postgres_binds_on_the_server_and_prepares(tmp_path):
    options = setting(
        tmp_path,
        "s.DATABASES['default']['OPTIONS']",
        DATABASE_URL="postgres://u:p@db.example/aigap?sslmode=require",
    )
    assert "'server_side_binding': True" in options
    assert "'prepare_threshold': 1" in options
    assert "'sslmode': 'require'" in options


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_an_old_sqlite_never_runs_in_wal(version):  # T40
    assert "journal_mode=TRUNCATE;" in sqlite.options(version)["init_command"]
    assert "WAL" not in sqlite.options(version)["init_command"]


def test_a_new_sqlite_runs_in_wal():
    assert "journal_mode=WAL;" in sqlite.options((3, 51, 3))["init_command"]


# As if the bundled SQLite were not installed and Python's own were old.
OLD = (
    "import sys; sys.modules['pysqlite3'] = None; "
    "import sqlite3; sqlite3.sqlite_version_info = min(sqlite3.sqlite_version_info, (3, 40, 1)); "
)
OPEN = (
    "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'aigap.settings'; import django; django.setup(); "
    "from django.db import connection; cursor = connection.cursor(); "
)
SHOW = "print(cursor.execute('PRAGMA journal_mode').fetchone()[0])"


def test_python_s_own_old_sqlite_opens_a_new_database_without_wal(tmp_path):  # T40
    opened = run(tmp_path, "-c", OLD + OPEN + SHOW)
    assert opened.stdout.strip() == "truncate", opened.stderr


def test_a_wal_database_leaves_wal_when_an_old_sqlite_opens_it(tmp_path):  # T40
    run(tmp_path, "-c", OPEN + "cursor.execute('CREATE TABLE t (x)')")
    before = run(tmp_path, "-c", OPEN + SHOW).stdout.strip()
    after = run(tmp_path, "-c", OLD + OPEN + SHOW)
    assert before == sqlite.journal_mode(sqlite.sqlite3.sqlite_version_info).lower()
    assert after.stdout.strip() == "truncate", after.stderr


def test_the_check_says_when_the_log_stays_off(monkeypatch, db):
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [found.id for found in sqlite.old_sqlite()] == (
        ["aigap.I001"] if connection.vendor == "sqlite" else []
    )


def test_the_test_database_itself_is_set_as_in_production(db):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        rows = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")]
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    assert rows == [2, 1]
    assert mode == sqlite.journal_mode(sqlite.sqlite3.sqlite_version_info).lower()


def test_every_answer_carries_the_policy(client, db):  # T18
    answer = client.get("/healthz")
    assert answer.status_code == 200
    directives = {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}
    assert directives == {part.strip() for part in POLICY.split(";")}


def test_pages_travel_compressed_and_answers_of_the_api_do_not(client, db):
    page = client.get("/accounts/login/", headers={"accept-encoding": "gzip"})
    answer = client.get("/api/v1/schema/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Token 4f5d9c0ffee4f5d9c0ffee",
        "authorization: bearer 4f5d9c0ffee4f5d9c0ffee",
        "Cookie: sessionid=4f5d9c0ffee; theme=dark",
        "'password': '4f5d9c0ffee'",
        "'password': 'three blue 4f5d9c0ffee at dusk'",
        "GET /c/desk/?token=4f5d9c0ffee HTTP/1.1",
    ],
)
def test_the_log_keeps_no_secret(line):  # T12
    import logging

    record = logging.LogRecord("django", logging.INFO, "", 0, "%s", (line,), None)
    assert "4f5d9c0ffee" not in RedactingFormatter("{message}", style="{").format(record)
