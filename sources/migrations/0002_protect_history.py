"""Snapshots and checks are evidence: the database itself refuses to change them, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION sources_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% refused: rows of % are evidence and are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'What the law requires to go is withheld through the withhold service, '
                     'which sets claimtrack.allow_erasure for its own transaction.';
END $$;
-- Only a test run, which empties tables between tests, says otherwise.
CREATE FUNCTION sources_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'TRUNCATE refused: rows of % are evidence and are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'To begin anew, make a new database.';
END $$;
CREATE TRIGGER snapshot_is_immutable BEFORE UPDATE OR DELETE ON sources_snapshot
    FOR EACH ROW EXECUTE FUNCTION sources_refuse_change();
CREATE TRIGGER sourcecheck_is_insert_only BEFORE UPDATE OR DELETE ON sources_sourcecheck
    FOR EACH ROW EXECUTE FUNCTION sources_refuse_change();
CREATE TRIGGER snapshot_is_not_truncated BEFORE TRUNCATE ON sources_snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION sources_refuse_truncate();
CREATE TRIGGER sourcecheck_is_not_truncated BEFORE TRUNCATE ON sources_sourcecheck
    FOR EACH STATEMENT EXECUTE FUNCTION sources_refuse_truncate();
"""
UNPROTECT = """
DROP TRIGGER sourcecheck_is_not_truncated ON sources_sourcecheck;
DROP TRIGGER snapshot_is_not_truncated ON sources_snapshot;
DROP TRIGGER sourcecheck_is_insert_only ON sources_sourcecheck;
DROP TRIGGER snapshot_is_immutable ON sources_snapshot;
DROP FUNCTION sources_refuse_truncate();
DROP FUNCTION sources_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
