"""The API described as OpenAPI 3.1: from operations.py, the views' own parameters and the shapes of the answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict

from feed.describing.described import JSON, LOG, NAMES, OTHERS, VERDICTS, Operation
from feed.describing.examples import Known
from feed.describing.openapi_parts import (
    GOOGLE,
    GOOGLE_PARAMETERS,
    HEADERS,
    INTRODUCTION,
    PATH_PARAMETERS,
    SECURITY,
    WEBHOOKS,
)
from feed.describing.operations import answering
from feed.describing.shapes import SHAPES, Schema, ref
from feed.describing.shapes_formats import FORMATS
from feed.serving.parameters import PAGING, Parameter, read_parameters
from feed.serving.problems import BadParameters, problem

# What may go wrong at every address, whoever asks for what.
EVERYWHERE = {
    "400": "A parameter or the request itself cannot be used; `errors` says what is allowed.",
    "401": "The key that was sent opens nothing. Without a key everything is open.",
    "403": "The key was not made for this.",
    "405": "Only GET, HEAD and OPTIONS.",
    "414": "The query is longer than anything here needs.",
    "412": "An If-Match that does not hold: nothing here is written, leave it out.",
    "429": "Too many requests: ask again after Retry-After seconds.",
    "500": "Our fault; it has been recorded.",
    "503": "The database is away: ask again after Retry-After seconds.",
}
NOT_FOUND = "Nothing public has this id."
NO_SUCH_PAGE = "The cursor or id to go on after was never given out here, or under another ordering."
POSTED_PROBLEMS = {"413": "The body is too long.", "415": "The body is not announced as JSON."}
NOT_ACCEPTABLE = "The Accept header leaves nothing this address could answer."
# Beside RateLimit and RateLimit-Policy, which are on every answer.
HEADERS_OF = {
    "200": ("ETag", "Last-Modified", "Cache-Control"),
    "304": ("ETag", "Last-Modified", "Cache-Control"),
    "401": ("WWW-Authenticate",),
    "405": ("Allow",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
LIMITS = ("RateLimit", "RateLimit-Policy")


def openapi(known: Known | None = None, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`known` names what examples ask for, `answers` are example answers by operation; both come from the live site."""
    operations = answering()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE_NAME} API",
            "version": "1",
            "description": INTRODUCTION,
            "contact": {"name": settings.PUBLISHER_NAME, "url": settings.PUBLISHER_URL or settings.SITE_URL},
            **({"license": {"name": "Data licence", "url": settings.FEED_LICENSE}} if settings.FEED_LICENSE else {}),
        },
        "servers": [{"url": settings.SITE_URL}],
        "tags": [{"name": group} for group in (VERDICTS, LOG, NAMES, OTHERS)],
        "security": [{}, {"ApiKey": []}],
        "paths": {each.path: _path(each, known or Known(), answers or {}) for each in operations},
        "webhooks": WEBHOOKS,
        "components": {"schemas": SHAPES | FORMATS, "headers": HEADERS, "securitySchemes": SECURITY},
    }


def _path(operation: Operation, known: Known, answers: Mapping[str, Any]) -> dict[str, Any]:
    described = {"get": _described(operation, known, answers.get(operation.name))}
    posted = getattr(operation.view, "posted", None)
    return described | ({"post": _posted(operation, posted)} if posted else {})


def _posted(operation: Operation, posted: Schema) -> dict[str, Any]:
    """The same question as a body, for what is too long for an address."""
    responses = _responses(operation, None)
    del responses["304"]
    responses["200"] |= {"headers": _headers("")}
    responses |= {status: _problem(operation, status, help) for status, help in POSTED_PROBLEMS.items()}
    return {
        "operationId": f"{operation.name}_posted",
        "tags": [operation.group],
        "summary": operation.help,
        "requestBody": {"required": True, "content": {JSON: {"schema": posted}}},
        "responses": responses,
    }


def _described(operation: Operation, known: Known, answer: Any) -> dict[str, Any]:
    in_path = [_in_path(name, operation, known) for name in operation.in_path]
    in_query = [_in_query(parameter, known.asking(dump=operation.dump)) for parameter in operation.parameters]
    if operation.name == GOOGLE:
        in_query = GOOGLE_PARAMETERS
    return {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.help,
        "parameters": [*in_path, *in_query],
        "responses": _responses(operation, answer),
    }


def _in_path(name: str, operation: Operation, known: Known) -> Schema:
    value = known.of(name, operation.name)
    # Numbers as numbers, so that the example fits the schema.
    return PATH_PARAMETERS[name] | {"example": int(value) if name == "n" else value}


def _in_query(parameter: Parameter, asking: dict[str, Any]) -> Schema:
    """As strict as the parser. The example finds something here."""
    described: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.help} Give {parameter.allowed}.",
        "schema": parameter.schema,
    }
    if parameter.required:
        described["required"] = True
    example = asking.get(parameter.name)
    return described if example is None else described | {"example": example}


def _responses(operation: Operation, answer: Any) -> dict[str, Any]:
    content: Schema = {"schema": ref(operation.answers) if operation.is_json else {"type": "string"}}
    if answer is not None:
        content["example"] = answer
    links = {
        f"{number}_{link.to}": {"operationId": link.to, "parameters": link.parameters, "description": link.help}
        for number, link in enumerate(operation.links)
    }
    good = {"description": operation.help, "headers": _headers("200"), "content": {operation.media_type: content}}
    return {
        "200": good | ({"links": links} if links else {}),
        "304": {"description": "The copy that If-None-Match names is still the same.", "headers": _headers("304")},
        **{status: _problem(operation, status, help) for status, help in _problems_of(operation).items()},
    }


def _problems_of(operation: Operation) -> dict[str, str]:
    also = {}
    if operation.in_path:
        also["404"] = NOT_FOUND
    elif {"cursor", "after"} & {each.name for each in operation.parameters}:
        also["404"] = NO_SUCH_PAGE
    if operation.media_type == JSON and operation.name not in {"schema", GOOGLE}:
        also["406"] = NOT_ACCEPTABLE
    return dict(sorted((EVERYWHERE | also).items()))


def _problem(operation: Operation, status: str, help: str) -> Schema:
    if operation.name == GOOGLE:
        content: Schema = {"application/json": {"schema": ref("GoogleProblem")}}
        return {"description": help, "headers": _headers(status), "content": content}
    content = {"schema": ref("Problem")}
    if status == "400":
        content["example"] = a_bad_parameter()
    return {
        "description": help,
        "headers": _headers(status),
        "content": {"application/problem+json": content},
    }


def _headers(status: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*HEADERS_OF.get(status, ()), *LIMITS)}


def a_bad_parameter() -> Any:
    """What is really answered to a page size of nothing."""
    try:
        read_parameters(QueryDict("page_size=0"), PAGING)
    except BadParameters as error:
        return json.loads(problem(400, str(error.detail), errors=error.errors).content)
    raise AssertionError("a page of no size was let through")
