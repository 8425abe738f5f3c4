"""What the desk knows of an address already: where it is cited, whose account it is of, how many followed it then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from claims.intake.platforms import account_of, beginnings_of
from claims.models import AudienceFigure, Claim, Claimant, ClaimantAccount, ClaimantWords
from claims.rendering.search_words import words_of
from sources.models import Source
from sources.services.registering import known_source
from sources.urls import UnusableURL, normalise_url

MOST = 10
# Words of a name that are looked for, and claimants that are found by them.
MOST_WORDS, MOST_FOUND = 8, 1000
# Days between an appearance and a figure that may still be said to be of that time.
NEAR = 90


@dataclass(frozen=True)
class Uses:
    """The claims that have the page as an appearance, and those that have it as evidence; ten of each at most."""

    source: Source | None = None
    appears_in: list[Claim] = field(default_factory=list)
    evidence_of: list[Claim] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.appears_in or self.evidence_of)


def uses_of(url: str, *, besides: int | None = None) -> Uses:
    """Under whatever spelling it was cited, and under former addresses. Nothing for what is no address.

    `besides`: primary key of a claim that is left out, the one that is being edited.
    """
    try:
        source = known_source(normalise_url(url))
    except UnusableURL:
        return Uses()
    if source is None:
        return Uses()
    others = Claim.objects.exclude(pk=besides) if besides else Claim.objects.all()
    return Uses(
        source,
        list(others.filter(appearances__source=source).distinct().order_by("-pk")[:MOST]),
        list(others.filter(evidence__source=source, evidence__dropped_at=None).distinct().order_by("-pk")[:MOST]),
    )


def accounts_of(url: str) -> list[ClaimantAccount]:
    """The accounts an address belongs to, by the address on record or by platform and handle; the nearest first."""
    beginnings = beginnings_of(url)
    if not beginnings:
        return []
    known = Q(address__in=beginnings)
    if account := account_of(url):
        known |= Q(name=account.handle.lower(), on__in=account.names)
    rows = ClaimantAccount.objects.alias(address=Lower("url"), name=Lower("handle"), on=Lower("platform")).filter(known)
    found = list(rows.select_related("claimant").order_by("pk")[:MOST])
    return sorted(found, key=lambda row: -len(row.url))


def claimants_found(term: str) -> list[int]:
    """Primary keys of those a person may mean: by the beginnings of their names', aliases' and accounts' words, or by
    the address of an account or of anything posted from it. No more than a person would read through.
    """
    if "://" in term or term.startswith("www."):
        return [account.claimant_id for account in accounts_of(term if "://" in term else f"https://{term}")]
    rows = ClaimantWords.objects.beginning(words_of(term[:200])[:MOST_WORDS])
    return list(rows.values_list("pk", flat=True)[:MOST_FOUND])


def claimants_called(names: Iterable[str]) -> list[Claimant]:
    """Whose name or alias is one of these, however spelled; in the order of the names."""
    found: dict[int, Claimant] = {}
    for name in list(names)[:MOST]:
        words = words_of(name[:200])
        holding = ClaimantWords.objects.beginning(words[:MOST_WORDS]).values("claimant_id")[:200]
        for row in Claimant.objects.filter(pk__in=holding).order_by("pk") if words else ():
            if any(words_of(one) == words for one in (row.name, *row.aliases)):
                found.setdefault(row.pk, row)
    return list(found.values())[:MOST]


def claimants_of(addresses: Iterable[str], names: Iterable[str]) -> list[Claimant]:
    """Who may have said what stands at these addresses under these names: accounts first, then names."""
    by_account = [account.claimant for address in list(addresses)[:MOST] for account in accounts_of(address)]
    by_page = list(Claimant.objects.filter(same_as__overlap=list(addresses)[:MOST])[:MOST]) if addresses else []
    return list({row.pk: row for row in (*by_account, *by_page, *claimants_called(names))}.values())[:MOST]


def audience_at(url: str, on: date | None) -> AudienceFigure | None:
    """How many followed the account this address is of, on the day nearest to `on`; None where nobody noted it then."""
    accounts = accounts_of(url) if on else []
    figures = AudienceFigure.objects.filter(account__in=accounts).select_related("account") if accounts else []
    near = [row for row in figures if on and abs((row.measured_on - on).days) <= NEAR]
    return min(near, key=lambda row: abs((row.measured_on - on).days) if on else 0, default=None)
