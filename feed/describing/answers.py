"""Example answers that are true: each address is asked, in this process, for what the examples ask it for."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve

from feed import dumps
from feed.describing.described import Operation
from feed.describing.examples import Known
from feed.serving.parameters import read_parameters
from feed.views.base import PublicView

# Characters of a dump that are enough to see what it is like.
GLIMPSE = 1500


def query_of(operation: Operation, known: Known) -> str:
    """The example's query string: what the operation asks for, found in `known`."""
    query = QueryDict(mutable=True)
    values = known.asking()
    for name in operation.asks:
        query[name] = str(values[name])
    return query.urlencode()


def address_of(operation: Operation, known: Known) -> str:
    """Path and query of the example."""
    query = query_of(operation, known)
    return operation.sample(known) + (f"?{query}" if query else "")


def answer_of(operation: Operation, known: Known) -> str | None:
    """The text of the answer, of a dump its beginning; None where nothing answers, or something that is no PublicView.

    Straight from the view: past limits and caches, which are of no interest here.
    """
    if operation.dump:
        return next(dumps.write(operation.name))[:GLIMPSE]
    if not issubclass(operation.view, PublicView) or operation.name == "schema":
        return None
    request = HttpRequest()
    request.method, request.path = "GET", operation.sample(known)
    request.GET = QueryDict(query_of(operation, known))
    arguments = resolve(request.path).kwargs
    view = operation.view()
    view.setup(request, **arguments)
    view.answer_headers = {}
    try:
        body: str | bytes = view.body(read_parameters(request.GET, operation.parameters), **arguments)
    except Http404:
        return None
    return body if isinstance(body, str) else body.decode()


def parsed_answer_of(operation: Operation, known: Known) -> Any:
    """The same as a value, for what answers JSON whole; else None."""
    text = answer_of(operation, known) if operation.is_json and not operation.dump else None
    return None if text is None else json.loads(text)
