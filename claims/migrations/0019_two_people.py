"""What a second person reads does not move, and nobody approves what they had a hand in: held by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FROZEN = """
-- What a second person is reading may not move under their eyes, whoever writes.
CREATE FUNCTION claims_refuse_while_in_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    is_now jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    -- What machines and the workflow itself write.
    free text[] := TG_ARGV[1]::text[];
    about bigint := coalesce(was ->> TG_ARGV[0], is_now ->> TG_ARGV[0])::bigint;
BEGIN
    IF was - free = is_now - free
       OR current_setting('claimtrack.allow_erasure', true) = 'on'
       OR NOT EXISTS (SELECT 1 FROM claims_draft WHERE claim_id = about AND state = 'in_review') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% refused: this claim''s draft is in review', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'The reviewer sends it back first.';
END $$;
CREATE TRIGGER is_frozen_in_review BEFORE UPDATE ON claims_draft FOR EACH ROW WHEN (OLD.state = 'in_review')
    EXECUTE FUNCTION claims_refuse_while_in_review(
        'claim_id', '{state,sent_back_because,assigned_to_id,reader_id,reading_since,updated_at}');
CREATE TRIGGER is_frozen_in_review BEFORE INSERT OR UPDATE OR DELETE ON claims_evidence FOR EACH ROW
    EXECUTE FUNCTION claims_refuse_while_in_review(
        'claim_id', '{snapshot_id,quote_status,quote_status_since,quote_found,quote_prefix,quote_suffix}');
CREATE TRIGGER is_frozen_in_review BEFORE UPDATE OF
    text, language, claimant_id, made_on, location,
    quantity_as_stated, quantity_low, quantity_high, quantity_unit ON claims_claim FOR EACH ROW
    WHEN ((OLD.text, OLD.language, OLD.claimant_id, OLD.made_on, OLD.location,
           OLD.quantity_as_stated, OLD.quantity_low, OLD.quantity_high, OLD.quantity_unit) IS DISTINCT FROM
          (NEW.text, NEW.language, NEW.claimant_id, NEW.made_on, NEW.location,
           NEW.quantity_as_stated, NEW.quantity_low, NEW.quantity_high, NEW.quantity_unit))
    EXECUTE FUNCTION claims_refuse_while_in_review('id', '{}');
"""
UNDO_FROZEN = """
DROP TRIGGER is_frozen_in_review ON claims_claim;
DROP TRIGGER is_frozen_in_review ON claims_evidence;
DROP TRIGGER is_frozen_in_review ON claims_draft;
DROP FUNCTION claims_refuse_while_in_review();
"""
TWO_PEOPLE = """
-- Whoever approves is a reviewer, was handed the draft, and had no hand in it.
CREATE FUNCTION claims_refuse_approval_by_an_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.second_review_required OR NEW.approved_by_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM claims_user
                   WHERE id = NEW.approved_by_id AND (is_superuser OR role IN ('reviewer', 'admin'))) THEN
        RAISE EXCEPTION 'INSERT refused: only a reviewer or an administrator approves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM claims_draft WHERE claim_id = NEW.verdict_id AND state <> 'in_review') THEN
        RAISE EXCEPTION 'INSERT refused: the draft was not handed in'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM claims_draft d WHERE d.claim_id = NEW.verdict_id
               AND (d.submitted_by_id = NEW.approved_by_id
                    OR EXISTS (SELECT 1 FROM claims_draft_editors e
                               WHERE e.draft_id = d.id AND e.user_id = NEW.approved_by_id)))
       OR EXISTS (SELECT 1 FROM claims_claim_evidence_editors
                  WHERE claim_id = NEW.verdict_id AND user_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'INSERT refused: whoever wrote in a draft or changed its evidence does not approve it'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'A second person approves.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_approved_by_a_second_person BEFORE INSERT ON claims_verdictversion
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_approval_by_an_author();

-- The same, said of the finished version: its approver is not among its editors.
CREATE FUNCTION claims_refuse_approver_among_editors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_verdictversion WHERE id = NEW.verdictversion_id
               AND second_review_required AND approved_by_id = NEW.user_id) THEN
        RAISE EXCEPTION 'INSERT refused: the approver of a version is not among its editors'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'A second person approves.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_not_its_approver BEFORE INSERT ON claims_verdictversion_editors
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_approver_among_editors();

-- Nobody washes their hands of a draft they wrote in: a name leaves only with the draft itself.
CREATE FUNCTION claims_refuse_forgotten_editor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_draft WHERE id = OLD.draft_id) THEN
        RAISE EXCEPTION '% refused: whoever wrote in a draft stays among its editors', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeps_its_editors AFTER UPDATE OR DELETE ON claims_draft_editors
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_refuse_forgotten_editor();
"""
UNDO_TWO_PEOPLE = """
DROP TRIGGER keeps_its_editors ON claims_draft_editors;
DROP FUNCTION claims_refuse_forgotten_editor();
DROP TRIGGER is_not_its_approver ON claims_verdictversion_editors;
DROP FUNCTION claims_refuse_approver_among_editors();
DROP TRIGGER is_approved_by_a_second_person ON claims_verdictversion;
DROP FUNCTION claims_refuse_approval_by_an_author();
"""
# Until now, who attached evidence before anybody drafted was noted on the evidence alone.
EDITORS_OF_UNPUBLISHED_EVIDENCE = """
INSERT INTO claims_claim_evidence_editors (claim_id, user_id)
SELECT DISTINCT e.claim_id, e.created_by_id FROM claims_evidence e
WHERE e.created_by_id IS NOT NULL AND e.dropped_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM claims_verdictversion_evidence v WHERE v.evidence_id = e.id)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_account_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="evidence_editors",
            field=models.ManyToManyField(
                blank=True, editable=False, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="who changed its evidence"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="reader",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="read by",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="reading_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="read since"),
        ),
        migrations.RunSQL(EDITORS_OF_UNPUBLISHED_EVIDENCE, migrations.RunSQL.noop),
        # Whatever the rows above left waiting is settled before tables get their triggers.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(FROZEN, UNDO_FROZEN),
        migrations.RunSQL(TWO_PEOPLE, UNDO_TWO_PEOPLE),
    ]
