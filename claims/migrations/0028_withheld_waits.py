"""Whoever writes something new on a claim waits for a withholding of it that is under way, and is refused after it."""

from django.db import migrations

WAITS = """
-- The row that is written would be seen by nobody who blanks: it is not there yet. An INSERT takes the lock that its
-- foreign key takes anyway, only before it asks; what is there already is blanked, or waited for, row by row.
CREATE OR REPLACE FUNCTION claims_refuse_writing_what_is_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM claims_claim WHERE id = about FOR KEY SHARE;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM claims_verdict WHERE claim_id = about AND status = 'withheld') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: the verdict on this claim is withheld', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Log what may be said as another claim.';
END $$;
"""
WAITED_NOT = """
CREATE OR REPLACE FUNCTION claims_refuse_writing_what_is_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on'
       OR NOT EXISTS (SELECT 1 FROM claims_verdict WHERE claim_id = about AND status = 'withheld') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: the verdict on this claim is withheld', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Log what may be said as another claim.';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0027_event_words"),
    ]

    operations = [migrations.RunSQL(WAITS, WAITED_NOT)]
