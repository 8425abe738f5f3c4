"""What texts are matched by, and the triggers that keep its index."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
CREATE TABLE claims_matchposting (
    term integer NOT NULL,
    text_id bigint NOT NULL,
    -- Which texts hold this word? Newest first.
    CONSTRAINT claims_match_posting_once PRIMARY KEY (term, text_id)
);

-- Words of public texts are other terms than the same words on the desk.
CREATE FUNCTION claims_match_term(word integer, is_public boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN is_public THEN word # 1431655765 ELSE word END $$;

-- The index follows the rows, whoever writes them.
CREATE FUNCTION claims_keep_match_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM claims_matchposting WHERE text_id = OLD.id AND term IN (
            SELECT claims_match_term(word, OLD.is_public) FROM unnest(OLD.words || OLD.beginnings) AS word);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO claims_matchposting (term, text_id)
            SELECT DISTINCT claims_match_term(word, NEW.is_public), NEW.id
            FROM unnest(NEW.words || NEW.beginnings) AS word
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_follow_the_text AFTER INSERT OR UPDATE OR DELETE ON claims_matchtext
    FOR EACH ROW EXECUTE FUNCTION claims_keep_match_postings();

-- A text that is blanked or changed is found no more until its words are written anew.
CREATE FUNCTION claims_empty_match_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text IS DISTINCT FROM OLD.text THEN
        DELETE FROM claims_matchtext WHERE claim_id = NEW.id AND NOT is_public;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER match_texts_follow_the_text AFTER UPDATE OF text ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_empty_match_texts();

-- Claims from before: due, so that the beat task writes what they are matched by.
UPDATE claims_claimwords SET is_due = true;
"""
NO_TRIGGERS = """
DROP TRIGGER match_texts_follow_the_text ON claims_claim;
DROP FUNCTION claims_empty_match_texts();
DROP TRIGGER postings_follow_the_text ON claims_matchtext;
DROP FUNCTION claims_keep_match_postings();
DROP FUNCTION claims_match_term(integer, boolean);
DROP TABLE claims_matchposting;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0030_public_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchShare",
            fields=[
                ("term", models.IntegerField(primary_key=True, serialize=False)),
                ("share", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="MatchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_public", models.BooleanField()),
                ("language", models.CharField(max_length=12)),
                ("words", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("beginnings", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("same", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=32)),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="match_texts",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["same"], name="claims_match_same")],
                "constraints": [
                    models.UniqueConstraint(fields=("claim", "is_public", "language"), name="claims_match_text_once")
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
