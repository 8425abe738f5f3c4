"""This very installation's answers, in process: what a reader would be sent, without a network or a port."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponseBase
from django.utils import translation

from claims.rendering.lint_html import Page
from claims.rendering.lint_values import DEFAULT_PORTS, address, origin


class OwnServer:
    """Answers addresses of SITE_URL as the web server would, middleware included, without a network.

    Whatever is in front of it (a proxy's redirects, its headers) is not seen.
    """

    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._site = urlsplit(settings.SITE_URL)

    def has(self, url: str) -> bool:
        there, own = address(url), address(settings.SITE_URL)
        return there is not None and own is not None and origin(there) == origin(own)

    def get(self, url: str) -> Page:
        """The answer to a GET of an address of ours (see `has`)."""
        with translation.override(settings.LANGUAGE_CODE):
            response: HttpResponseBase = self._handler.get_response(WSGIRequest(self._environ(url)))
        # Left open: closing it ends a request, and with that the database connection the caller may be reading from.
        return Page(
            html=b"".join(response).decode("utf-8", "replace"),
            address=url,
            status=response.status_code,
            location=response.headers.get("Location", ""),
            robots_tag=response.headers.get("X-Robots-Tag", ""),
        )

    def _environ(self, url: str) -> dict[str, Any]:
        """A request as the web server hands it on (PEP 3333: the path's bytes as Latin-1)."""
        parts = urlsplit(url)
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": self._site.hostname or "localhost",
            "SERVER_PORT": str(self._site.port or DEFAULT_PORTS[self._site.scheme]),
            "HTTP_HOST": self._site.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": self._site.scheme,
            "wsgi.input": BytesIO(),
        }
