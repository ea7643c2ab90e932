"""What a newcomer relies on: pins, documents, make targets, migrations, and the suite's own ground."""

import ast
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from aigap import settings as production
from annotations.management.commands.prepare import copy_of_sqlite, pending_migrations
from annotations.models import triggers

ROOT = Path(settings.BASE_DIR)
LISTS = ("requirements", "requirements-dev")


def wanted(name: str) -> set[str]:
    lines = (ROOT / f"{name}.in").read_text().splitlines()
    return {re.split(r"[^\w.-]", line)[0].lower() for line in lines if re.match(r"\w", line)}


def pinned(name: str) -> set[str]:
    return {
        line.lower() for line in re.findall(r"^([\w.-]+)==", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)
    }


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", LISTS)
def test_every_requirement_is_pinned(name):
    assert wanted(name) <= pinned(name)
    lines = (ROOT / f"{name}.txt").read_text().splitlines()
    assert [line for line in lines if line and not line.lstrip().startswith("#") and "==" not in line] == []


@pytest.mark.parametrize("name", LISTS)
def test_requirements_name_no_index(name):
    assert not re.search(
        r"index-url|find-links|trusted-host|https?://|file://", (ROOT / f"{name}.txt").read_text()
    )


def test_every_dependency_is_explained_and_no_other():
    page = (ROOT / "docs" / "dependencies.md").read_text()
    explained = {name.lower() for name in re.findall(r"^\| ([\w.-]+) \|", page, re.MULTILINE)} - {"package"}
    assert explained == wanted("requirements") | wanted("requirements-dev")


def test_readme_names_the_commands_and_the_settings():
    readme = (ROOT / "README.md").read_text()
    for words in ("make run", "make test", "docs/reference/settings.md", "demo-accounts.txt"):
        assert words in readme, words


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "soak", "requirements"])
def test_make_knows_the_target(target):
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_file_knows_the_machine_it_was_written_on():
    pattern = re.compile(rb"(?<![\w.])/(?:" + b"|".join([b"wo" + b"rk", b"ro" + b"ot"]) + rb")/[a-z.]")
    assert [str(path) for path in committed_files() if pattern.search(path.read_bytes())] == []


def test_static_files_collect_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = production.STORAGES
    call_command("collectstatic", interactive=False, verbosity=0)
    named = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    used = set()
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r"""{% static ['"]([^'"]+)['"]""", template.read_text()))
    assert used <= set(named)
    assert all(re.search(r"\.[0-9a-f]{12}\.", named[path]) for path in used)


def test_nothing_is_pending_after_migrate(db):
    assert not pending_migrations()


@pytest.mark.django_db(transaction=True)
def test_the_copy_made_before_migrating_is_whole_and_private(tmp_path, django_user_model):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    django_user_model.objects.create_user("edith")
    path = copy_of_sqlite(tmp_path / "backups")
    copy = sqlite3.connect(path)
    assert copy.execute("SELECT username FROM annotations_user").fetchall() == [("edith",)]
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


class TestFlush(TransactionTestCase):
    """The flush after a transactional test empties the tables and leaves the triggers on, twice over."""

    def test_first(self) -> None:
        self.write_and_look()

    def test_second(self) -> None:
        self.write_and_look()

    def write_and_look(self) -> None:
        from annotations.models import Collection

        assert triggers.missing(connection) == []
        assert Collection.objects.count() == 0
        Collection.objects.create(slug="desk")


def imported_packages() -> set[str]:
    """Top-level names that the application imports."""
    names: set[str] = set()
    for path in [*(ROOT / "aigap").rglob("*.py"), *(ROOT / "annotations").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"aigap", "annotations"}


def test_what_is_imported_is_required():
    providers = packages_distributions()
    missing = {
        name
        for name in imported_packages()
        if not {provider.lower() for provider in providers.get(name, [])} & wanted("requirements")
        and name not in {"pysqlite3"}  # on some machines only
    }
    assert missing == set()


def test_what_is_required_is_used():
    by_name = {
        "psycopg",
        "redis",
        "argon2-cffi",
        "gunicorn",
        "whitenoise",
    }  # Django and make know them by name
    apps = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    used = {
        provider.lower()
        for name in imported_packages() | apps
        for provider in packages_distributions().get(name, [])
    }
    assert wanted("requirements") - used - by_name - {"pysqlite3"} == set()


def test_make_run_says_first_that_the_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {"PORT": str(port)}
        done = subprocess.run(
            ["make", "port"], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
        )
    assert done.returncode != 0
    assert f"Port {port} is in use" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr


def test_make_run_looks_at_the_port_before_anything_else():
    # As a newcomer types it: the suite itself is often run by make, which tells its children so.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-n", "run"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    steps = [line for line in done.stdout.splitlines() if line.strip()]
    assert steps[0] == ".ci/port"
