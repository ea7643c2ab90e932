"""What `make run` does before it serves, as the command itself, on databases of its own."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def prepare(tmp_path):
    data = tmp_path / "data"
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}

    def run(**environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=settings.BASE_DIR,
            env=kept | {"AIGAP_DATA_DIR": str(data)} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.data = data
    return run


def rows(path: Path, query: str) -> list[tuple]:
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_first_use_loads_the_samples_and_prints_the_accounts_once(prepare):
    said = prepare()
    accounts = prepare.data / "demo-accounts.txt"
    password = accounts.read_text().splitlines()[-1].split()[1]
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert password in said
    again = prepare()
    assert password not in again
    assert str(accounts) in again
    assert rows(prepare.data / "aigap.sqlite3", "SELECT count(*) > 0 FROM annotations_article") == [(1,)]


def test_without_the_demo_it_starts_empty_with_a_link_for_the_first_admin(prepare):
    said = prepare(AIGAP_DEMO="0", AIGAP_PUBLIC_URL="https://facts.example.org")
    assert "https://facts.example.org/accounts/" in said
    assert not (prepare.data / "demo-accounts.txt").exists()
    assert rows(prepare.data / "aigap.sqlite3", "SELECT count(*) FROM annotations_article") == [(0,)]


def test_a_database_is_copied_before_it_is_migrated_and_only_then(prepare):
    prepare(AIGAP_DEMO="0")
    assert not (prepare.data / "backups").exists()
    path = prepare.data / "aigap.sqlite3"
    database = sqlite3.connect(path)
    database.execute("DELETE FROM django_migrations WHERE app = 'otp_static'")
    database.execute("DROP TABLE otp_static_statictoken")
    database.execute("DROP TABLE otp_static_staticdevice")
    database.commit()
    database.close()
    said = prepare(AIGAP_DEMO="0")
    (copy,) = (prepare.data / "backups").iterdir()
    assert str(copy) in said
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'otp_static_staticdevice'"
    assert (rows(copy, tables), rows(path, tables)) == ([(0,)], [(1,)])
