"""What was public is never rewritten: the database itself refuses, whoever asks.

The one exception is erasure that the law demands: the withhold service sets `claimtrack.allow_erasure` for its own
transaction, and then only texts may be blanked. refuse_change() and refuse_truncate() are those of sources.
"""

from django.db import migrations

INSTEAD = "Publish a correction or a retraction instead: both stay visible."

EVIDENCE = """
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
       AND (NEW.public_id, NEW.claim_id, NEW.kind, NEW.stance, NEW.load_bearing, NEW.source_id, NEW.quote, NEW.upload_id,
            NEW.file_name, NEW.file_media_type, NEW.description, NEW.note, NEW.quantity_as_stated, NEW.quantity_low, NEW.quantity_high, NEW.quantity_unit)
           IS NOT DISTINCT FROM
           (OLD.public_id, OLD.claim_id, OLD.kind, OLD.stance, OLD.load_bearing, OLD.source_id, OLD.quote, OLD.upload_id,
            OLD.file_name, OLD.file_media_type, OLD.description, OLD.note, OLD.quantity_as_stated, OLD.quantity_low, OLD.quantity_high, OLD.quantity_unit)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: a published version rests on this evidence', TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Drop it from the next version and attach another.';
END $$;
CREATE TRIGGER is_immutable_once_published BEFORE UPDATE OR DELETE ON claims_evidence
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_published_evidence_change();
"""
UNDO_EVIDENCE = """
DROP TRIGGER is_immutable_once_published ON claims_evidence;
DROP FUNCTION claims_refuse_published_evidence_change();
"""


def protect(table: str, *, erasure: str = "nothing") -> migrations.RunSQL:
    """`erasure`: what may happen to rows that the law withholds, see sources' refuse_change()."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER is_immutable BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change('public history', '{INSTEAD}', '{erasure}');
        """,
        f"DROP TRIGGER is_immutable ON {table};",
    )


def refuse_truncate(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate('public history');
        """,
        f"DROP TRIGGER is_not_truncated ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_evidence_and_verdicts"), ("sources", "0002_protect_history")]

    operations = [
        protect("claims_event"),
        protect("claims_verdictversion_evidence"),
        protect("claims_verdictversion_editors"),
        protect("claims_verdictversion", erasure="blank"),
        protect("claims_activity", erasure="blank"),
        migrations.RunSQL(EVIDENCE, UNDO_EVIDENCE),
        refuse_truncate("claims_event"),
        refuse_truncate("claims_verdictversion_evidence"),
        refuse_truncate("claims_verdictversion_editors"),
        refuse_truncate("claims_verdictversion"),
        refuse_truncate("claims_activity"),
        refuse_truncate("claims_evidence"),
    ]
