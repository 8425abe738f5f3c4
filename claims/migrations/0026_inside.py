"""Notes among colleagues, the day to look again, and how a claim reached us: inside the newsroom alone."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

stays_withheld = import_module("claims.migrations.0016_withholding").stays_withheld

NOTES = """
-- A note stays as it was written; its author may strike it out, once. It goes with a claim that was never public.
CREATE FUNCTION claims_refuse_rewritten_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM claims_verdict WHERE claim_id = OLD.claim_id) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (current_setting('claimtrack.allow_erasure', true) = 'on'
       OR OLD.struck_at IS NULL AND to_jsonb(NEW) - 'struck_at' = to_jsonb(OLD) - 'struck_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: a note is never rewritten or deleted', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Its author strikes it out and writes another.';
END $$;
CREATE TRIGGER is_never_rewritten BEFORE UPDATE OR DELETE ON claims_note
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_rewritten_note();
"""
UNDO_NOTES = """
DROP TRIGGER is_never_rewritten ON claims_note;
DROP FUNCTION claims_refuse_rewritten_note();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0025_quick_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimContact",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact",
                        serialize=False,
                        to="claims.claim",
                        verbose_name="claim",
                    ),
                ),
                (
                    "reported_by",
                    models.CharField(
                        blank=True,
                        help_text="Who told us of it. Never public.",
                        max_length=200,
                        verbose_name="reported by",
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        help_text="Mail address, number, account. Never public.",
                        max_length=300,
                        verbose_name="how to reach them",
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        blank=True,
                        help_text="Mail, tip line, Telegram bot, a colleague, …",
                        max_length=100,
                        verbose_name="it came by",
                    ),
                ),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="noted")),
            ],
            options={
                "verbose_name": "how a claim reached us",
                "verbose_name_plural": "how claims reached us",
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "text",
                    models.TextField(
                        help_text="For colleagues alone. Plain text; @name tells that colleague.",
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="note",
                    ),
                ),
                ("struck_at", models.DateTimeField(blank=True, null=True, verbose_name="struck out")),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="verdict",
            name="look_again_on",
            field=models.DateField(
                blank=True,
                help_text="The day on which somebody should look again.",
                null=True,
                verbose_name="look again on",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="look_again_told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="told to look again"),
        ),
        migrations.AddField(
            model_name="verdict",
            name="look_again_why",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="For colleagues: what to look for.",
                verbose_name="why look again",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("look_again_on__isnull", False)),
                fields=["look_again_on"],
                name="claims_verdict_look_again",
            ),
        ),
        migrations.AddIndex(
            model_name="claimcontact",
            index=models.Index(fields=["noted_at"], name="claims_contact_expiring"),
        ),
        migrations.AddField(
            model_name="note",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["claim", "id"], name="claims_note_of_claim"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="claims_note_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("struck_at__isnull", True), ("struck_at__gte", models.F("at")), _connector="OR"),
                name="claims_note_struck_after_it_was_written",
            ),
        ),
        migrations.RunSQL(NOTES, UNDO_NOTES),
        *(stays_withheld(f"claims_{table}") for table in ("note", "claimcontact", "unsavedwords")),
    ]
