"""Snapshots and checks are evidence: the database itself refuses to change them, whoever asks.

The two functions serve every app. A trigger says what its rows are, how to mend it, and what an erasure that the law
demands may do to them (the withhold service sets `claimtrack.allow_erasure` for its own transaction).
"""

from django.db import migrations

FUNCTIONS = """
-- Arguments: what the rows are, the hint, and what an erasure may do: 'nothing', 'blank' (UPDATE) or 'delete' as well.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_erasure', true) = 'on' THEN
        IF TG_OP = 'UPDATE' AND TG_ARGV[2] IN ('blank', 'delete') THEN
            RETURN NEW;
        ELSIF TG_OP = 'DELETE' AND TG_ARGV[2] = 'delete' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% refused: rows of % are % and are never changed or deleted', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation', HINT = TG_ARGV[1];
END $$;

-- Only a test run, which empties tables between tests, says otherwise.
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('claimtrack.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'TRUNCATE refused: rows of % are % and are never changed or deleted', TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'To begin anew, make a new database.';
END $$;
"""
WITHHOLD = (
    "What the law requires to go is withheld through the withhold service, "
    "which sets claimtrack.allow_erasure for its own transaction."
)


def protect(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER is_immutable BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change('evidence', '{WITHHOLD}', 'delete');
        CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate('evidence');
        """,
        f"DROP TRIGGER is_immutable ON {table}; DROP TRIGGER is_not_truncated ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION refuse_change(); DROP FUNCTION refuse_truncate();"),
        protect("sources_snapshot"),
        protect("sources_sourcecheck"),
    ]
