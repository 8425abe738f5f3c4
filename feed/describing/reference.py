"""What /api/docs/ shows: each address with its parameters, a true answer, and programs that ask for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings

from feed.describing.answers import address_of, answer_of
from feed.describing.described import Operation
from feed.describing.examples import Known
from feed.describing.openapi import EVERYWHERE, a_bad_parameter
from feed.describing.operations import answering
from feed.describing.programs import Program, followers, programs_for
from feed.describing.shapes import SHAPES, Schema
from feed.describing.shapes_formats import FORMATS
from feed.serving.parameters import Parameter

ALL_SHAPES = SHAPES | FORMATS


@dataclass(frozen=True)
class Row:
    """A line of a table: a parameter or a key of an answer. `level` is how deep in the answer the key is."""

    name: str
    kind: str
    help: str
    level: int = 0


@dataclass(frozen=True)
class Entry:
    """One address as the page shows it. `answer` is text to read: JSON indented, a dump cut short; maybe empty."""

    operation: Operation
    address: str
    parameters: list[Row]
    keys: list[Row]
    answer: str
    programs: list[Program]


def reference(known: Known) -> dict[str, Any]:
    """The template's context: `groups` of entries, in the order of operations.py."""
    entries = [_entry(operation, known, answer_of(operation, known)) for operation in answering()]
    groups = [(name, list(found)) for name, found in groupby(entries, key=lambda entry: entry.operation.group)]
    return {
        "groups": groups,
        "known": known,
        "followers": followers(),
        "problem": json.dumps(a_bad_parameter(), indent=2),
        "statuses": sorted(EVERYWHERE.items()),
    }


def _entry(operation: Operation, known: Known, answer: str | None) -> Entry:
    if answer and operation.is_json and not operation.dump:
        answer = json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    address = address_of(operation, known)
    return Entry(
        operation=operation,
        address=address,
        parameters=[_parameter(each) for each in operation.parameters],
        keys=list(_keys(ALL_SHAPES[operation.answers])) if operation.is_json else [],
        answer=answer or "",
        programs=programs_for(operation, f"{settings.SITE_URL}{address}"),
    )


def _parameter(parameter: Parameter) -> Row:
    # Backticks are for Markdown, which OpenAPI's readers show.
    return Row(parameter.name, parameter.allowed.replace("`", ""), parameter.help.replace("`", ""))


def _keys(schema: Schema, level: int = 0) -> list[Row]:
    """The keys of an object, those of objects in it right below them."""
    rows = []
    for name, inner in _properties(schema).items():
        rows.append(Row(name, _kind(inner), _resolved(inner).get("description", ""), level))
        # The deepest keys there are lie five objects down: results, claim, claimant.
        rows += _keys(_innermost(inner), level + 1)
    return rows


def _properties(schema: Schema) -> dict[str, Schema]:
    """Of an object, or of every alternative and part it is put together from."""
    schema = _resolved(schema)
    found = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found = _properties(part) | found if "allOf" in schema else found | _properties(part)
    return found


def _innermost(schema: Schema) -> Schema:
    schema = _resolved(schema)
    return _innermost(schema["items"]) if "items" in schema else schema


def _resolved(schema: Schema) -> Schema:
    reference = schema.get("$ref")
    return ALL_SHAPES[reference.rsplit("/", 1)[1]] if reference else schema


def _kind(schema: Schema) -> str:
    """In words: what a value of this schema is."""
    schema = _resolved(schema)
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "anyOf" in schema or "oneOf" in schema:
        parts = schema.get("anyOf") or schema["oneOf"]
        return " or ".join(dict.fromkeys(_kind(part) for part in parts))
    kinds = schema.get("type", "object")
    names = [_word(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(names)


def _word(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "string":
        return {"date-time": "time", "date": "date", "uri": "address"}.get(schema.get("format", ""), "text")
    return {"integer": "whole number", "boolean": "true or false"}.get(kind, kind)
