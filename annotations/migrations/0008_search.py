"""PostgreSQL's indexes of words. SQLite's are kept by `annotations.models.words`.

Numbered as before the others were made one, so that a database that has them all needs nothing.
"""

from typing import Any

from django.db import migrations

# Marks are parted from words before PostgreSQL's parser sees them, or it would take "2-3" for 2 and -3. The function
# is told its search path, so that an index never depends on whoever writes.
MARKS = ".,:;!?''\"()[]{}<>/\\|@#$%^&*+=~`_-–—“”‘’‚„«»‹›…·€£¥、。，．；：！？「」『』（）"
WORDS = f"""
CREATE OR REPLACE FUNCTION aigap_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
$$ SELECT to_tsvector('pg_catalog.simple'::regconfig, translate(left(said, 20000), '{MARKS}', repeat(' ', {len(MARKS) - 1}))) $$
"""
INDEXES = (
    "CREATE INDEX annotations_quote_words ON annotations_span USING gin (aigap_words(quote))",
    "CREATE INDEX annotations_why_words ON annotations_annotation USING gin (aigap_words(why)) "
    "WHERE retired_in = 2147483647",
)


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for sql in (WORDS, *INDEXES):
            schema_editor.execute(sql, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in ("annotations_quote_words", "annotations_why_words"):
            schema_editor.execute(f"DROP INDEX {name}")
        schema_editor.execute("DROP FUNCTION aigap_words(text)")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
