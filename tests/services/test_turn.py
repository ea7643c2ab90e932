"""How writers of one SQLite file wait for each other."""

import fcntl
from pathlib import Path

import pytest
from django.db import connection

from annotations.services import ledger

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's alone"),
]


def test_a_folder_called_memory_is_no_database_in_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "memory").mkdir()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "memory" / "aigap.sqlite3"))

    with ledger._turn():
        assert (tmp_path / "memory" / "aigap.sqlite3.turn").exists()


def test_deferred_transactions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")

    with pytest.raises(ledger.LedgerError, match="IMMEDIATE"), ledger._turn():
        pass


def test_one_writer_at_a_time() -> None:
    name = f"{connection.settings_dict['NAME']}.turn"
    with ledger._turn(), Path(name).open("w") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with Path(name).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
