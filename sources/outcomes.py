"""The one outcome of a visit, read from what arrived. Pure; reads like the specification in docs/sources.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz.distance import LCSseq

from .choices import Outcome
from .urls import UnusableURL, is_root, resolve_redirect

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
# A page is its site's "not found" page if no more of its words differ: a tenth, or these few in a short one.
MAY_DIFFER_SHARE = 0.1
MAY_DIFFER = 2
COMPARED_WORDS = 1000
# A text that lost more than half makes us ask what the site shows for addresses that cannot exist.
SHRANK_BELOW = 0.5
MISSING_IN_URL = re.compile(r"/(?:404|not-?found|page-?not-?found|error-?404)(?:[./?]|\Z)", re.IGNORECASE)

# A page that sends its readers on by itself holds nothing to read; one with more text than this is a page of its own.
LEADS_ON_AT_MOST = 1500
# What pages say that move their readers on by a script; such a page says nothing else.
LEADING_ON = re.compile(
    r"\b(?:redirected|redirecting|page has moved|перенаправ\w+|переадресац\w+|қайта бағытта\w+)\b", re.IGNORECASE
)
LEADING_ON_AT_MOST = 200
# What pages say that show nothing to a reader without scripts; ours runs none.
NEEDS_SCRIPTS = re.compile(
    r"\b(?:enable|activate|requires?|allow|turn on|without)\s+(?:cookies and\s+)?javascript\b"
    r"|\bjavascript\s+(?:is|must be|to be)\s+(?:\w+\s+)?(?:disabled|enabled|required|blocked)\b"
    r"|включит[еь]\s+javascript|javascript\s+(?:отключ[её]н|выключен)",
    re.IGNORECASE,
)
NEEDS_SCRIPTS_AT_MOST = 300


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
    # Where the page sends its readers on by itself (meta refresh), as written in it.
    leads_to: str = ""
    # What reading it had to say.
    note: str = ""
    # What the site shows for an address that cannot exist, where that is to be compared with; "" otherwise.
    missing_text: str = ""


def outcome_of(answer: Answer) -> tuple[Outcome, str]:
    """The outcome and, where it is not plain from the status, why."""
    if is_challenge(answer):
        return Outcome.BLOCKED, "the site shows a robot check instead of the page"
    if not 200 <= answer.status < 300:
        outcome = BY_STATUS.get(answer.status) or BY_HUNDRED.get(answer.status // 100, Outcome.BAD_CONTENT)
        return outcome, "" if outcome is Outcome.NOT_MODIFIED else f"the server answered {answer.status}"
    if answer.redirects and is_root(answer.final_url) and not is_root(answer.url):
        return Outcome.REDIRECT_TO_ROOT, "the address now leads to the home page"
    if stub := _stands_in(answer):
        return stub
    if why := _looks_missing(answer):
        return Outcome.SOFT404_SUSPECT, why
    if answer.text is not None and not answer.text.strip():
        return Outcome.EMPTY_TEXT, "the page holds no text"
    if answer.truncated:
        return Outcome.TOO_LARGE, "the page is larger than we keep; its beginning was captured"
    if not answer.redirects:
        return Outcome.OK, answer.note
    permanent = all(status in (301, 308) for status in answer.redirects)
    return (Outcome.REDIRECT_PERMANENT if permanent else Outcome.REDIRECT_TEMPORARY), answer.note


def is_challenge(answer: Answer) -> bool:
    """A robot check stands in for the page: never kept as a version."""
    if "challenge" in answer.headers.get("cf-mitigated", "").lower():
        return True
    short = len(answer.text or "") <= CHALLENGE_AT_MOST
    return short and bool(CHALLENGE_TITLES.match(answer.title.strip()))


def onward(answer: Answer) -> str:
    """Where a page that only leads on by itself sends its readers, to be followed as a redirect; "" if it is not to be.

    Browsers show readers what is there, so the page there is the page we cite. Not followed: robot checks and "not
    found" pages that lead on; to no usable address, to the page itself (a waiting room), to the home page, or on from
    a home page that the address led to.
    """
    if not _only_leads_on(answer) or is_challenge(answer) or _looks_missing(answer):
        return ""
    target = _target(answer)
    to_root = is_root(target) and not is_root(answer.final_url)
    from_root = is_root(answer.final_url) and not is_root(answer.url)
    return "" if not target or target == answer.final_url or to_root or from_root else target


def _only_leads_on(answer: Answer) -> bool:
    return bool(answer.leads_to) and len((answer.text or "").strip()) <= LEADS_ON_AT_MOST


def _target(answer: Answer) -> str:
    """Where the page leads as an absolute address; "" if there is no such address."""
    try:
        return resolve_redirect(answer.final_url, answer.leads_to)
    except UnusableURL:
        return ""


def _stands_in(answer: Answer) -> tuple[Outcome, str] | None:
    """What a page is that stands in for the page, delivered with 200: never kept as a version, nor judged.

    - It leads on by itself, with little to read, and was not followed (see `onward`): not the page we cite. To the
      home page is the same as a redirect there; anywhere else it is labelled as a page that is probably missing, and
      says where it leads. Back to itself it is a check or a waiting room.
    - It says that a script will lead on, and nothing else.
    - It says that it needs scripts, and nothing else: readers see the page, we do not.
    """
    text = (answer.text or "").strip()
    if _only_leads_on(answer):
        target = _target(answer) or answer.leads_to
        if target == answer.final_url:
            return Outcome.BLOCKED, "the site shows a waiting page instead of the page"
        if is_root(target) and not is_root(answer.final_url):
            return Outcome.REDIRECT_TO_ROOT, "the page only leads on to the home page"
        return Outcome.SOFT404_SUSPECT, f"the page only leads on to {target[:300]}"
    if 0 < len(text) <= LEADING_ON_AT_MOST and LEADING_ON.search(text):
        return Outcome.SOFT404_SUSPECT, "the page only says that it leads on to another"
    if 0 < len(text) <= NEEDS_SCRIPTS_AT_MOST and NEEDS_SCRIPTS.search(text):
        return Outcome.BLOCKED, "the site shows nothing to readers without scripts, and our robot runs none"
    return None


def _looks_missing(answer: Answer) -> str:
    """Why a page delivered with 200 is probably a "not found" page; "" if it is not."""
    if answer.redirects and MISSING_IN_URL.search(answer.final_url) and not MISSING_IN_URL.search(answer.url):
        return "the address now leads to a “not found” page"
    text = (answer.text or "").strip()
    heading = text.partition("\n")[0][:200]
    if len(text) <= MISSING_AT_MOST and (MISSING_TITLES.search(answer.title) or MISSING_TITLES.search(heading)):
        return "the page reads like a “not found” page"
    if answer.missing_text and is_like(text, answer.missing_text):
        return "the page is what the site shows for addresses that do not exist"
    return ""


def is_like(text: str, missing_text: str) -> bool:
    """Whether a page is the one its site shows for addresses that cannot exist (Bar-Yossef et al., 2004).

    Both may name the address asked for, so they are never quite the same.
    """
    mine, theirs = (tokens[:COMPARED_WORDS] for tokens in (text.casefold().split(), missing_text.casefold().split()))
    most = max(len(mine), len(theirs))
    different = LCSseq.distance(mine, theirs)
    return 2 * different < most and different <= max(MAY_DIFFER, MAY_DIFFER_SHARE * most)


def shrank(before: int, after: int) -> bool:
    """Whether a text (lengths in characters) lost so much that the page may have become a “not found” page."""
    return after < before * SHRANK_BELOW
