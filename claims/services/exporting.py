"""Who took what out of the desk."""

from __future__ import annotations

from django.db import transaction

from claims.models import Activity, User
from claims.services.record import record


@transaction.atomic
def record_export(what: str, *, by: User, rows: int, narrowed: str = "") -> Activity:
    """A line of the record for rows that left the desk as a file; `narrowed` is the list's query string."""
    detail = f"{what}: {rows} rows" + (f" ({narrowed})" if narrowed else "")
    return record(None, "exported a list", by=by, detail=detail)
