"""`/v1alpha1/`: search for Google's clients, which need no more than this address (`api_endpoint`) to work with us."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed

from feed.admission.gate import Admission, admit, key_named_in
from feed.google import shapes
from feed.google.errors import InvalidArgument, Unimplemented, error_body
from feed.google.finding import answer
from feed.google.masks import masked
from feed.google.parameters import FIELDS, KEY, PARAMETERS, PRETTY, oldest, page_size, read_search, searched
from feed.serving.parameters import Asked
from feed.views.base import AnyAccept, PublicAddress, PublicView, public_state

OVERRIDE = "HTTP_X_HTTP_METHOD_OVERRIDE"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
# Google's own names, for what we do not have.
ELSEWHERE = {
    "claims:imageSearch": "Images are not searched here: ask claims:search with words.",
    "pages": "Markup is not kept here: our verdicts' ClaimReview is on their pages and in /feeds/claimreview.jsonld.",
}
NOTHING = "There is nothing at this address: only GET /v1alpha1/claims:search. See /api/docs/."
ONLY_GET = "This address answers GET, and POST with the header X-HTTP-Method-Override: GET."


class GoogleAddress(PublicAddress):
    """Errors in Google's shape; a key may stand in the address."""

    content_negotiation_class = AnyAccept

    def admit(self, request: HttpRequest) -> Admission:
        # Clients may sign in with Google's OAuth, which opens nothing here and is no broken key of ours either.
        if request.META.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer "):
            del request.META["HTTP_AUTHORIZATION"]
        return admit(request, key=key_named_in(asked_of(request).get(KEY.name, "")))

    def handle_exception(self, error: Exception) -> HttpResponse:
        if isinstance(error, InvalidArgument):
            return refusal(400, error.message, error.violations)
        if isinstance(error, Unimplemented):
            return refusal(501, str(error))
        if isinstance(error, MethodNotAllowed):
            told = refusal(405, ONLY_GET)
            told["Allow"] = ", ".join(self.allowed_methods)
            return told
        return super().handle_exception(error)

    def finalize_response(
        self, request: HttpRequest, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type") == PROBLEM:
            response.content = error_body(response.status_code, json.loads(response.content)["detail"])
            response["Content-Type"] = "application/json"
        return super().finalize_response(request, response, *args, **kwargs)


class ClaimSearch(GoogleAddress, PublicView):
    """`GET /v1alpha1/claims:search`, and the POST that clients send in its place when the address becomes too long."""

    http_method_names: Sequence[str] = ("get", "head", "options", "post")
    parameters = PARAMETERS

    @property
    def allowed_methods(self) -> list[str]:
        """POST is GET in disguise: without the header it is refused, so nobody is told that it is allowed."""
        return [name for name in super().allowed_methods if name != "POST"]

    def state(self, **kwargs: Any) -> str:
        return public_state()

    def body(self, asked: Asked, **kwargs: Any) -> str:
        found = masked(answer({"start": 0} | asked), asked.get(FIELDS.name, True))
        return shapes.as_json(found, pretty=asked.get(PRETTY.name, True))

    def read_parameters(self, request: HttpRequest) -> Asked:
        asked = read_search(request.GET)
        self.canonical = canonical(asked)
        return asked

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Not for caches: they know answers by their address."""
        if request.META.get(OVERRIDE, "").upper() != "GET":
            raise MethodNotAllowed("POST")
        body = self.body(read_search(asked_of(request)))
        return HttpResponse(body, content_type=self.content_type, headers={"Cache-Control": "no-store"})

    @cached_property
    def address(self) -> str:
        return f"{super().address}\n{self.canonical}"

    def query(self) -> dict[str, str]:
        return {}


class Elsewhere(GoogleAddress):
    """Everything else below /v1alpha1/, whatever the method."""

    http_method_names: Sequence[str] = ("get", "head", "options", "post", "put", "patch", "delete")

    def get(self, request: HttpRequest, rest: str = "") -> HttpResponseBase:
        sentence = ELSEWHERE.get(rest.partition("/")[0])
        if sentence:
            raise Unimplemented(sentence)
        raise Http404(NOTHING)

    post = put = patch = delete = head = get


def asked_of(request: HttpRequest) -> QueryDict:
    """The parameters in the address, and those in the form that a long address became.

    Raises SuspiciousOperation for a form that is too large or cannot be read.
    """
    if request.method != "POST" or request.content_type != FORM:
        return request.GET
    given = request.GET.copy()
    given.update(request.POST)
    return given


def canonical(asked: Asked) -> str:
    """What the bytes of an answer follow from, besides what is public; a search by age also from the day."""
    since = oldest(asked, timezone.now())
    parts = (searched(asked), asked["start"], page_size(asked), since, asked.get(FIELDS.name), asked.get(PRETTY.name))
    return "\n".join(map(str, parts))


def refusal(code: int, message: str, violations: dict[str, str] | None = None) -> HttpResponse:
    body = error_body(code, message, violations)
    return HttpResponse(body, content_type="application/json", status=code, headers={"Cache-Control": "no-store"})
