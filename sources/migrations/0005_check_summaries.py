"""Uneventful visits of months ago, rolled up: by the roll-up alone, and the database sees to that.

The roll-up sets `claimtrack.allow_roll_up` for its own transaction. Even then only uneventful visits may go, and a
summary may only be added or grow.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PROTECTION = """
DROP TRIGGER is_immutable ON sources_sourcecheck;
CREATE TRIGGER is_immutable BEFORE UPDATE ON sources_sourcecheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change({check});
CREATE TRIGGER is_not_deleted BEFORE DELETE ON sources_sourcecheck
    FOR EACH ROW WHEN (
        current_setting('claimtrack.allow_roll_up', true) IS DISTINCT FROM 'on'
        OR OLD.outcome NOT IN ('ok', 'not_modified', 'redirect_temporary', 'redirect_permanent')
        OR OLD.counted OR OLD.error <> ''
    ) EXECUTE FUNCTION refuse_change({check});

CREATE TRIGGER is_rolled_up BEFORE INSERT ON sources_checksummary
    FOR EACH ROW WHEN (current_setting('claimtrack.allow_roll_up', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION refuse_change({summary});
CREATE TRIGGER only_grows BEFORE UPDATE ON sources_checksummary
    FOR EACH ROW WHEN (
        current_setting('claimtrack.allow_roll_up', true) IS DISTINCT FROM 'on'
        OR (NEW.source_id, NEW.month, NEW.outcome) <> (OLD.source_id, OLD.month, OLD.outcome)
        OR NEW.visits <= OLD.visits OR NEW.first_at > OLD.first_at OR NEW.last_at < OLD.last_at
    ) EXECUTE FUNCTION refuse_change({summary});
CREATE TRIGGER is_not_deleted BEFORE DELETE ON sources_checksummary
    FOR EACH ROW EXECUTE FUNCTION refuse_change({summary});
CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON sources_checksummary
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate('evidence');
""".format(
    check="'evidence', 'Uneventful visits of months ago are summed up by the roll-up alone.', 'delete'",
    summary="'evidence', 'The roll-up alone writes them: a summary is added or grows, and nothing else.', 'delete'",
)
UNPROTECTED = """
DROP TRIGGER is_not_deleted ON sources_sourcecheck;
DROP TRIGGER is_immutable ON sources_sourcecheck;
CREATE TRIGGER is_immutable BEFORE UPDATE OR DELETE ON sources_sourcecheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change('evidence', '', 'delete');
DROP TRIGGER is_rolled_up ON sources_checksummary;
DROP TRIGGER only_grows ON sources_checksummary;
DROP TRIGGER is_not_deleted ON sources_checksummary;
DROP TRIGGER is_not_truncated ON sources_checksummary;
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_extractions_and_missing_pages")]

    operations = [
        migrations.CreateModel(
            name="CheckSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ok", "page received"),
                            ("not_modified", "not modified"),
                            ("redirect_temporary", "temporary redirect"),
                            ("redirect_permanent", "permanent redirect"),
                            ("redirect_to_root", "redirected to the home page"),
                            ("soft404_suspect", "looks like a missing page"),
                            ("not_found", "not found"),
                            ("gone", "gone"),
                            ("client_error", "request refused"),
                            ("dns_nxdomain", "domain does not exist"),
                            ("dns_temporary", "name lookup failed for now"),
                            ("refused", "connection refused"),
                            ("connect_timeout", "connection timed out"),
                            ("read_timeout", "answer timed out"),
                            ("server_error", "server error"),
                            ("tls_error", "certificate problem"),
                            ("redirect_loop", "redirect loop"),
                            ("bad_content", "unreadable answer"),
                            ("empty_text", "no text on the page"),
                            ("auth_required", "login required"),
                            ("blocked", "blocked"),
                            ("rate_limited", "asked to come later"),
                            ("robots_disallowed", "disallowed by robots.txt"),
                            ("policy_denied", "refused by our rules"),
                            ("too_large", "too large"),
                            ("internal_error", "our own fault"),
                        ],
                        max_length=20,
                    ),
                ),
                ("visits", models.PositiveIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_summaries",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-month", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "month", "outcome"), name="checksummary_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "ok",
                                    "not_modified",
                                    "redirect_temporary",
                                    "redirect_permanent",
                                    "redirect_to_root",
                                    "soft404_suspect",
                                    "not_found",
                                    "gone",
                                    "client_error",
                                    "dns_nxdomain",
                                    "dns_temporary",
                                    "refused",
                                    "connect_timeout",
                                    "read_timeout",
                                    "server_error",
                                    "tls_error",
                                    "redirect_loop",
                                    "bad_content",
                                    "empty_text",
                                    "auth_required",
                                    "blocked",
                                    "rate_limited",
                                    "robots_disallowed",
                                    "policy_denied",
                                    "too_large",
                                    "internal_error",
                                ],
                            )
                        ),
                        name="checksummary_outcome_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("visits__gte", 1)), name="checksummary_not_empty"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollUpPosition",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("check_id", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="rollupposition_one_row")],
            },
        ),
        # Every visit is a row in each of the table's indexes: one less.
        migrations.AlterField(
            model_name="sourcecheck",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="sources.source",
            ),
        ),
        migrations.RunSQL(PROTECTION, UNPROTECTED),
    ]
