"""How every public page is answered: language, validators, caching, and the frame around it.

Pages are rendered without a request in their context, so nothing on them can touch a session, a cookie or a
CSRF token: a reader is never followed, and any cache may hold the page.
"""

import hashlib
import time
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import get_conditional_response

from claims.models import DocumentCounter, Event
from pages.links import INTERFACE_LANGUAGES, absolute, current_language, language_of_path, path_of, without_prefix

# A browser asks again every time and mostly hears 304; a shared cache in front may answer for 15 seconds, so that a
# correction is on every reader's screen within that time.
CACHE_CONTROL = "public, max-age=0, s-maxage=15"

# Seconds. "Checked 2 hours ago" may be this much older than it says.
AGES_IN = 600

View = Callable[..., HttpResponseBase]


def reader_page(*, validated: bool = True, ages: bool = False) -> Callable[[View], View]:
    """Make a view a public page: GET and HEAD only, in the language of its prefix, 503 while PostgreSQL is away.

    `validated` pages depend on stored documents, events and their own address alone: they carry an ETag made of those
    and answer 304 before doing any work. Others (a source's last visit, the rating scale) are rendered every time.
    A page that `ages` also says how long ago something was: its ETag moves every ten minutes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            kwargs.pop("language", None)  # the address says it, see language_of_path()
            with translation.override(language_of_path(request.path)):
                try:
                    return _answer(view, request, kwargs, validated=validated, ages=ages)
                except (OperationalError, InterfaceError):
                    return unavailable(request)

        return answer

    return decorate


def _answer(
    view: View, request: HttpRequest, kwargs: dict[str, Any], *, validated: bool, ages: bool
) -> HttpResponseBase:
    if not validated:
        return view(request, **kwargs)
    etag = _etag(request, int(time.time() // AGES_IN) if ages else 0)
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or view(request, **kwargs)
    if response.status_code in {200, 304}:
        response["ETag"] = etag
        response["Cache-Control"] = CACHE_CONTROL
    return response


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """One page inside the frame. The context may set `canonical` (a path), `noindex` and `alternates`."""
    content = render_to_string(f"pages/{template}", {**frame(request), "head": Event.objects.head(), **(context or {})})
    return with_headers(HttpResponse(content, status=status))


def with_headers(response: HttpResponse) -> HttpResponse:
    response.setdefault("Cache-Control", CACHE_CONTROL if response.status_code == 200 else "no-cache")
    response["Content-Language"] = current_language()
    return response


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its content. Touches no database, so that error pages can use it."""
    path = without_prefix(path_of(request))
    language = current_language()
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL.rstrip("/"),
        "publisher_name": settings.PUBLISHER_NAME,
        "publisher_url": settings.PUBLISHER_URL,
        "feed_license": settings.FEED_LICENSE,
        "language": language,
        "languages": [
            {
                "code": code,
                "name": name,
                "path": path if code == "en" else f"/{code}{path}",
                "current": code == language,
            }
            for code, name in INTERFACE_LANGUAGES.items()
        ],
        "canonical": absolute(path_of(request)),
        "path": path,
    }


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: say so calmly, ask to come back."""
    content = render_to_string("pages/error.html", {**frame(request), "status": 503, "noindex": True})
    response = with_headers(HttpResponse(content, status=503))
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def _etag(request: HttpRequest, age: int) -> str:
    counter = DocumentCounter.objects.values_list("value", flat=True).first() or 0
    sequence = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    parts = [str(counter), str(sequence), request.get_full_path(), _renderer(), str(age)]
    return f'"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'


@cache
def _renderer() -> str:
    """Everything else a page is made of: templates, style sheet, names. No release answers 304 for another's page."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in {".html", ".py", ".mo"}:
            digest.update(file.read_bytes())
    names = (
        "SITE_NAME", "SITE_URL", "PUBLISHER_NAME", "PUBLISHER_URL", "FEED_LICENSE", "TIME_ZONE", "CLAIMTRACK_CONTACT",
    )  # fmt: skip
    digest.update("\n".join([static("pages/site.css"), *(str(getattr(settings, name)) for name in names)]).encode())
    return digest.hexdigest()
