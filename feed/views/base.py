"""How every public address answers: the gate, parameters, validators, encodings, caching, cross-origin use, errors.

No session, cookie, user or CSRF token is touched: an answer is the same for everybody and any cache may keep it.
Plain Django views, with the REST framework's exceptions and content negotiation. Its APIView takes twice as long to get
to a view and back (19 against 8 µs), and what it offers besides is not used here.
"""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, ClassVar

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation

from claims.rendering.document import RENDERER_VERSION
from claims.serving.conditions import encoded, held_etag, takes_gzip, wanted_in
from claims.serving.page_cache import Answer, page_cache
from feed.admission.gate import Admission, admit
from feed.serving.parameters import Asked, Parameter, read_parameters
from feed.serving.problems import QueryTooLong, problem, problem_for
from feed.serving.repeated import repeated
from feed.serving.state import changed_at
from feed.serving.state import public_state as public_state  # part of what views build on

# A client asks again every time and mostly hears 304. A shared cache in front may answer for 15 s, and for a minute
# more while it asks us: a correction reaches everyone within that time.
CACHE_CONTROL = "public, max-age=0, s-maxage=15, stale-while-revalidate=60"
# The most particular first.
ACCEPTABLE = ("application/json", "application/problem+json", "application/*", "*/*")
# Bytes. The longest address that means something here, a long text to look for, needs less; servers in front of us
# mostly stop at 8 kB.
MOST_QUERY = 16_384

# Headers that ask whether anything is new.
CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"})
NOTHING: Mapping[str, str] = MappingProxyType({})
EXPOSED = "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


class JSONOnly(BaseContentNegotiation):
    """JSON, or 406. There is no ?format=."""

    def select_renderer(self, request: Any, renderers: Any = (), format_suffix: str | None = None) -> tuple[Any, str]:
        accept = request.META.get("HTTP_ACCEPT") or "*/*"
        if accept not in ACCEPTABLE and not _accepts_json(accept):
            raise NotAcceptable
        return None, "application/json"


class AnyAccept(JSONOnly):
    """For what has one form, whatever a client expects it to be called."""

    def select_renderer(self, request: Any, renderers: Any = (), format_suffix: str | None = None) -> tuple[Any, str]:
        return None, "application/json"


def _accepts_json(accept: str) -> bool:
    """The most particular range that names it decides (RFC 9110, 12.5.1)."""
    wanted = wanted_in(accept)
    return next((wanted[kind] for kind in ACCEPTABLE if kind in wanted), False)


class PublicAddress(View):
    """What every address for machines has in common: the gate, JSON or 406, open to other origins, problems."""

    content_negotiation_class: ClassVar[type[BaseContentNegotiation]] = JSONOnly
    http_method_names: Sequence[str] = ("get", "head", "options")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        # There is no cookie whose owner a forged form could speak for.
        return csrf_exempt(super().as_view(**initkwargs))

    @property
    def allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.http_method_names if hasattr(self, name)]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises OperationalError or InterfaceError when PostgreSQL is away: whoever called may ask it once more."""
        limits: dict[str, str] = {}
        try:
            if request.method != "OPTIONS":
                limits = self.admit(request).headers
            self.initial(request, *args, **kwargs)
            response = self.handler(request)(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            response = self.handle_exception(error)
        for name, value in limits.items():
            response.headers[name] = value
        return self.finalize_response(request, response, *args, **kwargs)

    def admit(self, request: HttpRequest) -> Admission:
        """The one gate, before any work. A browser's preflight carries no key and passes without."""
        return admit(request)

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What is asked of the request before its method. Raises NotAcceptable, QueryTooLong."""
        if request.method == "OPTIONS":
            return
        if len(request.META.get("QUERY_STRING", "")) > MOST_QUERY:
            raise QueryTooLong(f"The query is too long: at most {MOST_QUERY} bytes stand behind the question mark.")
        # It looks at headers alone, which both kinds of request have.
        self.content_negotiation_class().select_renderer(request, ())  # type: ignore[arg-type]

    def handler(self, request: HttpRequest) -> Any:
        name = (request.method or "").lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        if handler is None:
            raise MethodNotAllowed(request.method or "")
        return handler

    def handle_exception(self, error: Exception) -> HttpResponse:
        return problem_for(error, allowed=self.allowed_methods, path=self.request.path)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Also the answer to a browser's preflight."""
        methods = ", ".join(self.allowed_methods)
        headers = PREFLIGHT | {"Allow": methods, "Access-Control-Allow-Methods": methods}
        return HttpResponse(status=204, headers=headers)

    def finalize_response(
        self, request: HttpRequest, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response


class PublicView(PublicAddress, ABC):
    """GET, HEAD and OPTIONS for anyone. A view says which `parameters` it takes and how its `body` is made.

    `body` may set `answer_headers`, which go with it.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    # Formats that readers' programs fetch pass over parameters they do not know (utm_…); the API refuses them.
    ignores_unknown: ClassVar[bool] = False
    content_type: ClassVar[str] = "application/json"
    answer_headers: Mapping[str, str] = NOTHING

    def state(self, **kwargs: Any) -> str | None:
        """What the body depends on besides the address, read before any row; None: the body itself is hashed."""
        return None

    @abstractmethod
    def body(self, asked: Asked, **kwargs: Any) -> str | bytes:
        """The text. Raises Http404 with a sentence when there is nothing public here."""

    def state_and_body(self, asked: Asked, **kwargs: Any) -> tuple[str | None, str | bytes]:
        """Both; a view that can reads them in one statement. The state is never newer than the body."""
        state = self.state(**kwargs)
        return state, self.body(asked, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        conditional = not CONDITIONS.isdisjoint(request.META)
        known = repeated.get(request) if conditional else None
        # The state decides whether there is anything to read at all.
        state = self.state(**kwargs) if known else None
        if known is not None and known.state == state:
            return HttpResponseNotModified(headers=known.headers)
        asked = self.read_parameters(request)
        kept = page_cache.get(self.address)
        if kept is None and not conditional:
            state, body = self.state_and_body(asked, **kwargs)
            return self.answer(request, self.keep(state, body))
        state = state or self.state(**kwargs)
        answer = self.keep(None, self.body(asked, **kwargs)) if state is None else None
        etag = answer.etag if answer else self.etag(state or "")
        response = unchanged(request, etag, last_modified(state))
        if response is not None:
            if state is not None and response.status_code == 304:
                repeated.note(request, state, dict(response.headers))
            return response
        if answer is None and kept is not None and kept.etag == etag:
            answer = kept
        return self.answer(request, answer or self.keep(state, self.body(asked, **kwargs)))

    def read_parameters(self, request: HttpRequest) -> Asked:
        """Raises BadParameters."""
        return read_parameters(request.GET, self.parameters, ignore_unknown=self.ignores_unknown)

    def head(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """As GET, Content-Length included, without the bytes."""
        response = self.get(request, **kwargs)
        if isinstance(response, HttpResponse):
            response.content = b""
        return response

    def keep(self, state: str | None, body: str | bytes) -> Answer:
        """The finished answer, kept for whoever asks next."""
        text = body if isinstance(body, bytes) else body.encode()
        etag = self.etag(hashlib.sha256(text).hexdigest() if state is None else state)
        kept = page_cache.get(self.address)
        if kept is not None and kept.etag == etag:
            return kept  # with its compressed form
        answer = Answer(etag, text, {**last_modified(state), **self.answer_headers})
        page_cache.put(self.address, answer)
        return answer

    def answer(self, request: HttpRequest, answer: Answer) -> HttpResponseBase:
        gzipped = answer.is_compressible and takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING"))
        content = answer.gzipped if gzipped else answer.body
        headers = {
            "ETag": encoded(answer.etag) if gzipped else answer.etag,
            "Cache-Control": CACHE_CONTROL,
            "Vary": "Accept-Encoding",
            "Content-Length": str(len(content)),
            **answer.headers,
        }
        if gzipped:
            headers["Content-Encoding"] = "gzip"
        return HttpResponse(content, content_type=self.content_type, headers=headers)

    @cached_property
    def address(self) -> str:
        """This answer's name: everything its bytes follow from but the state."""
        return f"{RENDERER_VERSION}\n{settings.SITE_URL}\n{self.request.path}\n{self.query()}"

    def etag(self, state: str) -> str:
        """Strong: the same state, address and renderer give the same bytes."""
        return f'"{hashlib.sha256(f"{state}{chr(10)}{self.address}".encode()).hexdigest()[:32]}"'

    def query(self) -> dict[str, str]:
        """The request's parameters that mean something here, in one order, as links to other pages carry them."""
        known = {parameter.name for parameter in self.parameters}
        return dict(sorted((name, str(value)) for name, value in self.request.GET.items() if name in known))


def last_modified(state: str | None) -> dict[str, str]:
    """When anything public last changed. Many changes at once are told apart by seconds that are yet to come: those are
    not told, as no date may lie ahead of the answer's own (RFC 9110, 8.8.2.1)."""
    at = changed_at(state) if state else None
    return {"Last-Modified": _http_date(at)} if at is not None and at <= time.time() else {}


_http_date = lru_cache(maxsize=16)(http_date)


def unchanged(request: HttpRequest, etag: str, modified: Mapping[str, str] = NOTHING) -> HttpResponse | None:
    """304 when the client holds these very bytes; a problem for an If-Match that does not hold; else None.

    `modified` is last_modified() of the state: no two states have the same, so a client that repeats it as
    If-Modified-Since, without an ETag, holds this state. Another time, earlier or later, says nothing.
    """
    wanted = request.META.get("HTTP_IF_MATCH")
    if wanted is not None and held_etag(wanted, etag) is None:
        return problem(412, "If-Match names another state of this address: leave the header out.")
    named = request.META.get("HTTP_IF_NONE_MATCH")
    if named is not None:
        held = held_etag(named, etag)
    else:
        since = request.META.get("HTTP_IF_MODIFIED_SINCE")
        held = etag if since and since == modified.get("Last-Modified") else None
    if held is None:
        return None
    headers = {"ETag": held, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding", **modified}
    return HttpResponseNotModified(headers=headers)
