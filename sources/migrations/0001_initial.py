import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import sources.identity


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "public_id",
                    models.CharField(default=sources.identity.new_public_id, editable=False, max_length=16),
                ),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("final_url", models.CharField(max_length=2048)),
                ("raw_sha256", models.CharField(max_length=64)),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("truncated", models.BooleanField(default=False)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("text", models.TextField(blank=True)),
                ("text_sha256", models.CharField(max_length=64)),
                ("extractor", models.CharField(max_length=40)),
                ("extractor_version", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["-taken_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HostTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("host", models.CharField(max_length=255)),
                ("busy_until", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("host",), name="hostturn_host_once")],
            },
        ),
        migrations.CreateModel(
            name="RobotsFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("origin", models.CharField(max_length=300)),
                ("read_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.TextField(blank=True)),
                ("unreadable_since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("origin",), name="robotsfile_origin_once")],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "public_id",
                    models.CharField(default=sources.identity.new_public_id, editable=False, max_length=16),
                ),
                (
                    "url",
                    models.CharField(
                        help_text="The address as somebody first typed it.",
                        max_length=2048,
                        verbose_name="URL as given",
                    ),
                ),
                (
                    "canonical_url",
                    models.CharField(
                        help_text="The address we visit: normalised, and moved along when the site moved the page for good.",
                        max_length=2048,
                        verbose_name="canonical URL",
                    ),
                ),
                ("host", models.CharField(editable=False, max_length=255)),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="The page's own title; filled by the first capture if empty.",
                        max_length=500,
                    ),
                ),
                (
                    "publisher",
                    models.CharField(
                        blank=True, help_text="Who published the page, as readers know them.", max_length=200
                    ),
                ),
                (
                    "language",
                    models.CharField(blank=True, help_text="Language code such as en, ru or kk.", max_length=35),
                ),
                (
                    "pinned",
                    models.BooleanField(
                        default=False,
                        help_text="A person has settled the availability; visits go on but no longer change it.",
                    ),
                ),
                (
                    "pinned_reason",
                    models.CharField(blank=True, help_text="Why a person settled it.", max_length=500),
                ),
                (
                    "is_demo",
                    models.BooleanField(
                        default=False, help_text="Part of the demonstration; never shown as a finding."
                    ),
                ),
                (
                    "availability",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("live", "live"),
                            ("moved", "moved"),
                            ("suspect", "could not be reached"),
                            ("dead", "dead"),
                            ("blocked", "blocked for us"),
                            ("paywalled", "behind a login"),
                            ("excluded", "excluded by robots.txt"),
                            ("denied", "refused by our rules"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("availability_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_checked_at", models.DateTimeField(blank=True, null=True)),
                ("last_ok_at", models.DateTimeField(blank=True, null=True)),
                ("next_check_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("counted_failures", models.PositiveSmallIntegerField(default=0)),
                ("last_counted_failure_at", models.DateTimeField(blank=True, null=True)),
                ("unchanged_visits", models.PositiveIntegerField(default=0)),
                ("retries", models.PositiveSmallIntegerField(default=0)),
                ("etag", models.CharField(blank=True, max_length=500)),
                ("last_modified", models.CharField(blank=True, max_length=100)),
                ("pending_since", models.DateTimeField(blank=True, null=True)),
                ("pending_raw_sha256", models.CharField(blank=True, max_length=64)),
                ("pending_text_sha256", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "current_snapshot",
                    models.ForeignKey(
                        blank=True,
                        help_text="The version the page shows now, as far as a confirmed visit knows.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "pinned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pinned_sources",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="snapshot",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="sources.source"
            ),
        ),
        migrations.CreateModel(
            name="FormerUrl",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("canonical_url", models.CharField(max_length=2048)),
                ("replaced_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_urls",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SourceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("captured", "first capture"),
                            ("content", "text changed"),
                            ("reverted", "text went back"),
                            ("availability", "availability changed"),
                            ("moved", "moved"),
                        ],
                        max_length=12,
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=2048)),
                ("after", models.CharField(blank=True, max_length=2048)),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "snapshot_after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "snapshot_before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SourceCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                ("counted", models.BooleanField(default=False)),
                ("http_status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("final_url", models.CharField(blank=True, max_length=2048)),
                ("hops", models.JSONField(blank=True, default=list)),
                ("peer_address", models.GenericIPAddressField(blank=True, null=True)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("duration_ms", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("raw_sha256", models.CharField(blank=True, max_length=64)),
                ("text_sha256", models.CharField(blank=True, max_length=64)),
                ("extractor", models.CharField(blank=True, max_length=40)),
                ("extractor_version", models.CharField(blank=True, max_length=40)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "name",
                    models.CharField(help_text="The file's name when it was first uploaded.", max_length=255),
                ),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("sha256",), name="upload_sha256_once"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="upload_sha256_whole"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["next_check_at"], name="source_due"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["host"], name="source_host"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["availability", "-availability_since"], name="source_availability"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("public_id",), name="source_public_id_once"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("canonical_url",), name="source_canonical_url_once"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "availability__in",
                        [
                            "new",
                            "live",
                            "moved",
                            "suspect",
                            "dead",
                            "blocked",
                            "paywalled",
                            "excluded",
                            "denied",
                        ],
                    )
                ),
                name="source_availability_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_failures", 0), ("last_counted_failure_at", None)),
                    models.Q(("counted_failures__gt", 0), ("last_counted_failure_at__isnull", False)),
                    _connector="OR",
                ),
                name="source_counted_failures_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("availability", "dead"), _negated=True),
                    ("pinned", True),
                    ("counted_failures__gte", 2),
                    _connector="OR",
                ),
                name="source_dead_needs_counted_failures",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("pinned", False), models.Q(("pinned_reason", ""), _negated=True), _connector="OR"),
                name="source_pin_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pending_since", None), ("pending_text_sha256", "")),
                    models.Q(("pending_since__isnull", False), models.Q(("pending_text_sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="source_pending_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["source", "-taken_at", "-id"], name="snapshot_newest_of_source"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["raw_sha256"], name="snapshot_raw_sha256"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("public_id",), name="snapshot_public_id_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("raw_sha256__regex", "^[0-9a-f]{64}$"), ("text_sha256__regex", "^[0-9a-f]{64}$")),
                name="snapshot_digests_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerurl",
            constraint=models.UniqueConstraint(fields=("canonical_url",), name="formerurl_canonical_url_once"),
        ),
        migrations.AddIndex(
            model_name="sourcechange",
            index=models.Index(
                condition=models.Q(("processed_at", None)), fields=["id"], name="sourcechange_unprocessed"
            ),
        ),
        migrations.AddIndex(
            model_name="sourcechange",
            index=models.Index(fields=["source", "-id"], name="sourcechange_of_source"),
        ),
        migrations.AddConstraint(
            model_name="sourcechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["captured", "content", "reverted", "availability", "moved"])),
                name="sourcechange_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["captured", "content", "reverted"]), _negated=True),
                    ("snapshot_after__isnull", False),
                    _connector="OR",
                ),
                name="sourcechange_text_has_snapshot",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["captured", "content", "reverted"]),
                    models.Q(("before", models.F("after")), _negated=True),
                    _connector="OR",
                ),
                name="sourcechange_not_empty",
            ),
        ),
        migrations.AddIndex(
            model_name="sourcecheck",
            index=models.Index(fields=["source", "-at", "-id"], name="sourcecheck_newest_of_source"),
        ),
        migrations.AddConstraint(
            model_name="sourcecheck",
            constraint=models.CheckConstraint(
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
                name="sourcecheck_outcome_known",
            ),
        ),
    ]
