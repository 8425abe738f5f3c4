"""The one outcome of a visit, read from what arrived. Pure; reads like the specification in docs/sources.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .choices import Outcome
from .urls import is_root

# What a status means when it is not 2xx. Others: by their hundred.
BY_STATUS: dict[int, Outcome] = {
    304: Outcome.NOT_MODIFIED,
    401: Outcome.AUTH_REQUIRED,
    402: Outcome.AUTH_REQUIRED,
    403: Outcome.BLOCKED,
    404: Outcome.NOT_FOUND,
    406: Outcome.BLOCKED,
    407: Outcome.AUTH_REQUIRED,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
    451: Outcome.BLOCKED,
    # LinkedIn's own number for "no robots".
    999: Outcome.BLOCKED,
}
BY_HUNDRED: dict[int, Outcome] = {3: Outcome.BAD_CONTENT, 4: Outcome.CLIENT_ERROR, 5: Outcome.SERVER_ERROR}

# With these the page is there as we know it or as it has become; everything else is trouble of some kind.
FINE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECT_TEMPORARY, Outcome.REDIRECT_PERMANENT})

# Titles of the pages that bot protections show instead of the page.
CHALLENGE_TITLES = re.compile(
    r"\A(?:just a moment\.{0,3}|attention required!.*|ddos-guard|checking your browser.*|one moment, please\.{0,3}"
    r"|please wait\.{0,3}|security check(?: required)?|access to this page has been denied\.?"
    r"|are you a robot\??|robot check|pardon our interruption\.{0,3}|один момент\.{0,3})\Z",
    re.IGNORECASE,
)
# A challenge page says little besides; a long page that mentions one is an article about it.
CHALLENGE_AT_MOST = 1500
# Titles and headings with which a server says "not found" under a 200.
MISSING_TITLES = re.compile(
    r"(?:\A|\W)(?:404|page (?:was )?not found|not found|page (?:does not|doesn.t) exist|no longer (?:available|exists)"
    r"|страница не найдена|не найдено|страница не существует|бет табылмады|табылмады)(?:\W|\Z)",
    re.IGNORECASE,
)
MISSING_AT_MOST = 1500
MISSING_IN_URL = re.compile(r"/(?:404|not-?found|page-?not-?found|error-?404)(?:[./?]|\Z)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What arrived, as far as its meaning depends on it. `text` None: the media type is not one we read."""

    url: str
    final_url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    redirects: tuple[int, ...] = ()
    truncated: bool = False
    title: str = ""
    text: str | None = ""


def outcome_of(answer: Answer) -> tuple[Outcome, str]:
    """The outcome and, where it is not plain from the status, why."""
    if is_challenge(answer):
        return Outcome.BLOCKED, "the site shows a robot check instead of the page"
    if not 200 <= answer.status < 300:
        outcome = BY_STATUS.get(answer.status) or BY_HUNDRED.get(answer.status // 100, Outcome.BAD_CONTENT)
        return outcome, "" if outcome is Outcome.NOT_MODIFIED else f"the server answered {answer.status}"
    if answer.redirects and is_root(answer.final_url) and not is_root(answer.url):
        return Outcome.REDIRECT_TO_ROOT, "the address now leads to the home page"
    if why := _looks_missing(answer):
        return Outcome.SOFT404_SUSPECT, why
    if answer.text is not None and not answer.text.strip():
        return Outcome.EMPTY_TEXT, "the page holds no text"
    if answer.truncated:
        return Outcome.TOO_LARGE, "the page is larger than we keep; its beginning was captured"
    if not answer.redirects:
        return Outcome.OK, ""
    permanent = all(status in (301, 308) for status in answer.redirects)
    return (Outcome.REDIRECT_PERMANENT if permanent else Outcome.REDIRECT_TEMPORARY), ""


def is_challenge(answer: Answer) -> bool:
    """A robot check stands in for the page: never kept as a version."""
    if "challenge" in answer.headers.get("cf-mitigated", "").lower():
        return True
    short = len(answer.text or "") <= CHALLENGE_AT_MOST
    return short and bool(CHALLENGE_TITLES.match(answer.title.strip()))


def _looks_missing(answer: Answer) -> str:
    """Why a page delivered with 200 is probably a "not found" page; "" if it is not."""
    if answer.redirects and MISSING_IN_URL.search(answer.final_url) and not MISSING_IN_URL.search(answer.url):
        return "the address now leads to a “not found” page"
    text = (answer.text or "").strip()
    heading = text.partition("\n")[0][:200]
    if len(text) <= MISSING_AT_MOST and (MISSING_TITLES.search(answer.title) or MISSING_TITLES.search(heading)):
        return "the page reads like a “not found” page"
    return ""
