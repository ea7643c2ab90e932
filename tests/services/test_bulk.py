"""What the planner is told of rows that came in by the thousand."""

import pytest
from django.db import connection

from annotations.models import Collection
from annotations.services.bulk import analyse


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the statistics are SQLite's")
def test_no_statement_is_planned_anew_for_each_value():
    """With samples of values, SQLite would."""
    Collection.objects.bulk_create(Collection(slug=f"c{nth}", head=nth) for nth in range(100))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 0")
        cursor.execute("ANALYZE")  # by hand, with samples where this SQLite takes them
        analyse()
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'annotations_collection'")
        assert {stat.split()[0] for (stat,) in cursor.fetchall()} == {"100"}
        cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat4'")
        if cursor.fetchone() == (1,):
            cursor.execute("SELECT count(*) FROM sqlite_stat4")
            assert cursor.fetchone() == (0,)
