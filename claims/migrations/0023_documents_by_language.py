from django.db import migrations, models

from claims.querysets import MainLanguage


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_found_by_words")]

    operations = [
        migrations.AddIndex(
            model_name="verdictdocument",
            index=models.Index(
                MainLanguage("language"),
                models.F("published_at").desc(),
                name="claims_document_by_language",
            ),
        ),
    ]
