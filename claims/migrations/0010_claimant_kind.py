"""Person or organisation: what the markup says of whoever made a claim."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_webhook_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="claimant",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("person", "Person"), ("organization", "Organisation")],
                db_default="",
                default="",
                help_text=(
                    "For search engines and aggregators. Leave empty when nobody knows, as with an anonymous account."
                ),
                max_length=15,
                verbose_name="kind",
            ),
        ),
    ]
