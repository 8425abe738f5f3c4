"""Uneventful visits of months ago, rolled up."""

import django.db.models.deletion
from django.db import migrations, models


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
                        on_delete=django.db.models.deletion.PROTECT, related_name="check_summaries", to="sources.source"
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
    ]
