"""What is written on the log page outlives the session it was written in: see kept.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from claims.admin.kept import take

View = Callable[[HttpRequest], HttpResponse]
CARRIED = "is_carried"


def carries_on(view: View) -> View:
    """Within admin_view(); what was kept stands in the place of the address's own fields."""

    @wraps(view)
    def carried(request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and admin.site.has_permission(request) and (fields := take(request)) is not None:
            request.GET = fields  # type: ignore[assignment]
            setattr(request, CARRIED, True)
        return admin.site.admin_view(view)(request)

    return carried
