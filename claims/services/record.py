from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from claims.models import Activity, Claim, User


def record(
    claim: Claim | None, action: str, *, by: User | None, detail: str = "", at: datetime | None = None
) -> Activity:
    """One line in the newsroom's own record: who did what to which claim. `by` is None when the machine did."""
    return Activity.objects.create(claim=claim, actor=by, action=action, detail=detail, at=at or timezone.now())
