"""Search by words: what is stored of a text is its words, and PostgreSQL keeps an index of them.

Adding the column writes the table anew (about 20 s per 100,000 verdicts); nothing else may write to it meanwhile.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from claims.rendering.search_words import searchable

BATCH = 2000


def keep_words(apps, schema_editor):
    """Rows from before hold their texts as they were written."""
    documents = apps.get_model("claims", "VerdictDocument").objects.order_by("pk")
    last = 0
    while rows := list(documents.filter(pk__gt=last).values_list("pk", "search_text")[:BATCH]):
        keys, texts = zip(*((pk, searchable(text)) for pk, text in rows), strict=True)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_verdictdocument SET search_text = words.text"
                " FROM unnest(%s::bigint[], %s::text[]) AS words (claim_id, text)"
                " WHERE claims_verdictdocument.claim_id = words.claim_id",
                [list(keys), list(texts)],
            )
        last = keys[-1]


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_held_changes")]

    operations = [
        migrations.AlterField(
            model_name="verdictdocument",
            name="search_text",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.RunPython(keep_words, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="verdictdocument",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector("search_text", config="simple"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="verdictdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="claims_verdictdocument_words"
            ),
        ),
    ]
