"""Requests of machines, and readers' pages that need not be made: answered with the few layers they need.

What stands between TrustedProxiesMiddleware and a view here: our host names, the security headers, and an answer in
problem+json to whatever goes wrong. No session, user, message, CSRF token, static file or language.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, get_resolver

from claimtrack.middleware import (
    AWAY,
    ContentSecurityPolicyMiddleware,
    GetResponse,
    for_machines,
    problem,
    unavailable,
)

logger = logging.getLogger("django.request")

# Seconds. A connection that PostgreSQL closed long ago fails at once; one that fails later found it away or hanging.
AT_ONCE = 1.0
# Characters. What is asked for again and again has a short path; strangers' inventions are not kept.
LONGEST_KEPT = 100
# Answers without a body, so without its length or type: a cache would note those of a 304 (RFC 9111, 3.2).
BODILESS = (204, 304)
MALFORMED = "The request cannot be read: check its host name, headers and body."
NOTHING = "There is nothing at this address. /api/docs/ lists what there is."
FAULT = "This is our fault and has been logged. Please try again later."


class ShortStackMiddleware:
    """Takes requests that for_machines() names, and pages that are there already, out of the chain.

    All others go on as if it were not there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # The very layers of the long stack, so that the headers are the same ones.
        layers: GetResponse = XFrameOptionsMiddleware(lambda request: HttpResponse())  # type: ignore[assignment]
        layers = ContentSecurityPolicyMiddleware(layers)
        self._layers: GetResponse = SecurityMiddleware(layers)  # type: ignore[assignment]
        self._headers: dict[tuple[bool, bool], dict[str, str]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        machine = for_machines(request)
        response = answer(request) if machine else kept_page(request)
        if response is None:
            return self.get_response(request)
        if machine and response.status_code == 304:
            return response  # a client goes on with those of the answer it holds
        for name, value in self.security_headers(request).items():
            response.headers.setdefault(name, value)
        return response

    def security_headers(self, request: HttpRequest) -> dict[str, str]:
        """What the layers put on any answer; it differs by scheme and by who is asking alone, so each is asked once."""
        kind = request.is_secure(), for_machines(request)
        if kind not in self._headers:
            headers = self._layers(request).headers.items()
            self._headers[kind] = {name: value for name, value in headers if name != "Content-Type"}
        return self._headers[kind]


def kept_page(request: HttpRequest) -> HttpResponse | None:
    """What the view of a reader's page answers a GET with before it does anything; None sends it the long way.

    Such a view has `without_view`, which asks PostgreSQL whether what is kept still holds (pages/responses.py).
    """
    if request.method != "GET":
        return None
    database = connections["default"]
    try:
        request.get_host()
        without_view = getattr(_match(settings.ROOT_URLCONF, request.path_info).func, "without_view", None)
        if without_view is None:
            return None
        # As in _from_view(): a connection that was closed since is found out by using it.
        database.health_check_done = True  # type: ignore[attr-defined]
        response: HttpResponse | None = without_view(request)
    except AWAY:
        if not database.in_atomic_block and not database.is_usable():
            database.close()
        return None
    except (SuspiciousOperation, UnicodeError, Resolver404):
        return None
    if response is not None and response.status_code == 200:
        response["Content-Length"] = str(len(response.content))
    return response


def answer(request: HttpRequest) -> HttpResponseBase:
    """The view's answer, or a problem; never an exception."""
    try:
        request.get_host()
        response = _from_view(request)
    except AWAY as error:
        response = unavailable(request, error)
    except (SuspiciousOperation, UnicodeError):  # a host name that is not ours is one of the first
        response = problem(400, "Bad request", MALFORMED)
    except Resolver404:
        response = problem(404, "Not found", NOTHING)
    except Exception as error:
        logger.error("500 %s", request.path, exc_info=error)
        response = problem(500, "Internal server error", FAULT)
    if response.status_code in BODILESS:
        del response["Content-Type"]
    elif not response.streaming and not response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    # What a client got wrong it is told; in the log, strangers could write as much as they like. Faults are in it.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _from_view(request: HttpRequest) -> HttpResponseBase:
    """Call the view. A connection that PostgreSQL closed since the last request costs a second try, not a 503.

    So nobody has to ask `SELECT 1` before every request, which takes as long as reading a short answer.
    """
    match = _match(settings.ROOT_URLCONF, request.path_info)
    request.resolver_match = match
    database = connections["default"]
    database.health_check_done = True  # type: ignore[attr-defined]
    kept_open, began = database.connection is not None, time.monotonic()
    try:
        return _call(match, request)
    except AWAY:
        if not (kept_open and request.method in ("GET", "HEAD") and time.monotonic() - began < AT_ONCE):
            raise
        if database.in_atomic_block or database.is_usable():
            raise
        database.close()
    return _call(match, request)


def _call(match: ResolverMatch, request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def _match(urlconf: str, path: str) -> ResolverMatch:
    """Raises Resolver404."""
    return _kept_match(urlconf, path) if len(path) <= LONGEST_KEPT else get_resolver(urlconf).resolve(path)


@lru_cache(maxsize=2048)
def _kept_match(urlconf: str, path: str) -> ResolverMatch:
    return get_resolver(urlconf).resolve(path)
