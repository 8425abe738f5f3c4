"""What reading brings: reviews, tombstones, and what could not be taken, each with where it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims.choices import TakenFrom

__all__ = ["Found", "FoundReview", "Skipped", "TakenFrom", "Unusable", "Withdrawn", "shown"]

LONGEST_REPORT = 1000
# What steers a terminal, or what PostgreSQL or UTF-8 does not take.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Unusable(Exception):
    """The item cannot be taken; the text says why, for whoever made it. `url`: which page it is about, if known."""

    def __init__(self, reason: str, url: str = "") -> None:
        super().__init__(reason)
        self.url = url


@dataclass(frozen=True, kw_only=True)
class FoundReview:
    """One check of one claim, whole. Texts are plain and cut to what a row can hold; "" and None: it does not say."""

    where: str
    taken_from: TakenFrom
    url: str
    claim_text: str
    rating_label: str
    rating_value: str = ""
    rating_best: str = ""
    rating_worst: str = ""
    publisher_name: str
    # The address's host without “www.”.
    publisher_site: str
    headline: str = ""
    claimant: str = ""
    # "Person", "Organization" or ""; of several claimants, none.
    claimant_kind: str = ""
    claimant_same_as: tuple[str, ...] = ()
    made_on: date | None = None
    # Aware, in UTC.
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    appearances: tuple[str, ...] = ()
    first_appearance: str = ""
    # For our own verdicts: what the check says, and why it was corrected last.
    summary: str = ""
    body: str = ""
    correction: str = ""
    # The object as it arrived, for keeping.
    raw: dict[str, Any]
    # What was left out or is odd, in words: the item is taken nevertheless.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """A feed says that this page's reviews are gone; of one claim alone when `claim_text` is given."""

    where: str
    url: str
    at: datetime
    claim_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Not taken, and why. `url` is the review's address where it was legible.

    All three quote strangers, so they are fit to be printed and stored whatever they quote.
    """

    where: str
    reason: str
    url: str = ""

    def __post_init__(self) -> None:
        for name in ("where", "reason", "url"):
            object.__setattr__(self, name, shown(getattr(self, name)))


def shown(text: str) -> str:
    """The text with what cannot be shown replaced by U+FFFD, and cut to LONGEST_REPORT."""
    return _UNSHOWN.sub("\ufffd", text[:LONGEST_REPORT])


Found = FoundReview | Withdrawn | Skipped
