"""Captures read again by a newer extractor, and what sites show for pages that cannot exist."""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

protect = import_module("sources.migrations.0002_protect_history").protect


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_host_backoff")]

    operations = [
        migrations.CreateModel(
            name="MissingPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField(null=True)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("origin",), name="missingpage_origin_once")],
                "indexes": [
                    models.Index(condition=models.Q(("asked_at", None)), fields=["id"], name="missingpage_wanted")
                ],
            },
        ),
        migrations.CreateModel(
            name="Extraction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extractor", models.CharField(max_length=40)),
                ("extractor_version", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
                ("text_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extractions", to="sources.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "extractor", "extractor_version"), name="extraction_once_per_extractor"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_sha256__regex", "^[0-9a-f]{64}$")),
                        name="extraction_text_sha256_whole",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                fields=["extractor", "extractor_version", "media_type"], name="snapshot_by_extractor"
            ),
        ),
        # What a capture said is evidence, whichever extractor read it.
        protect("sources_extraction"),
    ]
