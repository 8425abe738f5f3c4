"""The parts of the API's description that are the same at every address."""

from __future__ import annotations

from feed.describing.shapes import ID, TEXT, Schema, ref
from feed.google.parameters import A_FLAG, A_LANGUAGE

INTRODUCTION = (
    "Public and read-only, no key needed; a key raises the limits. Keys of answers may be added; none is removed or "
    "changes its meaning. Every address also answers HEAD (the headers of GET) and OPTIONS (204 and `Allow`). "
    "Send the `ETag` of an answer back as `If-None-Match`: while nothing has changed you get an empty 304. "
    "To miss no correction follow /api/v1/events/. People find the same with examples at /api/docs/."
)

_INT32: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
PATH_PARAMETERS: dict[str, Schema] = {
    "id": {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "Public id, case-sensitive.",
        "schema": ID,
    },
    "n": {
        "name": "n",
        "in": "path",
        "required": True,
        "description": "Number of the version, from 1.",
        # feed/urls.py takes up to nine digits, which fit a PostgreSQL integer.
        "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    },
}

GOOGLE = "google_search"


def _asked(name: str, help: str, schema: Schema, **more: object) -> Schema:
    return {"name": name, "in": "query", "description": help, "schema": schema, **more}


# Of Google's parameters those whose rule fits into a schema. pageToken, fields, reviewPublisherSiteFilter (with which
# query may be left out) and key are taken as well: docs/google.md.
GOOGLE_PARAMETERS: list[Schema] = [
    # Longer ones come as POST with X-HTTP-Method-Override: GET, as Google's clients send them.
    _asked("query", "Words to look for.", {"type": "string", "pattern": "\\S"}, required=True, example="protest"),
    _asked(
        "languageCode",
        "Only reviews in this language; the region does not matter.",
        # An empty one is none.
        {"type": "string", "pattern": f"^({A_LANGUAGE})?$"},
    ),
    _asked("maxAgeDays", "Only reviews at most so many days old.", _INT32),
    _asked("pageSize", "At most so many claims; 10 without it or with 0, 100 at most.", _INT32),
    _asked("offset", "Where to begin.", _INT32),
    _asked(
        "prettyPrint",
        "Indented, for people; 1 and 0 mean the same.",
        {"type": "string", "pattern": f"^({A_FLAG})$", "default": "true"},
    ),
    _asked("alt", "There is no other form.", {"type": "string", "enum": ["json"]}),
]

SECURITY: dict[str, Schema] = {
    "ApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Api-Key` and your key: `Authorization: Api-Key ctk_…`. Never needed; it raises the limits.",
    }
}

_SECONDS: Schema = {"type": "integer", "minimum": 0}
HEADERS: dict[str, Schema] = {
    "ETag": {
        "description": "Names this very answer. Send it back as If-None-Match.",
        "required": True,
        "schema": {"type": "string", "pattern": '^(W/)?"[!-~]+"$'},
    },
    "Cache-Control": {
        "description": "How long shared caches may keep the answer.",
        "required": True,
        "schema": TEXT,
    },
    "Last-Modified": {"description": "When what the answer holds last changed, where known.", "schema": TEXT},
    "Allow": {"description": "The methods this address answers.", "required": True, "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait before asking again.", "required": True, "schema": _SECONDS},
    "WWW-Authenticate": {"description": "How a key is sent.", "required": True, "schema": TEXT},
    "RateLimit": {
        "description": 'Requests left and seconds for which that holds, such as `"default";r=117;t=60`.',
        "schema": {"type": "string", "pattern": '^"default";r=[0-9]+;t=[0-9]+$'},
    },
    "RateLimit-Policy": {
        "description": 'Requests you may make in how many seconds, such as `"default";q=120;w=60`.',
        "schema": {"type": "string", "pattern": '^"default";q=[0-9]+;w=[0-9]+$'},
    },
}


def _signed(name: str, help: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "required": True, "description": help, "schema": schema}


WEBHOOKS: dict[str, Schema] = {
    "verdict": {
        "post": {
            "summary": "A public change, sent to your address as it happens.",
            "description": "Signed as Standard Webhooks (standardwebhooks.com) say. Sent at least once: events may "
            "come again or out of order; `sequence` tells. Subscriptions are made by the newsroom.",
            "parameters": [
                _signed("webhook-id", "The same for every attempt: use it to notice repeats.", TEXT),
                _signed("webhook-timestamp", "When this attempt was signed, in seconds since 1970.", _SECONDS),
                _signed(
                    "webhook-signature",
                    "One or more signatures, separated by spaces; more than one while a secret is being replaced.",
                    {"type": "string", "pattern": "^v1,"},
                ),
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Webhook")}}},
            "responses": {
                "2XX": {"description": "Taken. Anything else, or no answer in time, is tried again."},
            },
        }
    }
}
