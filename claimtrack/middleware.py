"""What wraps every request: proxies we trust, the content security policy, and 503 while PostgreSQL is away."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.defaults import bad_request as django_bad_request
from django.views.defaults import server_error as django_server_error

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

RETRY_AFTER = "30"
# The database is away, shutting down, or too busy (a lock, a time limit): a later try may succeed.
AWAY = (OperationalError, InterfaceError)

# Readers' pages load nothing but our own files and run no inline script (JSON-LD is data, not script).
PAGES_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)
# The desk's theme evaluates expressions (Alpine.js) and styles inline.
DESK_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


# What no page of ours uses, no script that got in shall use either.
UNUSED_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class TrustedProxiesMiddleware:
    """Takes address and scheme from X-Forwarded-* when the peer is one of TRUSTED_PROXIES, else ignores them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(network) for network in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chain = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        scheme = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        if self.trusted and self.trusts(request.META.get("REMOTE_ADDR", "")):
            # The last address that no proxy of ours wrote about itself is the one nobody could have forged.
            for address in reversed([part.strip() for part in chain.split(",") if part.strip()]):
                request.META["REMOTE_ADDR"] = address
                if not self.trusts(address):
                    break
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)

    def trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


class DeskSessionMiddleware(SessionMiddleware):
    """Sessions for the desk alone: readers' pages and feeds neither read a cookie nor set or delete one."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith("/admin/"):
            super().process_request(request)
        else:
            request.session = self.SessionStore()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if request.path.startswith("/admin/") else response


class DeskLanguageMiddleware:
    """The desk in the language a person chose, else in the browser's. Readers' pages follow their prefix."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        chosen = getattr(request.user, "language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            # Written while it is sent: after this function, so in no language but the one it carries along.
            response.streaming_content = _speaking(language, iter(response))
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def _speaking(language: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    with translation.override(language):
        yield from chunks


class ContentSecurityPolicyMiddleware:
    """One policy for readers, one for the desk, with what else browsers are told; a view that sets its own keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            framed = getattr(response, "xframe_options_exempt", False)
            policy = DESK_POLICY if request.path.startswith("/admin/") else PAGES_POLICY
            response["Content-Security-Policy"] = policy.format(ancestors="*" if framed else "'none'")
        if not for_machines(request):
            response.headers.setdefault("Permissions-Policy", UNUSED_FEATURES)
        if request.path.startswith("/admin/"):
            # Nothing of the desk is another site's to draw in, nor a disk's to remember.
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class UnavailableMiddleware:
    """Answers 503 instead of 500 when PostgreSQL is away; the next request tries again by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if isinstance(exception, AWAY) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; it also sees what failed outside a view, such as saving a session."""
    exception = sys.exc_info()[1]
    if isinstance(exception, AWAY):
        return unavailable(request, exception)
    if for_machines(request):
        return problem(500, "Internal server error", "This is our fault and has been logged. Please try again later.")
    return django_server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: a host name that is not ours, a body that cannot be read."""
    if for_machines(request):
        return problem(400, "Bad request", "The request cannot be read: check its host name, headers and body.")
    return django_bad_request(request, exception)


def unavailable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503 without touching the database, templates or translations; problem+json for machines."""
    logger.warning("503 %s: %s", request.path, str(exception).strip())
    title = "Service unavailable"
    detail = "The database does not answer just now. Please try again in half a minute."
    if for_machines(request):
        response = problem(503, title, detail)
    else:
        page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width"></head>'
            f"<body><h1>{title}</h1><p>{detail}</p></body></html>"
        )
        response = HttpResponse(page, status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


# What feed/urls.py answers: programs ask there, so every answer is one that programs read.
FOR_MACHINES = ("/api/", "/feeds/", "/v1alpha1/")


def for_machines(request: HttpRequest) -> bool:
    return request.path_info.startswith(FOR_MACHINES)


def problem(status: int, title: str, detail: str) -> HttpResponse:
    """RFC 9457, as feed/serving/problems.py writes it, for what goes wrong before a view is reached."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": {}}
    response = HttpResponse(json.dumps(body), content_type="application/problem+json", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response
