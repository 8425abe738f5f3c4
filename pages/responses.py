"""How every public page is answered: language, validators, caching, and the frame around it.

Pages are rendered without a request in their context, so nothing on them can touch a session, a cookie or a
CSRF token: a reader is never followed, and any cache may hold the page.
"""

import hashlib
import time
from collections.abc import Callable
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseNotModified
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from claims.models import Event
from claims.serving.conditions import encoded, held_etag, takes_gzip
from claims.serving.page_cache import Answer, page_cache
from claims.serving.state import state_of_documents
from pages.links import INTERFACE_LANGUAGES, absolute, current_language, language_of_path, path_of, without_prefix

# A browser asks again every time and mostly hears 304; a shared cache in front may answer for 15 seconds, so that a
# correction is on every reader's screen within that time.
CACHE_CONTROL = "public, max-age=0, s-maxage=15"

VARY = "Accept-Encoding"
# Seconds. "Checked 2 hours ago" may be this much older than it says.
AGES_IN = 600

View = Callable[..., HttpResponseBase]


def reader_page(
    *, validated: bool = True, ages: bool = False, takes_post: bool = False
) -> Callable[[View], View]:
    """Make a view a public page: GET and HEAD only, in the language of its prefix, 503 while PostgreSQL is away.

    One that `takes_post` is a form, never validated.

    `validated` pages depend on stored documents, events and their own address alone: they carry an ETag made of those
    and answer 304 before doing any work. Others (a source's last visit, the rating scale) are rendered every time.
    A page that `ages` also says how long ago something was: its ETag moves every ten minutes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            allowed = ["GET", "HEAD", "POST"] if takes_post else ["GET", "HEAD"]
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            kwargs.pop("language", None)  # the address says it, see language_of_path()
            with translation.override(language_of_path(request.path)):
                try:
                    return _answer(view, request, kwargs, validated=validated, ages=ages)
                except (OperationalError, InterfaceError):
                    return unavailable(request)

        if validated:
            # Asked before anything else happens to a request, see claimtrack/short_stack.py.
            answer.without_view = partial(_without_view, ages=ages)  # type: ignore[attr-defined]
        return answer

    return decorate


def _without_view(request: HttpRequest, *, ages: bool) -> HttpResponse | None:
    """What a GET is answered with when nothing has to be made: a 304, or a page that this process keeps; else None."""
    etag = _etag(request, ages=ages)
    held = held_etag(request.headers.get("If-None-Match"), etag)
    if held:
        return HttpResponseNotModified(headers={"ETag": held, "Cache-Control": CACHE_CONTROL, "Vary": VARY})
    kept = page_cache.get(request.get_full_path())
    return _from(request, kept) if kept is not None and kept.etag == etag else None


def _answer(
    view: View, request: HttpRequest, kwargs: dict[str, Any], *, validated: bool, ages: bool
) -> HttpResponseBase:
    """The view's page, or one of this process's that PostgreSQL has just said nothing changed about."""
    if not validated:
        return _encoded(request, view(request, **kwargs))
    known = _without_view(request, ages=ages)
    if known is not None:
        return known
    etag = _etag(request, ages=ages)
    response = view(request, **kwargs)
    if not isinstance(response, HttpResponse) or response.status_code != 200 or _may_be_framed(response):
        return response
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    made = Answer(etag, response.content, dict(response.headers))
    page_cache.put(request.get_full_path(), made)
    return _from(request, made)


def _may_be_framed(response: HttpResponseBase) -> bool:
    """A view that lifts the frame guard says so on its response, which a kept answer could not repeat."""
    return bool(getattr(response, "xframe_options_exempt", False))


def _from(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer in the encoding the reader's browser takes."""
    if not answer.is_compressible:
        return HttpResponse(answer.body, headers=answer.headers)
    headers = {**answer.headers, "Vary": VARY}
    if not takes_gzip(request.headers.get("Accept-Encoding")):
        return HttpResponse(answer.body, headers=headers)
    if answer.etag:
        headers["ETag"] = encoded(answer.etag)
    return HttpResponse(answer.gzipped, headers={**headers, "Content-Encoding": "gzip"})


def _encoded(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page that is rendered every time, compressed all the same; nothing of it is kept."""
    if not isinstance(response, HttpResponse) or response.status_code != 200 or _may_be_framed(response):
        return response
    return _from(request, Answer("", response.content, dict(response.headers)))


def for_other_sites(view: View) -> View:
    """Outside reader_page(): scripts and isolated pages of other sites may read every answer, a 304 too."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    # What is answered before the view would not pass by here.
    vars(answer).pop("without_view", None)
    return answer


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
        "searched": "",
    }


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: say so calmly, ask to come back."""
    content = render_to_string("pages/error.html", {**frame(request), "status": 503, "noindex": True})
    response = with_headers(HttpResponse(content, status=503))
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def _etag(request: HttpRequest, *, ages: bool) -> str:
    """Asked once in a request: a page made after a change, under the ETag of before it, is only made once more."""
    known: str | None = getattr(request, "etag_of_page", None)
    if known is None:
        counter, sequence = state_of_documents()
        age = int(time.time() // AGES_IN) if ages else 0
        parts = [str(counter), str(sequence), request.get_full_path(), _renderer(), str(age)]
        known = f'"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'
        request.etag_of_page = known  # type: ignore[attr-defined]
    return known


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
    files = [static(f"pages/{name}") for name in ("site.css", "share.js", "embed.css", "embed.js")]
    digest.update("\n".join([*files, *(str(getattr(settings, name)) for name in names)]).encode())
    return digest.hexdigest()
