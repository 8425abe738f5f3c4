"""Every error of the API in one shape: RFC 9457 problem details, with what is wrong per field and how to mend it."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, SuspiciousOperation
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


class NoSuchPage(BadParameters):
    """404: parameters that are well formed and name a place where nothing is, such as a cursor nobody gave out."""

    status_code = 404


class QueryTooLong(exceptions.APIException):
    """414: longer than any address of ours needs."""

    status_code = 414


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


def problem_for(error: Exception, *, allowed: list[str], path: str) -> HttpResponse:
    """What a client is told of an error. `allowed`: the methods of the address. Its `headers`, if any, go along."""
    response = _told(error, allowed=allowed, path=path)
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def _told(error: Exception, *, allowed: list[str], path: str) -> HttpResponse:
    if isinstance(error, BadParameters):
        return problem(error.status_code, str(error.detail), errors=error.errors)
    if isinstance(error, Http404):
        return problem(404, str(error.args[0]) if error.args else "There is nothing at this address.")
    if isinstance(error, exceptions.MethodNotAllowed):
        methods = ", ".join(allowed)
        return _with(problem(405, f"This address answers {methods} only."), "Allow", methods)
    if isinstance(error, exceptions.NotAcceptable):
        return problem(406, "This address answers JSON: send Accept: application/json, or no Accept at all.")
    if isinstance(error, exceptions.AuthenticationFailed):
        # RFC 9110, 11.6.1: who is refused is told how to do it.
        return _with(problem(401, str(error.detail)), "WWW-Authenticate", "Api-Key")
    if isinstance(error, exceptions.Throttled):
        wait = str(max(1, int(getattr(error, "wait", None) or 1)))
        return _with(problem(429, f"Too many requests: ask again in {wait} s."), "Retry-After", wait)
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, str(error.detail))
    if isinstance(error, (SuspiciousOperation, UnicodeError)):
        return problem(400, "The request is malformed: check its parameters and headers.")
    if isinstance(error, PermissionDenied):
        return problem(403, "This is not public.")
    logger.error("500 %s", path, exc_info=error)
    return problem(500, "Something failed on our side. It has been recorded; please try again later.")


def _with(response: HttpResponse, header: str, value: str) -> HttpResponse:
    response[header] = value
    return response
