"""Uploaded files have a text too, with who read it. And captures are called so wherever people see them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_changes_put_off")]

    operations = [
        migrations.AlterField(
            "extraction",
            "snapshot",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extractions",
                to="sources.snapshot",
            ),
        ),
        migrations.AddField(
            "extraction",
            "upload",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extractions",
                to="sources.upload",
            ),
        ),
        migrations.AddConstraint(
            "extraction",
            models.UniqueConstraint(
                fields=["upload", "extractor", "extractor_version"], name="extraction_once_per_upload"
            ),
        ),
        migrations.AddConstraint(
            "extraction",
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False, upload__isnull=True)
                | Q(snapshot__isnull=True, upload__isnull=False),
                name="extraction_of_one_thing",
            ),
        ),
        migrations.AlterModelOptions("snapshot", {"ordering": ["-taken_at", "-pk"], "verbose_name": "capture"}),
    ]
