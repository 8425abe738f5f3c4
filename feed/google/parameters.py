"""What a search may be asked, in Google's spelling and meaning. Each parameter is declared once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import QueryDict

from claims.languages import KNOWN_LANGUAGE
from feed.google.errors import InvalidArgument
from feed.google.masks import read_mask
from feed.google.shapes import site_of
from feed.google.tokens import LARGEST, ForAnotherSearch, read_token
from feed.serving.parameters import Asked, Parameter
from sources.urls import validate_url

DEFAULT_PAGE_SIZE = 10
# Asked for more, we give so many, as Google's APIs do (AIP-158).
MOST_ON_A_PAGE = 100
LONGEST_QUERY = 10_000
# Of a query so many words count. A long query is a text somebody copied, and its beginning says what it is about.
MOST_WORDS = 32

# Clients write en_US as well.
A_LANGUAGE = rf"({KNOWN_LANGUAGE})([-_][A-Za-z0-9]{{1,8}})*"
A_FLAG = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[01]"


def _whole(value: str) -> int:
    """An int32 that is not negative."""
    if not re.fullmatch(r"\d{1,10}", value, re.ASCII) or int(value) > LARGEST:
        raise ValueError
    return int(value)


def _site(value: str) -> str:
    """Its host as addresses spell it: no protocol, path or “www.”, in ASCII. Raises UnusableURL, a ValueError."""
    return site_of(validate_url("https://" + re.sub("^https?://", "", value.strip(), flags=re.IGNORECASE)))


def _language(value: str) -> str:
    match = re.fullmatch(A_LANGUAGE, value)
    if match is None:
        raise ValueError
    return match[1].lower()


def _query(value: str) -> str:
    # U+FFFD is what bytes that are not UTF-8 have become.
    if len(value) > LONGEST_QUERY or "\x00" in value or "\ufffd" in value:
        raise ValueError
    return value


def _flag(value: str) -> bool:
    if not re.fullmatch(A_FLAG, value):
        raise ValueError
    return value.lower() in {"true", "1"}


def _only(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError
        return value

    return parse


_INT32: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": LARGEST}
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER = f"a whole number from 0 to {LARGEST}"

QUERY = Parameter(
    "query",
    _query,
    f"words to look for in UTF-8, at most {LONGEST_QUERY} characters and no NUL",
    "What to look for: reviews that hold every one of its words. Required unless reviewPublisherSiteFilter is given.",
    {"type": "string", "maxLength": LONGEST_QUERY},
)
LANGUAGE = Parameter(
    "languageCode",
    _language,
    "a BCP 47 language tag that begins with a code of ISO 639, such as en-US or kk",
    "Only reviews in this language. The region does not matter: en-US is en.",
    _TEXT,
)
SITE = Parameter(
    "reviewPublisherSiteFilter",
    _site,
    "a site such as nytimes.com",
    "Only reviews by this publisher, such as nytimes.com. With it, query may be left out.",
    _TEXT,
)
AGE = Parameter(
    "maxAgeDays",
    _whole,
    _NUMBER,
    "Only reviews that are at most so many days old, by the date of the claim or of the review, whichever is newer.",
    _INT32,
)
SIZE = Parameter(
    "pageSize",
    _whole,
    _NUMBER,
    f"At most so many claims; {DEFAULT_PAGE_SIZE} without it or with 0, {MOST_ON_A_PAGE} at most.",
    _INT32 | {"default": DEFAULT_PAGE_SIZE},
)
TOKEN = Parameter(
    "pageToken",
    str,
    "the nextPageToken of an answer, exactly as it stands there",
    "The nextPageToken of the answer before. All other fields must be as in that request.",
    _TEXT,
)
OFFSET = Parameter(
    "offset",
    _whole,
    _NUMBER,
    "Where to begin: 10 is the eleventh claim. Means nothing beside pageToken.",
    _INT32,
)
FIELDS = Parameter(
    "fields",
    read_mask,
    "what to answer, such as claims(text,claimReview/url),nextPageToken",
    "Only these fields of the answer.",
    _TEXT,
)
PRETTY = Parameter(
    "prettyPrint",
    _flag,
    "true or false",
    "Indented, for people; true without it.",
    {"type": "boolean", "default": True},
)
ALT = Parameter("alt", _only("json"), "json: there is no other form", "json.", {"type": "string", "enum": ["json"]})
KEY = Parameter("key", str, "a key", "Whatever it is; a key of ours raises the limits.", _TEXT)
VERSION = Parameter("$.xgafv", _only("1", "2"), "1 or 2", "Format of errors; both mean the same here.", _TEXT)

SEARCH = (QUERY, LANGUAGE, SITE, AGE, SIZE, TOKEN, OFFSET)
PARAMETERS = (*SEARCH, FIELDS, PRETTY, ALT, KEY)
# Sent by Google's clients beside every request; they open and change nothing here.
IGNORED = {"access_token", "oauth_token", "quotaUser", "uploadType", "upload_protocol"}
KNOWN = {each.name: each for each in (*PARAMETERS, VERSION)}
# Google takes the names of its protocol buffers as well: language_code, page_size.
SPELLINGS = {re.sub("([A-Z])", r"_\1", each.name).lower(): each.name for each in SEARCH}

NO_CALLBACK = (
    "JSONP is not answered, because it runs what it fetches as a script. Ask without it: any site may read this "
    "address (CORS)."
)
NOTHING_TO_LOOK_FOR = f"Required unless {SITE.name} is specified: give words to look for, or a publisher's site."
OTHER_SEARCH = "It was given out for another search: all other fields must be as in that request."


def read_search(given: QueryDict) -> Asked:
    """The parsed value of every parameter, by Google's name, and `start`, the place of the first claim to answer.

    Raises InvalidArgument naming every parameter that cannot be used.
    """
    asked: Asked = {}
    violations: dict[str, str] = {}
    for spelled, values in given.lists():
        name = SPELLINGS.get(spelled, spelled)
        if name in IGNORED:
            continue
        if name == "callback":
            violations[name] = NO_CALLBACK
        elif name not in KNOWN:
            violations[name] = f"Unknown name: cannot bind query parameter. Known are {', '.join(KNOWN)}."
        elif len(values) > 1 or name in asked:
            violations[name] = "Given more than once: give it once."
        elif values[0] or not _may_be_empty(KNOWN[name]):
            try:
                asked[name] = KNOWN[name].parse(values[0])
            except ValueError as error:
                because = f"{error} " if name == FIELDS.name else ""
                violations[name] = f"Invalid value. {because}Give {KNOWN[name].allowed}, or leave it out."
    if not violations and not asked.get(QUERY.name, "").strip() and SITE.name not in asked:
        violations[QUERY.name] = NOTHING_TO_LOOK_FOR
    if violations:
        raise InvalidArgument(violations)
    asked["start"] = _start(asked)
    return asked


def _may_be_empty(parameter: Parameter) -> bool:
    """An empty text is none, as in protocol buffers; an empty number or choice is a mistake."""
    return parameter.schema["type"] == "string" and "enum" not in parameter.schema


def _start(asked: Asked) -> int:
    """Raises InvalidArgument. An empty token is none: clients send back what they were given."""
    if not asked.get(TOKEN.name):
        offset: int = asked.get(OFFSET.name, 0)
        return offset
    try:
        return read_token(asked[TOKEN.name], searched(asked))
    except ForAnotherSearch:
        raise InvalidArgument({TOKEN.name: OTHER_SEARCH}) from None
    except ValueError:
        raise InvalidArgument({TOKEN.name: f"Invalid value. Give {TOKEN.allowed}, or leave it out."}) from None


def searched(asked: Asked) -> str:
    """What the list is of, whatever page of it: the fields that must stay as they are from page to page."""
    return json.dumps([asked.get(each.name) for each in (QUERY, LANGUAGE, SITE, AGE, SIZE)], ensure_ascii=False)


def page_size(asked: Asked) -> int:
    return min(asked.get(SIZE.name) or DEFAULT_PAGE_SIZE, MOST_ON_A_PAGE)


def oldest(asked: Asked, now: datetime) -> datetime | None:
    """Since when a claim or its review must be; a whole day, so that an answer stays the same until midnight (UTC)."""
    days = asked.get(AGE.name) or 0
    if not days:
        return None
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return midnight - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
