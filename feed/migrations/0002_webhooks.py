"""Webhooks: endpoints, lanes, deliveries, and attempts that the database keeps as they were until they are pruned."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# refuse_change() and refuse_truncate() are those of sources.
WHAT = "the record of what was sent"
INSTEAD = "Send it again instead: the new attempt gets a row of its own."
PROTECT = f"""
CREATE TRIGGER is_immutable BEFORE UPDATE ON feed_attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change('{WHAT}', '{INSTEAD}', 'blank');
-- The pruning says so for its own transaction; even then what happened within a day stays.
CREATE TRIGGER is_not_deleted BEFORE DELETE ON feed_attempt
    FOR EACH ROW WHEN (
        current_setting('claimtrack.allow_pruning', true) IS DISTINCT FROM 'on' OR OLD.at > now() - interval '1 day'
    ) EXECUTE FUNCTION refuse_change('{WHAT}', '{INSTEAD}', 'blank');
CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON feed_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate('{WHAT}');
"""
UNDO = """
DROP TRIGGER is_immutable ON feed_attempt;
DROP TRIGGER is_not_deleted ON feed_attempt;
DROP TRIGGER is_not_truncated ON feed_attempt;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_webhook_notices"),
        ("feed", "0001_keys"),
        ("sources", "0002_protect_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="Whose machine it is, as you would say it: “CMS of the Herald”.",
                        max_length=120,
                        verbose_name="name",
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        help_text="Where changes are posted to; begins with https://.",
                        max_length=2048,
                        verbose_name="address",
                    ),
                ),
                (
                    "contact",
                    models.EmailField(
                        blank=True,
                        help_text="Is written to when nothing is sent there any more.",
                        max_length=254,
                        verbose_name="contact",
                    ),
                ),
                (
                    "event_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("verdict.published", "Published"),
                                ("verdict.corrected", "Corrected"),
                                ("verdict.rating_changed", "Rating Changed"),
                                ("verdict.updated", "Updated"),
                                ("verdict.evidence_changed", "Evidence Changed"),
                                ("verdict.review_opened", "Review Opened"),
                                ("verdict.review_closed", "Review Closed"),
                                ("verdict.retracted", "Retracted"),
                                ("verdict.withheld", "Withheld"),
                            ],
                            max_length=100,
                        ),
                        blank=True,
                        default=list,
                        help_text="None chosen: all.",
                        size=None,
                        verbose_name="kinds of events",
                    ),
                ),
                (
                    "rating_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        help_text="None chosen: all.",
                        size=None,
                        verbose_name="ratings",
                    ),
                ),
                (
                    "topic_slugs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        help_text="Last parts of topics' addresses, with commas between them. Empty: all.",
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                (
                    "claimant_slugs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        help_text="Last parts of claimants' addresses, with commas between them. Empty: all.",
                        size=None,
                        verbose_name="claimants",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=100,
                        ),
                        blank=True,
                        default=list,
                        help_text="Languages verdicts are written in: en, ru. “en” also means en-GB. Empty: all.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                ("secret_seed", models.CharField(max_length=64)),
                ("secret_print", models.CharField(max_length=64)),
                ("previous_seed", models.CharField(blank=True, max_length=64)),
                ("previous_print", models.CharField(blank=True, max_length=64)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("disabled", "Disabled")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=500, verbose_name="why")),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("cursor", models.BigIntegerField(default=0, verbose_name="events looked at")),
                ("last_success_at", models.DateTimeField(blank=True, null=True, verbose_name="last success")),
                ("failing_for", models.DurationField(blank=True, null=True)),
                ("contact_due_at", models.DateTimeField(blank=True, null=True)),
                ("contact_attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urgent", models.BooleanField(default=False, verbose_name="at once")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("delivered", "Delivered"), ("dead", "Dead letter")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("queued_at", models.DateTimeField(verbose_name="queued")),
                ("attempts_made", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt")),
                ("last_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="last attempt")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.event"
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="feed.endpoint",
                        verbose_name="endpoint",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urgent", models.BooleanField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lanes",
                        to="feed.endpoint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="milliseconds")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="feed.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["delivery", "-at"], name="feed_attempt_of_delivery")],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feed.endpoint",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("endpoint", "claim"), name="feed_told_once")],
            },
        ),
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(condition=models.Q(("state", "active")), fields=["cursor"], name="feed_endpoint_behind"),
        ),
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(
                condition=models.Q(("contact_due_at__isnull", False)),
                fields=["contact_due_at"],
                name="feed_endpoint_contact_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.UniqueConstraint(fields=("name",), name="feed_endpoint_name_once"),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "active"), models.Q(("state_reason", ""), _negated=True), _connector="OR"),
                name="feed_stopped_endpoint_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "paused", "disabled"])), name="feed_endpoint_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("previous_seed", ""), ("previous_until__isnull", True)),
                    models.Q(models.Q(("previous_seed", ""), _negated=True), ("previous_until__isnull", False)),
                    _connector="OR",
                ),
                name="feed_previous_secret_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("cursor__gte", 0)), name="feed_endpoint_cursor_is_a_place"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["endpoint", "urgent", "event"],
                name="feed_delivery_next",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting"), _negated=True),
                fields=["endpoint", "state", "settled_at"],
                name="feed_delivery_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["event"], name="feed_delivery_of_event"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("endpoint", "event", "urgent"), name="feed_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "delivered", "dead"])), name="feed_delivery_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_attempt_at__isnull", False), ("settled_at__isnull", True), ("state", "waiting")),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("next_attempt_at__isnull", True),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="feed_delivery_waits_or_is_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="lane",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="feed_lane_due"),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("endpoint", "urgent"), name="feed_lane_once"),
        ),
        migrations.RunSQL(PROTECT, UNDO),
    ]
