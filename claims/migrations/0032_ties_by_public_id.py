"""Verdicts of one moment are told apart by what a cursor names them by, so no page looks a key up first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0031_matching")]

    operations = [
        migrations.RemoveIndex("verdictdocument", "claims_document_newest"),
        migrations.RemoveIndex("verdictdocument", "claims_document_updated"),
        migrations.AddIndex(
            "verdictdocument",
            models.Index(
                condition=models.Q(("status__in", ["published", "under_review"])),
                fields=["-published_at", "-public_id"],
                name="claims_document_newest",
            ),
        ),
        migrations.AddIndex(
            "verdictdocument",
            models.Index(fields=["-updated_at", "-public_id"], name="claims_document_updated"),
        ),
    ]
