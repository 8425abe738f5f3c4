"""Whether evidence is a primary or a secondary source; like all a person wrote, frozen once a version rests on it."""

from importlib import import_module

from django.db import migrations, models

protect_history = import_module("claims.migrations.0003_protect_history")
BEFORE = protect_history.EVIDENCE.partition("CREATE TRIGGER")[0]
FREEZE = BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def with_origin(function: str) -> str:
    return function.replace("NEW.load_bearing,", "NEW.load_bearing, NEW.origin,").replace(
        "OLD.load_bearing,", "OLD.load_bearing, OLD.origin,"
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_notices_chosen")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[
                    ("primary", "Primary: where it was first said, counted or recorded"),
                    ("secondary", "Secondary: somebody who tells of it"),
                ],
                db_default="",
                default="",
                help_text="Primary: the register, recording, study or eyewitness itself. Secondary: a report of it. A verdict should rest on primary sources where there are any; leave it open when you cannot tell.",
                max_length=10,
                verbose_name="primary or secondary",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["", "primary", "secondary"])), name="claims_evidence_origin_is_known"
            ),
        ),
        migrations.RunSQL(with_origin(FREEZE), FREEZE),
    ]
