"""What `check_deployment` and `manage.py check --deploy` ask of the domain."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from claims.services import documents_are_outdated


@register(Tags.database, deploy=True)
def documents_follow_the_settings(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """W001: what readers and machines get was rendered with other settings than those in force."""
    try:
        outdated = "default" in (databases or []) and documents_are_outdated()
    except DatabaseError:
        return []  # not there, or not migrated: others say so
    if not outdated:
        return []
    return [
        Warning(
            "Published documents were rendered by an older renderer or with other settings.",
            hint="Run manage.py rebuild_documents.",
            id="claims.W001",
        )
    ]
