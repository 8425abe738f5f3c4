"""robots.txt rules as rows: PostgreSQL is the truth, so a flushed cache sends nobody to ask again."""

from __future__ import annotations

from collections.abc import Iterable

from sources.fetching import RobotsRules
from sources.models import RobotsFile


def known_rules(origins: Iterable[str]) -> dict[str, RobotsRules]:
    """The rules read before, by origin, however old."""
    return {
        row.origin: RobotsRules(row.origin, row.read_at, row.status, row.body, row.unreadable_since)
        for row in RobotsFile.objects.filter(origin__in=list(origins))
    }


def keep_rules(rules: Iterable[RobotsRules]) -> None:
    """Keep rules that were just read, in place of the older ones."""
    RobotsFile.objects.bulk_create(
        [
            RobotsFile(
                origin=rule.origin[:300],
                read_at=rule.read_at,
                status=rule.status,
                body=rule.body,
                unreadable_since=rule.unreadable_since,
            )
            for rule in sorted(rules, key=lambda rule: rule.origin)
        ],
        update_conflicts=True,
        unique_fields=["origin"],
        update_fields=["read_at", "status", "body", "unreadable_since"],
    )
