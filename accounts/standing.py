"""What a signed-in session says of itself: since when, last seen, when the password was typed last, which factors.

Kept in the session, so that nothing has to be asked of the database at every click.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

KEY = "desk"
# How fresh the password has to be to open what may not be done on a forgotten screen, and to send what was opened.
OPENED_WITHIN = timedelta(minutes=15)
SENT_WITHIN = timedelta(hours=1)


def begin(session: SessionBase, *, at: datetime, verified: bool) -> None:
    """`verified`: a second factor was asked for, and given."""
    now = int(at.timestamp())
    session[KEY] = {"began": now, "seen": now, "password": now, "verified": verified}


def has_begun(session: SessionBase) -> bool:
    return isinstance(session.get(KEY), dict)


def is_over(session: SessionBase, *, at: datetime) -> bool:
    """Idle for too long, or too old."""
    idle, age = at.timestamp() - _of(session, "seen"), at.timestamp() - _of(session, "began")
    over: bool = idle > settings.SESSION_IDLE.total_seconds() or age > settings.SESSION_AT_MOST.total_seconds()
    return over


def seen_ago(session: SessionBase, *, at: datetime) -> timedelta:
    return timedelta(seconds=at.timestamp() - _of(session, "seen"))


def see(session: SessionBase, *, at: datetime) -> None:
    session[KEY] = _all(session) | {"seen": int(at.timestamp())}


def password_typed(session: SessionBase, *, at: datetime) -> None:
    session[KEY] = _all(session) | {"password": int(at.timestamp())}


def verify(session: SessionBase, *, verified: bool) -> None:
    session[KEY] = _all(session) | {"verified": verified}


def is_verified(session: SessionBase) -> bool:
    return bool(_of(session, "verified"))


def password_is_fresh(session: SessionBase, *, at: datetime, sending: bool) -> bool:
    ago = at.timestamp() - _of(session, "password")
    return ago <= (SENT_WITHIN if sending else OPENED_WITHIN).total_seconds()


def _all(session: SessionBase) -> dict[str, Any]:
    kept = session.get(KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def _of(session: SessionBase, name: str) -> float:
    return float(_all(session).get(name, 0))
