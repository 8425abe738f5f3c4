"""Withholding: two people, one way, for good."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STAYS_WITHHELD = """
-- What the law withheld is not written anew, whoever writes. Argument: the column that names the claim.
CREATE FUNCTION claims_refuse_writing_what_is_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on'
       OR NOT EXISTS (SELECT 1 FROM claims_verdict WHERE claim_id = about AND status = 'withheld') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: the verdict on this claim is withheld', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Log what may be said as another claim.';
END $$;

-- Two people agreed before a verdict is withheld, and it never comes back.
CREATE FUNCTION claims_refuse_withholding_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'withheld' AND NEW.status <> 'withheld' THEN
        RAISE EXCEPTION 'UPDATE refused: what is withheld stays withheld'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Log what may be said as another claim.';
    END IF;
    IF NEW.status = 'withheld' AND NOT EXISTS (
        SELECT 1 FROM claims_withholding WHERE claim_id = NEW.claim_id AND confirmed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'UPDATE refused: nobody confirmed that this verdict is withheld'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Propose it, and have a second person confirm.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_withheld_by_two BEFORE UPDATE OF status ON claims_verdict
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_withholding_alone();

-- A decision stands as it was made; only the list of files still to be deleted gets shorter.
CREATE FUNCTION claims_refuse_changed_withholding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.confirmed_at IS NULL AND OLD.withdrawn_at IS NULL
       OR to_jsonb(NEW) - 'files' = to_jsonb(OLD) - 'files') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: what was decided about a withholding is on record', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'A proposal that nobody confirmed is withdrawn.';
END $$;
CREATE TRIGGER is_on_record BEFORE UPDATE OR DELETE ON claims_withholding
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_changed_withholding();
"""
UNDO_STAYS_WITHHELD = """
DROP TRIGGER is_on_record ON claims_withholding;
DROP FUNCTION claims_refuse_changed_withholding();
DROP TRIGGER is_withheld_by_two ON claims_verdict;
DROP FUNCTION claims_refuse_withholding_alone();
DROP FUNCTION claims_refuse_writing_what_is_withheld();
"""


def stays_withheld(table: str, *, claim: str = "claim_id") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER is_not_written_once_withheld BEFORE INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION claims_refuse_writing_what_is_withheld('{claim}');
        """,
        f"DROP TRIGGER is_not_written_once_withheld ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0015_evidence_origin"),
    ]

    operations = [
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
                    ("withholding", "A verdict is to be withheld"),
                    ("assigned", "A claim was given to me"),
                    ("sent_back", "My draft was sent back"),
                    ("draft_waiting", "A draft waits for my review"),
                    ("published", "My draft was published"),
                    ("mentioned", "I am mentioned in a note"),
                    ("look_again_due", "The day to look again has come"),
                    ("overview", "The daily overview"),
                ],
                max_length=20,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="noticepreference",
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
                    ("withholding", "A verdict is to be withheld"),
                    ("assigned", "A claim was given to me"),
                    ("sent_back", "My draft was sent back"),
                    ("draft_waiting", "A draft waits for my review"),
                    ("published", "My draft was published"),
                    ("mentioned", "I am mentioned in a note"),
                    ("look_again_due", "The day to look again has come"),
                    ("overview", "The daily overview"),
                ],
                max_length=20,
                verbose_name="about",
            ),
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.TextField(
                        help_text="For the newsroom's own record; never public. Do not repeat what has to go.",
                        verbose_name="reason",
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(
                        help_text="Public: all that readers and newsrooms still see. A court and its docket number, or an article.",
                        max_length=300,
                        verbose_name="legal basis",
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("blanked", models.JSONField(blank=True, default=dict)),
                ("files", models.JSONField(blank=True, default=list)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withholdings", to="claims.claim"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "withholding",
                "verbose_name_plural": "withholdings",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="claims_withholding_confirmed_by_a_second_person",
                        violation_error_message="A second person has to confirm that this verdict is withheld.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True),
                                ("confirmed_by__isnull", True),
                                models.Q(
                                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="claims_withholding_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("legal_basis", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                        ),
                        name="claims_withholding_has_its_reasons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("claim",),
                        name="claims_one_withholding_in_force",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STAYS_WITHHELD, UNDO_STAYS_WITHHELD),
        stays_withheld("claims_claim", claim="id"),
        *(
            stays_withheld(f"claims_{table}")
            for table in ("draft", "evidence", "appearance", "translation", "claim_topics")
        ),
        migrations.RunSQL(
            "CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON claims_withholding "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate('public history');",
            "DROP TRIGGER is_not_truncated ON claims_withholding;",
        ),
    ]
