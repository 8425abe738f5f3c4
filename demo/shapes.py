"""What the demo's content is written in: plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from claims.choices import ClaimantKind


@dataclass(frozen=True)
class Quantity:
    """A number as stated and as a range; `high` None: no upper bound."""

    as_stated: str
    low: str
    high: str | None
    unit: str

    def fields(self) -> dict[str, Any]:
        """The quantity columns of a claim or of evidence."""
        return {
            "quantity_as_stated": self.as_stated,
            "quantity_low": Decimal(self.low),
            "quantity_high": None if self.high is None else Decimal(self.high),
            "quantity_unit": self.unit,
        }


@dataclass(frozen=True)
class DemoSource:
    """A page by its address. One of the demo newsroom has a path instead of a full address."""

    url: str
    publisher: str

    @property
    def is_local(self) -> bool:
        return self.url.startswith("/")


@dataclass(frozen=True)
class Account:
    """An account and its followers on a day."""

    platform: str
    followers: int
    measured_on: date


@dataclass(frozen=True)
class DemoClaimant:
    name: str
    job_title: str = ""
    same_as: tuple[str, ...] = ()
    kind: str = ClaimantKind.PERSON
    accounts: tuple[Account, ...] = ()
    # Where the accounts' figures are from.
    source: DemoSource | None = None


@dataclass(frozen=True)
class DemoEvidence:
    """A quoted passage, word for word. `since_version` 2: it came with the correction."""

    source: DemoSource
    stance: str
    quote: str
    note: str
    quantity: Quantity | None = None
    since_version: int = 1


@dataclass(frozen=True)
class DemoTranslation:
    language: str
    claim_text: str
    headline: str
    summary: str
    explanation: str


@dataclass(frozen=True)
class DemoCorrection:
    """Version 2. `summary` and `explanation` replace those of version 1."""

    kind: str
    reason: str
    summary: str
    explanation: str


@dataclass(frozen=True)
class DemoVerdict:
    rating: str
    headline: str
    summary: str
    explanation: str
    correction: DemoCorrection | None = None
    translation: DemoTranslation | None = None


@dataclass(frozen=True)
class DemoClaim:
    """A claim with all that hangs on it; without a verdict it stays on the desk."""

    text: str
    claimant: DemoClaimant
    topics: tuple[str, ...]
    evidence: tuple[DemoEvidence, ...]
    verdict: DemoVerdict | None = None
    language: str = "en"
    made_on: date | None = None
    location: str = ""
    quantity: Quantity | None = None
    # Pages on which the claim itself stands, the first known one first.
    appearances: tuple[DemoSource, ...] = field(default=())
