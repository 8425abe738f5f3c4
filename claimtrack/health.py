"""/healthz for balancers (is this process alive?) and /readyz for monitoring (is every part?)."""

from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from claimtrack import heartbeats
from sources.health import sweep_lag


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. Asks nobody else: a balancer must not restart us because PostgreSQL is away."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Every part's state; 503 when one fails: {"status", "failing": [names], "parts": {name: {…}}, "sweep", "limits"}.

    `sweep.late_seconds` is how long the most overdue page has waited for its visit; it fails nothing. null: not known.
    `limits.status`: on, off (by the settings) or open (not counted, with a reason); it fails nothing either.
    """
    parts = {name: _state(probe) for name, probe in PROBES.items()}
    failing = [name for name, state in parts.items() if state["status"] != "ok"]
    body = {"status": "failing" if failing else "ok", "failing": failing, "parts": parts, "sweep": _sweep()}
    body |= {name: import_string(path)() for name, path in settings.READINESS.items()}
    return JsonResponse(body, status=503 if failing else 200, headers={"Cache-Control": "no-store"})


def _state(probe: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    # The public sees that a part fails, not the server's own words about addresses and users.
    try:
        return {"status": "ok", **probe()}
    except (Error, redis.RedisError) as error:
        return {"status": "failing", "reason": type(error).__name__}
    except NotAlive as error:
        return {"status": "failing", "reason": str(error)}


class NotAlive(Exception):
    pass


def _sweep() -> dict[str, int | None]:
    try:
        return {"late_seconds": int(sweep_lag(timezone.now()).total_seconds())}
    except Error:
        return {"late_seconds": None}


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _redis() -> dict[str, Any]:
    heartbeats.connection().ping()
    return {}


def _heartbeat(part: str) -> Callable[[], dict[str, Any]]:
    def probe() -> dict[str, Any]:
        age = heartbeats.seconds_since_sign(part)
        if age is None:
            raise NotAlive(f"no sign of life for {heartbeats.ALIVE_FOR} s")
        return {"last_seen_seconds_ago": age}

    return probe


PROBES: dict[str, Callable[[], dict[str, Any]]] = {
    "database": _database,
    "redis": _redis,
    "worker": _heartbeat("worker"),
    "beat": _heartbeat("beat"),
}
