"""Uses the bundled SQLite where there is one: it has to happen before anything imports sqlite3."""

import sys


def _prefer_bundled_sqlite() -> None:
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


_prefer_bundled_sqlite()
