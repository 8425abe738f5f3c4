"""Changes that break whatever acts on them are put off, counted, and stay unprocessed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0006_health_indexes")]

    operations = [
        migrations.AddField("sourcechange", "attempts", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField("sourcechange", "not_before", models.DateTimeField(blank=True, null=True)),
    ]
