"""`/api/v1/match/`: has this been checked already?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from rest_framework.exceptions import APIException

from claims.matching.confidence import BOUNDS
from claims.matching.finding import find
from claims.matching.numbers import other_number
from claims.models import VerdictDocument
from claims.quantities import guess_language
from claims.searching import SearchTakesTooLong
from feed.serving.filters import SearchTooBroad
from feed.serving.parameters import (
    A_LANGUAGE,
    A_TEXT,
    LANGUAGE,
    Asked,
    Parameter,
    language_tag,
    number,
    read_parameters,
)
from feed.serving.problems import BadParameters
from feed.views.base import PublicView, public_state
from feed.views.lists import Shape, as_json, claim_of

LONGEST_IN_ADDRESS, LONGEST_TEXT = 1000, 10_000
# Bytes of a POST: the longest text in any alphabet, escaped.
MOST_BODY = 131_072
DEFAULT_LIMIT, MOST = 10, 200
JSON = "application/json"


class TooLarge(APIException):
    """413"""

    status_code = 413
    default_detail = f"The body is too long: at most {MOST_BODY} bytes, the text in it {LONGEST_TEXT} characters."


class NotJSON(APIException):
    """415"""

    status_code = 415
    default_detail = 'Send the text as JSON: Content-Type: application/json and {"text": "…"}.'


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError
    return value


PARAMETERS = (
    Parameter(
        "text",
        _text,
        f"a text of 1 to {LONGEST_IN_ADDRESS} characters (a POST takes {LONGEST_TEXT})",
        "A post, a sentence, a headline: what somebody claims. Addresses in it do not count.",
        A_TEXT | {"maxLength": LONGEST_IN_ADDRESS},
        required=True,
    ),
    Parameter("language", language_tag, LANGUAGE, "The text's language. Without it, its letters tell.", A_LANGUAGE),
    Parameter(
        "limit",
        number(1, MOST),
        f"a whole number from 1 to {MOST}",
        f"How many claims at most: {DEFAULT_LIMIT} when left out.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    ),
)


class Match(PublicView):
    """`GET`, and `POST` of the same names as JSON. Public claims alone, by what is published of them."""

    http_method_names: Sequence[str] = ("get", "head", "options", "post")
    parameters = PARAMETERS
    # What a POST takes, for the API's description.
    posted: ClassVar[Shape] = {
        "type": "object",
        "properties": {
            **{each.name: each.schema for each in PARAMETERS},
            "text": A_TEXT | {"maxLength": LONGEST_TEXT},
        },
        "required": ["text"],
        "additionalProperties": False,
    }

    def state(self, **kwargs: Any) -> str:
        return public_state()

    def body(self, asked: Asked, **kwargs: Any) -> str:
        return as_json({"results": matches(asked)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Not for caches: they know answers by their address."""
        asked = read_posted(request)
        return HttpResponse(self.body(asked), content_type=JSON, headers={"Cache-Control": "no-store"})


def read_posted(request: HttpRequest) -> Asked:
    """The object sent, as strictly as a query. Raises BadParameters, TooLarge, NotJSON."""
    if request.content_type != JSON:
        raise NotJSON
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BODY:
        raise TooLarge
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadParameters({"text": ['Not JSON: send an object such as {"text": "…"}, in UTF-8.']}) from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise BadParameters({"text": ['Required: send an object such as {"text": "…"}.']})
    text = given["text"]
    if len(text) > LONGEST_TEXT:
        raise BadParameters({"text": [f"Too long: give at most {LONGEST_TEXT} characters."]})
    if not re.search(str(A_TEXT["pattern"]), text) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadParameters({"text": ["Not usable: give a text in Unicode, without control characters."]})
    others = QueryDict(mutable=True)
    for name, value in given.items():
        if name != "text":
            # JSON knows no whole numbers apart: 10.0 is one.
            value = int(value) if isinstance(value, float) and value.is_integer() else value
            plain = isinstance(value, str | int) and not isinstance(value, bool)
            others[name] = str(value)[:LONGEST_IN_ADDRESS] if plain else ""
    return {**read_parameters(others, PARAMETERS[1:]), "text": text}


def matches(asked: Asked) -> list[Shape]:
    """Raises SearchTooBroad."""
    text, language = asked["text"], asked.get("language", "")
    try:
        found = find(text, public=True, language=language, limit=asked.get("limit", DEFAULT_LIMIT))
    except SearchTakesTooLong:
        raise SearchTooBroad from None
    listed = VerdictDocument.objects.listed().filter(pk__in=[each.claim_id for each in found])
    bodies = dict(listed.values_list("pk", "body"))
    language = language or guess_language(text)
    results: list[Shape] = []
    for each in found:
        confidence = BOUNDS.word_for(each.score, len(each.words))
        if confidence is None or each.claim_id not in bodies:
            continue
        claim = claim_of(json.loads(bodies[each.claim_id]))
        other = other_number(text, language, claim["text"], claim["language"])
        results.append(
            {
                "score": round(each.score, 3),
                "confidence": confidence.value,
                "matched_on": list(each.words),
                "other_number": {"asked": other.asked, "claimed": other.claimed} if other else None,
                "verdict": claim.pop("verdict"),
                "claim": claim,
            }
        )
    return results
