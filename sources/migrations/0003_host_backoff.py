"""Hosts that ask us to come later are left alone for longer; sources that fail by our own fault are counted.

The queue of due sources is walked along in the order of its index, however long it is. Leases and turns change columns
that no index holds: with room left on its page such a row is changed in place (a heap-only update).
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_protect_history")]

    operations = [
        migrations.AddField("hostturn", "refusals", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddField("source", "faults", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.RemoveIndex("source", "source_due"),
        migrations.AddIndex(
            "source", models.Index(fields=["next_check_at", "id"], include=["host"], name="source_due")
        ),
        migrations.RunSQL(
            "ALTER TABLE sources_source SET (fillfactor = 70); ALTER TABLE sources_hostturn SET (fillfactor = 50)",
            "ALTER TABLE sources_source RESET (fillfactor); ALTER TABLE sources_hostturn RESET (fillfactor)",
        ),
    ]
