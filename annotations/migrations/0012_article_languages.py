"""The dataset page offers the languages of all articles: a step along this index for each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0011_note_versions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="articledetails",
            index=models.Index(
                condition=models.Q(("retired_in", 2147483647)),
                fields=["collection", "language"],
                name="article_live_language",
            ),
        ),
    ]
