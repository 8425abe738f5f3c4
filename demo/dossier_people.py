"""The dossier's sources and the people it names, as the sources name them.

Where a source gives only the month, June 2019, and the database needs a day, the day of the election stands for it.
"""

from __future__ import annotations

from datetime import date

from claims.choices import ClaimantKind
from demo.shapes import Account, DemoClaimant, DemoSource

ELECTION_DAY = date(2019, 6, 9)

DIGEST = DemoSource("https://intpolicydigest.org/kazakhstan-s-social-media-election/", "International Policy Digest")
ODIHR = DemoSource("https://odihr.osce.org/node/434465", "OSCE/ODIHR")
KAZTAG = DemoSource(
    "https://kaztag.kz/en/news/potential-for-political-reforms-was-not-used-in-kazakhstan-at-presidential-election-osce",
    "KazTAG",
)
EUROPE_DIPLOMATIC = DemoSource(
    "https://europediplomatic.com/2019/06/10/kazakhstan-elections-tarnished-by-violations/", "Europe Diplomatic"
)
PRELIMINARY_STATEMENT = DemoSource(
    "https://docslib.org/doc/1430964/"
    "international-election-observation-mission-republic-of-kazakhstan-early-presidential-election-9-june-2019",
    "docslib.org (copy of the OSCE preliminary statement)",
)
SOURCES = (DIGEST, ODIHR, KAZTAG, EUROPE_DIPLOMATIC, PRELIMINARY_STATEMENT)

ABLYAZOV = DemoClaimant("Mukhtar Ablyazov")
POLICY_DIGEST = DemoClaimant(
    "International Policy Digest", same_as=("https://intpolicydigest.org/",), kind=ClaimantKind.ORGANIZATION
)
CANDIDATES = (
    DemoClaimant(
        "Tokayev",
        accounts=(Account("instagram", 376_000, ELECTION_DAY), Account("twitter", 124_000, ELECTION_DAY)),
        source=DIGEST,
    ),
    DemoClaimant("Amirzhan Kosanov", accounts=(Account("facebook", 26_117, ELECTION_DAY),), source=DIGEST),
    DemoClaimant("Toleutai Rakhimbekov", accounts=(Account("facebook", 4_996, ELECTION_DAY),), source=DIGEST),
    DemoClaimant("Zhambyl Akhmetbekov", accounts=(Account("facebook", 1_751, ELECTION_DAY),), source=DIGEST),
)
CLAIMANTS = (ABLYAZOV, POLICY_DIGEST, *CANDIDATES)
