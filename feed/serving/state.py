"""What every list depends on: one short text that moves with every change of what is public."""

from __future__ import annotations

from feed.serving.prepared import one_row

# The counter of stored documents with its own second, and the head of the event log, each as a scalar subquery. The
# counter alone would repeat itself after a restored backup.
COUNTER = "SELECT value || ' ' || extract(epoch FROM changed_at)::bigint FROM claims_documentcounter"
HEAD = "SELECT hash FROM claims_event ORDER BY sequence DESC LIMIT 1"

STATE = f"SELECT ({COUNTER}), ({HEAD})"


def public_state() -> str:
    """The state now. One statement, so both its parts are of one moment."""
    return state_of(*one_row(STATE))


def state_of(counter: bytes | str | None, head: bytes | str | None) -> str:
    """The state from values that another statement read beside its rows."""
    return f"{_text(counter) or '0 0'} {_text(head)}"


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


def changed_at(state: str) -> int | None:
    """The second of the newest public change (since 1970), from a state that begins as these do. No two share one."""
    _, second, *_ = state.split(" ", 2)
    return int(second) or None
