"""Notices and the alarm of webhooks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_external_reviews"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sweep_late", "Visits are late"),
                    ("archive_failing", "Captures fail by our own fault"),
                    ("poison_sources", "Sources that fail at every visit"),
                    ("poison_changes", "Changes that cannot be worked off"),
                    ("mail_failing", "Mail does not leave"),
                    ("webhooks_late", "Webhooks are late"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review_opened", "A review opened"),
                    ("quote_changed", "A quoted passage changed"),
                    ("source_changed", "A page died, came back or moved"),
                    ("hold_opened", "Changes are held"),
                    ("alarm_started", "Something is wrong"),
                    ("alarm_ended", "In order again"),
                    ("webhook_failing", "A webhook fails"),
                ],
                max_length=20,
                verbose_name="about",
            ),
        ),
    ]
