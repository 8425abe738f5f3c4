"""One index of the newest verdicts instead of two: PostgreSQL took the narrower one for the feed and sorted its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0033_known_languages")]

    operations = [
        migrations.RemoveIndex("verdictdocument", "claims_document_rated"),
        migrations.RemoveIndex("verdictdocument", "claims_document_newest"),
        migrations.AddIndex(
            "verdictdocument",
            models.Index(
                condition=models.Q(("status__in", ["published", "under_review"])),
                fields=["-published_at", "-public_id"],
                include=["rating_code"],
                name="claims_document_newest",
            ),
        ),
    ]
