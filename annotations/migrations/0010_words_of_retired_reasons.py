"""On PostgreSQL reasons that stand no more are indexed too: an export of an earlier revision is narrowed by them."""

from typing import Any

from django.db import migrations

DROP = "DROP INDEX annotations_why_words"
INDEX = "CREATE INDEX annotations_why_words ON annotations_annotation USING gin (aigap_words(why))"
LIVE_ALONE = " WHERE retired_in = 2147483647"


def widen(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)
        schema_editor.execute(INDEX)


def narrow(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)
        schema_editor.execute(INDEX + LIVE_ALONE)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0008_search")]
    operations = [migrations.RunPython(widen, narrow)]
