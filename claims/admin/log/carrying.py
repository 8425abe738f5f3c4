"""A form that arrives after its session has ended: to the login, and back with everything that was written."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims.admin.log.values import Values, values_of

View = Callable[[HttpRequest], HttpResponse]
# Characters of an address that every browser, proxy and server takes.
LONGEST = 6000
# Says that the session had ended; and, with the other value, that not everything could be carried.
CARRIED, CUT = "carried", "cut"


def carries_on(view: View) -> View:
    """admin_view() keeps the address alone; what was typed is in the body."""

    @wraps(view)
    def carried(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not admin.site.has_permission(request):
            return redirect_to_login(address_with(_sent(request)), reverse("admin:login"))
        return admin.site.admin_view(view)(request)

    return carried


def _sent(request: HttpRequest) -> Values:
    values = values_of(request.POST)
    if pasted := request.POST.get("pasted", ""):
        values["pasted"] = pasted
    return values


def address_with(values: Values) -> str:
    """The log page with these fields filled; the longest text is cut where they are more than an address bears."""
    kept = {name: list(texts) for name, texts in values.lists() if name not in ("guessed", "seen")}
    state = CARRIED
    while len(query := urlencode([*_pairs(kept), (CARRIED, state)])) > LONGEST:
        name = max(kept, key=lambda one: max(map(len, kept[one]), default=0))
        kept[name] = [text[: len(text) * 2 // 3] for text in kept[name]]
        state = CUT
    return f"{reverse('desk:log')}?{query}"


def _pairs(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in values.items() for text in texts]
