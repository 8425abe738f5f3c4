"""How every public address of the API answers: parameters, validators, caching, cross-origin use, errors.

No session, cookie, user or CSRF token is touched: an answer is the same for everybody and any cache may keep it.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from claims.rendering.document import RENDERER_VERSION
from feed.parameters import Asked, Parameter, read_parameters
from feed.problems import problem, problem_for

# A client asks again every time and mostly hears 304. A shared cache in front may answer for 15 s, and for a minute
# more while it asks us: a correction reaches everyone within that time.
CACHE_CONTROL = "public, max-age=0, s-maxage=15, stale-while-revalidate=60"
ACCEPTABLE = {"*/*", "application/*", "application/json", "application/problem+json"}


class JSONOnly(BaseContentNegotiation):
    """JSON, or 406. There is no ?format=."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        accept = request.META.get("HTTP_ACCEPT") or "*/*"
        if accept not in ACCEPTABLE and not any(_accepts_json(part) for part in accept.split(",")):
            raise NotAcceptable
        return renderers[0], "application/json"


class AnyAccept(JSONOnly):
    """For what has one form, whatever a client expects it to be called."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], "application/json"


def _accepts_json(media_range: str) -> bool:
    kind, *options = (part.strip().lower() for part in media_range.split(";"))
    return kind in ACCEPTABLE and "q=0" not in options


class PublicAddress(APIView):
    """What every address below /api/ has in common: no identity, JSON or 406, open to other origins, problems."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JSONOnly
    http_method_names: Sequence[str] = ("get", "head", "options")

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Also the answer to a browser's preflight."""
        headers = {
            "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return HttpResponse(status=204, headers=headers)

    def finalize_response(  # type: ignore[override]
        self, request: HttpRequest, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        if response.status_code in (204, 405):
            response.headers["Allow"] = ", ".join(self.allowed_methods)
        return response

    def get_exception_handler(self) -> Any:
        return problem_for


class PublicView(PublicAddress, ABC):
    """GET, HEAD and OPTIONS for anyone. A view says which `parameters` it takes and how its `body` is made."""

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    # Formats that readers' programs fetch pass over parameters they do not know (utm_…); the API refuses them.
    ignores_unknown: ClassVar[bool] = False
    content_type: ClassVar[str] = "application/json"

    def state(self, **kwargs: Any) -> str | None:
        """What the body depends on besides the address, read before any row; None: the body itself is hashed."""
        return None

    @abstractmethod
    def body(self, asked: Asked, **kwargs: Any) -> str:
        """The JSON text. Raises Http404 with a sentence when there is nothing public here."""

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        asked = read_parameters(request.GET, self.parameters, ignore_unknown=self.ignores_unknown)
        state = self.state(**kwargs)
        body = self.body(asked, **kwargs) if state is None else None
        etag = self.etag(state or body or "")
        response = unchanged(request, etag)
        if response is None:
            response = self.answer(self.body(asked, **kwargs) if body is None else body)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Cache-Control"] = CACHE_CONTROL
        return response

    def answer(self, body: str) -> HttpResponseBase:
        return HttpResponse(body, content_type=self.content_type)

    def etag(self, state: str) -> str:
        """Strong: the same state, address and renderer give the same bytes."""
        parts = [state, RENDERER_VERSION, settings.SITE_URL, self.request.path, urlencode(self.query())]
        return f'"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'

    def query(self) -> dict[str, str]:
        """The request's parameters in one order, as links to other pages carry them."""
        return dict(sorted((name, str(value)) for name, value in self.request.GET.items()))


def unchanged(request: Request, etag: str) -> HttpResponseBase | None:
    """304 when the client holds these very bytes; a problem for an If-Match that does not hold; else None."""
    response: HttpResponseBase | None = get_conditional_response(request._request, etag=etag)
    if response is not None and response.status_code == 412:
        return problem(412, "If-Match names another state of this address: leave the header out.")
    return response


def public_state() -> str:
    """Moves with every change of what is public: the counter of stored documents and the head of the event log.

    One statement, so both are of one moment. The counter alone would repeat itself after a restored backup.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT value FROM claims_documentcounter),"
            " (SELECT hash FROM claims_event ORDER BY sequence DESC LIMIT 1)"
        )
        counter, head = cursor.fetchone()
    return f"{counter} {head}"
