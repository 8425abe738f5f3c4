"""What `check_deployment` says of signing in."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import Error as DatabaseError

from accounts.services import administrators_without


@register(Tags.database, deploy=True)
def administrators_have_a_second_factor(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A guessed or stolen password of an administrator's opens everything."""
    if not databases:
        return []
    try:
        administrators, secured = administrators_without()
    except DatabaseError:
        return []  # Away, or not migrated yet: other checks say so.
    if secured or not administrators:
        return []
    return [
        Warning(
            "No administrator has a second factor.",
            hint="Set one up under “My account” on the desk; CLAIMTRACK_REQUIRE_SECOND_FACTOR=1 asks everybody to.",
            id="accounts.W001",
        )
    ]
