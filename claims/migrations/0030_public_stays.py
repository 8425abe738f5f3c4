"""Appearances, reviews and verdicts that were public are not deleted, whoever asks."""

from django.db import migrations

STAYS = """
-- What readers were shown stays. An appearance goes while its claim was never public, and where the law demands it.
CREATE FUNCTION claims_refuse_deleting_what_was_public() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
BEGIN
    IF TG_ARGV[1] = 'erasure' AND current_setting('claimtrack.allow_erasure', true) = 'on'
       OR NOT EXISTS (SELECT 1 FROM claims_verdict WHERE claim_id = about) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'DELETE refused: this was public'
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Correct or retract the verdict; have it withheld where the law demands it.';
END $$;
CREATE TRIGGER is_not_deleted_once_public BEFORE DELETE ON claims_appearance
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_deleting_what_was_public('claim_id', 'erasure');
CREATE TRIGGER is_not_deleted_once_public BEFORE DELETE ON claims_review
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_deleting_what_was_public('verdict_id', 'nothing');
CREATE TRIGGER is_not_deleted_once_public BEFORE DELETE ON claims_verdict
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_deleting_what_was_public('claim_id', 'nothing');
"""
UNDO = """
DROP TRIGGER is_not_deleted_once_public ON claims_verdict;
DROP TRIGGER is_not_deleted_once_public ON claims_review;
DROP TRIGGER is_not_deleted_once_public ON claims_appearance;
DROP FUNCTION claims_refuse_deleting_what_was_public();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0029_reader_messages"),
    ]

    operations = [migrations.RunSQL(STAYS, UNDO)]
