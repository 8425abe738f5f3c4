"""What claims and claimants are found by on the desk, and the triggers that no way of writing goes around."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

TRIGGERS = """
-- The words of a text that changed are gone at once, and due to be written anew.
CREATE FUNCTION claims_empty_claim_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.text IS DISTINCT FROM OLD.text THEN
        INSERT INTO claims_claimwords (claim_id, search_text, is_due) VALUES (NEW.id, '', true)
            ON CONFLICT (claim_id) DO UPDATE SET search_text = '', is_due = true;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER words_follow_the_text AFTER INSERT OR UPDATE OF text ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_empty_claim_words();

CREATE FUNCTION claims_empty_claimant_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.name, NEW.aliases) IS DISTINCT FROM (OLD.name, OLD.aliases) THEN
        INSERT INTO claims_claimantwords (claimant_id, search_text, is_due) VALUES (NEW.id, '', true)
            ON CONFLICT (claimant_id) DO UPDATE SET search_text = '', is_due = true;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER words_follow_the_names AFTER INSERT OR UPDATE OF name, aliases ON claims_claimant
    FOR EACH ROW EXECUTE FUNCTION claims_empty_claimant_words();

-- An account's words are among its claimant's. Only updates: with its claimant, an account goes before it.
CREATE FUNCTION claims_empty_account_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_claimantwords SET search_text = '', is_due = true
        WHERE (TG_OP <> 'INSERT' AND claimant_id = OLD.claimant_id)
           OR (TG_OP <> 'DELETE' AND claimant_id = NEW.claimant_id);
    RETURN NULL;
END $$;
CREATE TRIGGER words_follow_the_accounts AFTER INSERT OR UPDATE OR DELETE ON claims_claimantaccount
    FOR EACH ROW EXECUTE FUNCTION claims_empty_account_words();
"""
NO_TRIGGERS = """
DROP TRIGGER words_follow_the_text ON claims_claim;
DROP TRIGGER words_follow_the_names ON claims_claimant;
DROP TRIGGER words_follow_the_accounts ON claims_claimantaccount;
DROP FUNCTION claims_empty_claim_words();
DROP FUNCTION claims_empty_claimant_words();
DROP FUNCTION claims_empty_account_words();
"""
# Rows from before: due, so that the beat task writes their words, a thousand every few seconds.
DUE = """
INSERT INTO claims_claimwords (claim_id, search_text, is_due) SELECT id, '', true FROM claims_claim;
INSERT INTO claims_claimantwords (claimant_id, search_text, is_due) SELECT id, '', true FROM claims_claimant;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0021_record"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimantWords",
            fields=[
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "search_vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("search_text", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "claimant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="claims.claimant",
                    ),
                ),
                ("is_due", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimWords",
            fields=[
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "search_vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("search_text", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("is_due", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="claimantaccount",
            index=django.contrib.postgres.indexes.HashIndex(
                django.db.models.functions.text.Lower("url"), name="claims_account_by_address"
            ),
        ),
        migrations.AddIndex(
            model_name="claimantaccount",
            index=models.Index(django.db.models.functions.text.Lower("handle"), name="claims_account_by_handle"),
        ),
        migrations.AddIndex(
            model_name="claimantwords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_vector"], name="claims_claimantwords_words"),
        ),
        migrations.AddIndex(
            model_name="claimantwords",
            index=models.Index(
                condition=models.Q(("is_due", True)), fields=["claimant"], name="claims_claimant_words_due"
            ),
        ),
        migrations.AddIndex(
            model_name="claimwords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_vector"], name="claims_claimwords_words"),
        ),
        migrations.AddIndex(
            model_name="claimwords",
            index=models.Index(condition=models.Q(("is_due", True)), fields=["claim"], name="claims_claim_words_due"),
        ),
        migrations.AddIndex(
            model_name="claimant",
            index=models.Index(fields=["name", "id"], name="claims_claimant_by_name"),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
    ]
