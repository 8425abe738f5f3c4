"""Hosts that ask us to come later are left alone for longer; sources that fail by our own fault are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_protect_history")]

    operations = [
        migrations.AddField("hostturn", "refusals", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField("source", "faults", models.PositiveSmallIntegerField(default=0, db_default=0)),
    ]
