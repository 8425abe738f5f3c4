"""`manage.py check_deployment`: is this installation fit to face the public?"""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from claimtrack import heartbeats
from sources.management.command import FINDINGS, OK, ClaimtrackCommand

# What Django says of cookies and HSTS when SITE_URL is plain http: one finding says it all.
FOLLOWS_FROM_HTTP = {"security.W004", "security.W012", "security.W016"}


@dataclass(frozen=True)
class Finding:
    """What is wrong with which part, and how to mend it."""

    part: str
    problem: str
    mend: str


class Command(ClaimtrackCommand):
    help = "Check settings, database, Redis, storage and processes before going public."
    example = "python manage.py check_deployment --json"
    requires_system_checks: Any = []

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        findings: list[Finding] = []
        for number, probe in enumerate(PROBES.values(), start=1):
            findings += probe()
            self.progress(number, len(PROBES), "parts")
        for finding in findings:
            self.say(f"{finding.part}: {finding.problem}\n    {finding.mend}")
        self.say(f"{len(findings)} findings" if findings else "Nothing found: fit for the public.")
        report = {"ok": not findings, "findings": [asdict(finding) for finding in findings]}
        return (FINDINGS if findings else OK), report


def _settings() -> Iterator[Finding]:
    https = settings.SITE_URL.startswith("https://")
    for message in run_checks(include_deployment_checks=True, databases=["default"]):
        if message.is_silenced() or message.level < WARNING or (message.id in FOLLOWS_FROM_HTTP and not https):
            continue
        yield Finding("settings", f"{message.id} {message.msg}", str(message.hint or "See Django's manual."))
    if not https:
        yield Finding("settings", f"SITE_URL is {settings.SITE_URL}", "Serve over HTTPS and set SITE_URL=https://…")
    if settings.PUBLISHER_URL == settings.SITE_URL and f"{settings.SITE_URL}/about/" == settings.CLAIMTRACK_CONTACT:
        yield Finding(
            "settings",
            "readers are told nowhere to report an error",
            "Set CLAIMTRACK_CONTACT to an address or e-mail (/about/ shows it), or PUBLISHER_URL to your own site.",
        )
    if settings.EMBEDDED_DATABASE:
        yield Finding("settings", "the database is the embedded one", "Set DATABASE_URL to a server that is backed up.")


def _database() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding("database", f"it does not answer: {str(error).strip()}", "Start PostgreSQL; check DATABASE_URL.")
        return
    if due:
        yield Finding("database", f"{len(due)} migrations are due", "Run python -m claimtrack.start release.")


def _storage() -> Iterator[Finding]:
    for alias in ("snapshots", "default"):
        storage = storages[alias]
        name = f"probe-{uuid4().hex}"
        try:
            name = storage.save(name, ContentFile(b"probe"))
            with storage.open(name) as file:
                kept = file.read() == b"probe"
        except OSError as error:
            yield Finding("storage", f"{alias} cannot be written: {error}", "Mend its owner, mode or space.")
            continue
        finally:
            with contextlib.suppress(OSError):  # a full disk leaves an empty file behind
                storage.delete(name)
        if not kept:
            yield Finding("storage", f"{alias} does not give back what was written", "Check the volume.")


def _processes() -> Iterator[Finding]:
    try:
        heartbeats.connection().ping()
        silent = [part for part in ("worker", "beat") if heartbeats.seconds_since_sign(part) is None]
    except redis.RedisError as error:
        yield Finding("redis", f"it does not answer: {error}", "Start Redis; check REDIS_URL.")
        return
    for part in silent:
        yield Finding(part, "no sign of life", f"Run python -m claimtrack.start {part}.")


PROBES = {"settings": _settings, "database": _database, "storage": _storage, "processes": _processes}
