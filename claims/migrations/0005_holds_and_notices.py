"""Mass changes held for a person, and what people are told."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_default_scale"),
        ("sources", "0006_health_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="notify_by_mail",
            field=models.BooleanField(
                default=True,
                help_text="What needs this person is also mailed, if there is an address. The desk shows it either way.",
                verbose_name="notices by mail",
            ),
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sweep_late", "Visits are late"),
                            ("archive_failing", "Captures fail by our own fault"),
                            ("poison_sources", "Sources that fail at every visit"),
                            ("poison_changes", "Changes that cannot be worked off"),
                            ("mail_failing", "Mail does not leave"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("text", models.TextField(verbose_name="what is wrong")),
                ("calm_since", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="over")),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("kind",),
                        name="claims_one_open_alarm_per_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(blank=True, max_length=255, verbose_name="host")),
                ("opened_at", models.DateTimeField(verbose_name="held since")),
                ("why", models.TextField(verbose_name="why")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("released", "Released"), ("dismissed", "Dismissed")],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("review_opened", "A review opened"),
                            ("quote_changed", "A quoted passage changed"),
                            ("source_changed", "A page died, came back or moved"),
                            ("hold_opened", "Changes are held"),
                            ("alarm_started", "Something is wrong"),
                            ("alarm_ended", "In order again"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("title", models.CharField(max_length=300, verbose_name="notice")),
                ("text", models.TextField(blank=True, verbose_name="what happened")),
                ("path", models.CharField(blank=True, max_length=500)),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("mail_due_at", models.DateTimeField(blank=True, null=True, verbose_name="mail due")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                ("mail_attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts to mail")),
                ("mail_error", models.CharField(blank=True, max_length=500, verbose_name="why mail failed")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TouchedQuote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("intact", "On the page as quoted"),
                            ("altered", "Changed since we quoted it"),
                            ("missing", "No longer on the page"),
                        ],
                        max_length=10,
                    ),
                ),
                ("found", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("counts", models.BooleanField(default=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.sourcechange"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="touches", to="claims.evidence"
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="claims.hold",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)), fields=("host",), name="claims_one_open_hold_per_host"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", True),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="claims_decided_hold_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)), fields=["recipient", "-at"], name="claims_notice_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mail_due_at__isnull", False)),
                fields=["mail_due_at"],
                name="claims_notice_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("recipient", "key"), name="claims_told_once"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("mailed_at__isnull", True), ("mail_due_at__isnull", True), _connector="OR"),
                name="claims_mailed_notice_is_not_due",
            ),
        ),
        migrations.AddIndex(
            model_name="touchedquote",
            index=models.Index(condition=models.Q(("counts", True)), fields=["at"], name="claims_touched_lately"),
        ),
        migrations.AddIndex(
            model_name="touchedquote",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["hold"], name="claims_touched_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="touchedquote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("hold__isnull", False)), fields=("hold", "evidence"), name="claims_quote_held_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="touchedquote",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold__isnull", False), ("settled_at__isnull", False), _connector="OR"),
                name="claims_only_held_quotes_wait",
            ),
        ),
    ]
