"""What every list depends on: one short text that moves with every change of what is public."""

from __future__ import annotations

from django.db import connection

from feed.serving.prepared import run

# The counter of stored documents, and the head of the event log with the time it was recorded, each as a scalar
# subquery. The counter alone would repeat itself after a restored backup.
COUNTER = "SELECT value FROM claims_documentcounter"
HEAD = "SELECT hash || ' ' || extract(epoch FROM at) FROM claims_event ORDER BY sequence DESC LIMIT 1"

STATE = f"SELECT ({COUNTER}), ({HEAD})"


def public_state() -> str:
    """The state now. One statement, so both its parts are of one moment."""
    with connection.cursor() as cursor:
        run(cursor, STATE)
        return state_of(*cursor.fetchone())


def state_of(counter: int | None, head: bytes | str | None) -> str:
    """The state from values that another statement read beside its rows."""
    return f"{counter} {head.decode() if isinstance(head, bytes) else head}"


def changed_at(state: str) -> float | None:
    """When the newest public change was recorded, in seconds since 1970, from a state that begins as these do."""
    parts = state.split(" ", 3)
    return float(parts[2]) if len(parts) > 2 and parts[1].startswith("sha256:") else None
