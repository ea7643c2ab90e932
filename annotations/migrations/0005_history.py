import django.db.models.deletion
from django.db import migrations, models


def fill_in(apps, schema_editor):
    """Of the undos that there are already."""
    undoing = apps.get_model("annotations", "Undoing")
    undos = apps.get_model("annotations", "Revision").objects.filter(action="undo").order_by("pk")
    rows = undos.values_list("collection_id", "number", "result")
    undoing.objects.bulk_create(
        (
            undoing(collection_id=collection, number=number, undid=result["undone"])
            for collection, number, result in rows.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0004_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Undoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("undid", models.PositiveIntegerField()),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["collection", "number"], name="undoing_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "undid", "number"), name="undoing_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", models.F("undid"))), name="undoing_of_the_past"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="before",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="before_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("problem__gt", ""), ("retired_in", 2147483647)),
                fields=["collection", "problem"],
                name="annotation_problem",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["article", "span"], name="assignment_history"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["collection", "action", "number"], name="revision_action"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
