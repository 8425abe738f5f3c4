"""Every error of the API in one shape: RFC 9457 problem details, with what is wrong per field and how to mend it."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

logger = logging.getLogger("django.request")

Errors = dict[str, list[str]]


class BadParameters(exceptions.APIException):
    """400. `errors` says per parameter what is wrong and what is allowed."""

    status_code = 400

    def __init__(self, errors: Errors) -> None:
        super().__init__("Some query parameters cannot be used; see errors.")
        self.errors = errors


def problem(status: int, detail: str, *, errors: Errors | None = None) -> HttpResponse:
    """application/problem+json. `type` is about:blank: the title is the status' own phrase (RFC 9457, 4.2.1)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or {},
    }
    response = HttpResponse(json.dumps(body), content_type="application/problem+json", status=status)
    # A mended request, or the same one a minute later, may succeed: no cache keeps an error.
    response["Cache-Control"] = "no-store"
    return response


def problem_for(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The REST framework's exception handler; None for a database that is away, which middleware answers with 503."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return None
    if isinstance(error, BadParameters):
        return problem(400, str(error.detail), errors=error.errors)
    if isinstance(error, Http404):
        return problem(404, str(error.args[0]) if error.args else "There is nothing at this address.")
    if isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(context["view"].allowed_methods)
        return _with(problem(405, f"This address answers {allowed} only."), "Allow", allowed)
    if isinstance(error, exceptions.NotAcceptable):
        return problem(406, "This address answers JSON: send Accept: application/json, or no Accept at all.")
    if isinstance(error, exceptions.Throttled):
        wait = str(int(getattr(error, "wait", None) or 0) + 1)
        return _with(problem(429, f"Too many requests: ask again in {wait} s."), "Retry-After", wait)
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, str(error.detail))
    if isinstance(error, SuspiciousOperation):
        return problem(400, "The request is malformed: check its parameters and headers.")
    if isinstance(error, PermissionDenied):
        return problem(403, "This is not public.")
    if settings.DEBUG:
        return None
    logger.error("500 %s", context["request"].path, exc_info=error)
    return problem(500, "Something failed on our side. It has been recorded; please try again later.")


def _with(response: HttpResponse, header: str, value: str) -> HttpResponse:
    response[header] = value
    return response
