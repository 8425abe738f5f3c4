"""Errors as Google's APIs tell them: google.rpc.Status as JSON, with what is wrong per field."""

from __future__ import annotations

import json
from typing import Any

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
# google.rpc.Code by HTTP status, as google/rpc/code.proto maps them; 405 and 414 have none of their own.
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    412: "FAILED_PRECONDITION",
    414: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
# Google's clients show the message and little else: it names the first fields with what is allowed.
INVALID = "Request contains an invalid argument."
MOST_IN_MESSAGE = 3


class InvalidArgument(Exception):
    """400. `violations`: what is wrong and how to mend it, by the parameter's name."""

    def __init__(self, violations: dict[str, str]) -> None:
        super().__init__(INVALID)
        self.violations = violations

    @property
    def message(self) -> str:
        told = [f"{field}: {sentence}" for field, sentence in self.violations.items()][:MOST_IN_MESSAGE]
        return " ".join([INVALID, *told])


class Unimplemented(Exception):
    """501: a method of Google's that we do not have."""


def error_body(code: int, message: str, violations: dict[str, str] | None = None) -> str:
    """The JSON text of an error, its fields in Google's order."""
    error: dict[str, Any] = {"code": code, "message": message, "status": STATUSES.get(code, "UNKNOWN")}
    if violations:
        told = [{"field": field, "description": sentence} for field, sentence in violations.items()]
        error["details"] = [{"@type": BAD_REQUEST, "fieldViolations": told}]
    return json.dumps({"error": error}, ensure_ascii=False, indent=2) + "\n"
