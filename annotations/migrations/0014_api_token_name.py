from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0013_opened"),
    ]

    operations = [
        migrations.AlterModelOptions(name="apitoken", options={"verbose_name": "API token"}),
    ]
