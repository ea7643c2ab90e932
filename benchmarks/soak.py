"""make soak: clients at once and the ledger's machines, large numbers, on SQLite and PostgreSQL (DATABASE_URL_PG)."""

import os
import subprocess
import sys

TESTS = (
    "tests/services/test_concurrency.py",
    "tests/services/test_linear_histories.py",
    "tests/api/test_linear_http.py",
    "tests/services/test_ledger_machine.py",
    "tests/services/test_places_machine.py",
)
POSTGRES = "postgres://postgres@127.0.0.1:5432/aigap"


def main() -> int:
    failed = 0
    for url in ("", os.environ.get("DATABASE_URL_PG", POSTGRES)):
        print(f"== {url or 'SQLite'}", flush=True)
        environment = os.environ | {"AIGAP_SOAK": "1", "DATABASE_URL": url}
        failed |= subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *TESTS, *sys.argv[1:]], check=False, env=environment
        ).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
