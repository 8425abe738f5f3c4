"""What was public is never rewritten: the database itself refuses, whoever asks.

The one exception is erasure that the law demands: the withhold service sets `claimtrack.allow_erasure` for its own
transaction, and then only texts may be blanked.
"""

from django.db import migrations

PROTECT = """
CREATE FUNCTION claims_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused: rows of % are public history and are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Publish a correction or a retraction instead: both stay visible.';
END $$;

CREATE FUNCTION claims_refuse_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: rows of % are public history and are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Publish a correction or a retraction instead: both stay visible.';
END $$;

-- Evidence is free until a version rests on it; then only what machines write may move.
CREATE FUNCTION claims_refuse_published_evidence_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM claims_verdictversion_evidence WHERE evidence_id = OLD.id) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
       AND (NEW.public_id, NEW.claim_id, NEW.kind, NEW.stance, NEW.load_bearing, NEW.source_id, NEW.quote, NEW.upload_id, NEW.file_name, NEW.file_media_type,
            NEW.description, NEW.note, NEW.quantity_as_stated, NEW.quantity_low, NEW.quantity_high, NEW.quantity_unit)
           IS NOT DISTINCT FROM
           (OLD.public_id, OLD.claim_id, OLD.kind, OLD.stance, OLD.load_bearing, OLD.source_id, OLD.quote, OLD.upload_id, OLD.file_name, OLD.file_media_type,
            OLD.description, OLD.note, OLD.quantity_as_stated, OLD.quantity_low, OLD.quantity_high, OLD.quantity_unit)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: a published version rests on this evidence', TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Drop it from the next version and attach another.';
END $$;

-- Only a test run, which empties tables between tests, says otherwise.
CREATE FUNCTION claims_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'TRUNCATE refused: rows of % are public history and are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'To begin anew, make a new database.';
END $$;

CREATE TRIGGER event_is_immutable BEFORE UPDATE OR DELETE ON claims_event
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER activity_is_immutable BEFORE UPDATE OR DELETE ON claims_activity
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_unless_erasing();
CREATE TRIGGER version_is_immutable BEFORE UPDATE OR DELETE ON claims_verdictversion
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_unless_erasing();
CREATE TRIGGER version_keeps_its_evidence BEFORE UPDATE OR DELETE ON claims_verdictversion_evidence
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER version_keeps_its_editors BEFORE UPDATE OR DELETE ON claims_verdictversion_editors
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER published_evidence_is_immutable BEFORE UPDATE OR DELETE ON claims_evidence
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_published_evidence_change();
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON claims_event
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
CREATE TRIGGER activity_is_not_truncated BEFORE TRUNCATE ON claims_activity
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
CREATE TRIGGER version_is_not_truncated BEFORE TRUNCATE ON claims_verdictversion
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
CREATE TRIGGER version_evidence_is_not_truncated BEFORE TRUNCATE ON claims_verdictversion_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
CREATE TRIGGER version_editors_is_not_truncated BEFORE TRUNCATE ON claims_verdictversion_editors
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
CREATE TRIGGER evidence_is_not_truncated BEFORE TRUNCATE ON claims_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate();
"""
UNPROTECT = """
DROP TRIGGER event_is_not_truncated ON claims_event;
DROP TRIGGER activity_is_not_truncated ON claims_activity;
DROP TRIGGER version_is_not_truncated ON claims_verdictversion;
DROP TRIGGER version_evidence_is_not_truncated ON claims_verdictversion_evidence;
DROP TRIGGER version_editors_is_not_truncated ON claims_verdictversion_editors;
DROP TRIGGER evidence_is_not_truncated ON claims_evidence;
DROP TRIGGER published_evidence_is_immutable ON claims_evidence;
DROP TRIGGER version_keeps_its_editors ON claims_verdictversion_editors;
DROP TRIGGER version_keeps_its_evidence ON claims_verdictversion_evidence;
DROP TRIGGER version_is_immutable ON claims_verdictversion;
DROP TRIGGER activity_is_immutable ON claims_activity;
DROP TRIGGER event_is_immutable ON claims_event;
DROP FUNCTION claims_refuse_truncate();
DROP FUNCTION claims_refuse_published_evidence_change();
DROP FUNCTION claims_refuse_unless_erasing();
DROP FUNCTION claims_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_evidence_and_verdicts")]

    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
