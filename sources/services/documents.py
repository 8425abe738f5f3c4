"""Fetch one document that a person asked for by its address: under the same rules as any visit, and nothing is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from sources.choices import Outcome
from sources.fetching import Fetched, FetchPolicy, Request, fetch_all, retry_after
from sources.urls import UnusableURL, host_of, origin_of, validate_url

from .robots import keep_rules, known_rules
from .turns import give_back_turns, leave_alone, take_turns

MIB = 1024 * 1024
# A whole feed may be larger than any page, and take longer.
MAX_RECEIVED = 64 * MIB
MAX_DECODED = 256 * MIB
TOTAL_TIME = 300.0
# How long a request waits for its host to be free, in seconds.
WAIT_FOR_HOST = 60.0
ASK_EVERY = 0.2

# What to do about it, by what went wrong.
ADVICE = {
    Outcome.ROBOTS_DISALLOWED: "Ask its publisher for the file, or save the page in a browser and import that file.",
    Outcome.POLICY_DENIED: "Only public web addresses are visited; CLAIMTRACK_FETCH_ALLOW names exceptions.",
    Outcome.RATE_LIMITED: "Try again later.",
    Outcome.DNS_NXDOMAIN: "Check the spelling of the address.",
}
ADVICE_BY_STATUS = {
    401: "It asks for a login: save it in a browser and import that file.",
    403: "The site turns programs away: save it in a browser and import that file.",
    404: "Check the address.",
    410: "It was removed on purpose.",
    429: "Try again later.",
}


class NotFetched(Exception):
    """It did not arrive; the text says why and what to do."""


@dataclass(frozen=True)
class Document:
    """What arrived. `url`: where it was found after redirects."""

    url: str
    content: bytes
    content_type: str
    sha256: str


def fetch_document(url: str, *, at: datetime | None = None) -> Document:
    """The document at this address, whole. Raises NotFetched. robots.txt and the host's pauses are kept."""
    at = at or timezone.now()
    try:
        request = Request(0, validate_url(url.strip()))
    except UnusableURL as error:
        raise NotFetched(str(error)) from error
    host = host_of(request.url)
    _wait_for(host)
    try:
        fetched = _fetch(request, at)
    finally:
        give_back_turns([host], settings.RECHECK_HOST_DELAY)
    leave_alone(
        {refusal.host: retry_after(refusal.retry_after, at) for refusal in fetched.refusals},
        settings.RECHECK_HOST_DELAY,
    )
    return _whole(fetched)


def _wait_for(host: str) -> None:
    until = time.monotonic() + WAIT_FOR_HOST
    while not take_turns([host]):
        if time.monotonic() >= until:
            raise NotFetched(f"{host} is being visited, or asked to be left alone for a while. Try again later.")
        time.sleep(ASK_EVERY)


def _fetch(request: Request, at: datetime) -> Fetched:
    policy = replace(
        FetchPolicy.from_settings(), max_received=MAX_RECEIVED, max_decoded=MAX_DECODED, total_time=TOTAL_TIME
    )
    robots = known_rules([origin_of(request.url)])
    before = dict(robots)
    answers = fetch_all([request], policy, robots, at, digest=lambda _, fetched: fetched)
    keep_rules(rules for origin, rules in robots.items() if before.get(origin) is not rules)
    return answers.get(request.key) or Fetched(request.url, failure=Outcome.INTERNAL_ERROR, error="the visit broke off")


def _whole(fetched: Fetched) -> Document:
    if fetched.failure is not None:
        raise NotFetched(f"{fetched.error}. {ADVICE.get(fetched.failure, 'Try again later.')}")
    status = fetched.status or 0
    if not 200 <= status < 300:
        raise NotFetched(f"the site answers {status}. {ADVICE_BY_STATUS.get(status, 'Try again later.')}")
    if fetched.truncated:
        raise NotFetched(
            f"it is larger than {MAX_RECEIVED // MIB} MiB (or {MAX_DECODED // MIB} MiB unpacked). "
            "Download it and import the file, which may have any size."
        )
    return Document(fetched.final_url, fetched.content, fetched.headers.get("content-type", ""), fetched.raw_sha256)
