"""Six claims about Kazakhstan's early presidential election of 9 June 2019: a demonstration from five public pages.

The quotes stand word for word on those pages; the rest is written here and says nothing the pages do not.
Newest last: the flagship is published at the end, so that it comes first on the site.
"""

from __future__ import annotations

from claims.choices import CorrectionKind, Stance
from demo.dossier_people import (
    ABLYAZOV,
    DIGEST,
    ELECTION_DAY,
    EUROPE_DIPLOMATIC,
    KAZTAG,
    ODIHR,
    POLICY_DIGEST,
    PRELIMINARY_STATEMENT,
)
from demo.dossier_translations import SQUARE_IN_RUSSIAN, VOTES_IN_KAZAKH
from demo.shapes import DemoClaim, DemoCorrection, DemoEvidence, DemoVerdict, Quantity

LABEL = (
    "\n\n*This check is part of a demonstration built from a handful of public pages. It shows how the software "
    "works and is not a newsroom's finding.*"
)
TOPICS = ("Elections", "Kazakhstan")
ONLINE = (*TOPICS, "Social media")

INDEX = DemoClaim(
    text="Kazakhstan ranked 46th of 86 countries in the 2018 Inclusive Internet Index",
    claimant=POLICY_DIGEST,
    location="Kazakhstan",
    topics=("Kazakhstan", "Social media"),
    quantity=Quantity("46th of 86 countries", "46", "46", "place of 86"),
    appearances=(DIGEST,),
    evidence=(
        DemoEvidence(
            DIGEST,
            Stance.CONTEXT,
            "ranked Kazakhstan 46th out of 86 countries",
            "The claim as it stands. The index itself has still to be looked up.",
        ),
    ),
)

YOUTUBE = DemoClaim(
    text="YouTube is viewed 12 million times a day in Kazakhstan",
    claimant=POLICY_DIGEST,
    location="Kazakhstan",
    topics=("Kazakhstan", "Social media"),
    quantity=Quantity("12 million times a day", "12000000", "12000000", "views a day"),
    appearances=(DIGEST,),
    evidence=(
        DemoEvidence(
            DIGEST,
            Stance.CONTEXT,
            "YouTube is viewed 12 million times a day",
            "The claim's own page. We found nothing independent of it.",
            Quantity("12 million times a day", "12000000", "12000000", "views a day"),
        ),
    ),
    verdict=DemoVerdict(
        rating="unproven",
        headline="Nothing in this dossier confirms or contradicts the YouTube figure",
        summary=(
            "International Policy Digest gives the figure of 12 million views a day. None of the other pages in this "
            "dossier mentions one, so we can say neither that it is right nor that it is wrong."
        ),
        explanation=(
            "The figure stands in [International Policy Digest](" + DIGEST.url + "). A claim cannot vouch for itself: "
            "to rate it we would need a count from somebody else, and we have none. *Unproven* says what we do not "
            "know; it is not a mild form of *false*." + LABEL
        ),
    ),
)

VOTES = DemoClaim(
    text="Tokayev won with 70.96 % of the votes",
    claimant=POLICY_DIGEST,
    location="Kazakhstan",
    topics=TOPICS,
    quantity=Quantity("70.96 %", "70.96", "70.96", "%"),
    appearances=(DIGEST,),
    evidence=(
        DemoEvidence(
            EUROPE_DIPLOMATIC,
            Stance.SUPPORTS,
            "with 70% of the vote",
            "A second publication gives the same result without its decimals; we read it as 70 to 71 %.",
            Quantity("70% of the vote", "70", "71", "%"),
        ),
        DemoEvidence(
            DIGEST,
            Stance.CONTEXT,
            "winning 70.96% of the votes cast",
            "The claim as it stands on its own page.",
            Quantity("70.96%", "70.96", "70.96", "%"),
        ),
    ),
    verdict=DemoVerdict(
        rating="true",
        headline="The result given is the result that was reported",
        summary=(
            "International Policy Digest writes that Tokayev won with 70.96 % of the votes. Europe Diplomatic gives "
            "his result as 70 %, rounded. The two agree, and nothing in this dossier gives another figure."
        ),
        explanation=(
            "[International Policy Digest](" + DIGEST.url + ") lists these results:\n\n"
            "| Candidate | Share of the votes |\n|---|---|\n| Tokayev | 70.96 % |\n| Amirzhan Kosanov | 16.23 % |\n"
            "| Toleutai Rakhimbekov | 3.04 % |\n| Zhambyl Akhmetbekov | 1.82 % |\n\n"
            "[Europe Diplomatic](" + EUROPE_DIPLOMATIC.url + ") reports the winner's share “with 70% of the vote”. "
            "The rating is about this figure alone. How the vote was conducted is the subject of another claim in "
            "this dossier." + LABEL
        ),
        translation=VOTES_IN_KAZAKH,
    ),
)

INTERFERENCE = DemoClaim(
    text="The election was “by and large carried out without interference” from the government",
    claimant=POLICY_DIGEST,
    location="Kazakhstan",
    topics=TOPICS,
    appearances=(DIGEST,),
    evidence=(
        DemoEvidence(
            ODIHR,
            Stance.REFUTES,
            "tarnished by violations of fundamental freedoms",
            "The observers' own notice of their final report, 4 October 2019.",
        ),
        DemoEvidence(
            ODIHR,
            Stance.REFUTES,
            "cases of ballot box stuffing",
            "From the same notice.",
        ),
        DemoEvidence(
            PRELIMINARY_STATEMENT,
            Stance.REFUTES,
            "an honest count could not be guaranteed",
            "From the observers' preliminary statement, read in a copy.",
        ),
        DemoEvidence(
            EUROPE_DIPLOMATIC,
            Stance.REFUTES,
            "negatively assessed in more than half of observations",
            "A press report of the day after the election.",
            since_version=2,
        ),
    ),
    verdict=DemoVerdict(
        rating="mostly-false",
        headline="International observers described an election with serious violations",
        summary=(
            "The OSCE's observers wrote of violations of fundamental freedoms, of significant irregularities on "
            "election day and of ballot box stuffing. That does not fit an election largely without interference."
        ),
        explanation=(
            "The [notice of the final report](" + ODIHR.url + ") says that “significant irregularities were observed "
            "on election day”. The preliminary statement, of which we read a "
            "[copy](" + PRELIMINARY_STATEMENT.url + "), says that an honest count could not be guaranteed." + LABEL
        ),
        correction=DemoCorrection(
            kind=CorrectionKind.SUBSTANTIVE,
            reason=(
                "This correction is part of the demonstration, so that the history and the list of corrections are "
                "not empty. The first version left out Europe Diplomatic's report of 10 June 2019; it is quoted now. "
                "The rating has not changed."
            ),
            summary=(
                "The OSCE's observers wrote of violations of fundamental freedoms, of significant irregularities on "
                "election day and of ballot box stuffing, and a press report of the following day bears them out. "
                "That does not fit an election largely without interference."
            ),
            explanation=(
                "The [notice of the final report](" + ODIHR.url + ") says that “significant irregularities were "
                "observed on election day”. The preliminary statement, of which we read a "
                "[copy](" + PRELIMINARY_STATEMENT.url + "), says that an honest count could not be guaranteed.\n\n"
                "[Europe Diplomatic](" + EUROPE_DIPLOMATIC.url + "), on the day after the election, adds what was "
                "“negatively assessed in more than half of observations”. We rate the claim mostly false, "
                "not false, because “by and large” leaves room for parts that went undisturbed." + LABEL
            ),
        ),
    ),
)

FREE_AIRING = DemoClaim(
    text="In Kazakhstan there was “a free airing of views on all sides” online during the election",
    claimant=POLICY_DIGEST,
    location="Kazakhstan",
    topics=ONLINE,
    appearances=(DIGEST,),
    evidence=(
        DemoEvidence(
            KAZTAG,
            Stance.REFUTES,
            "significantly reducing the speed of access to social networks",
            "KazTAG's report on the observers' findings, two days after the election.",
        ),
        DemoEvidence(
            ODIHR,
            Stance.CONTEXT,
            "tarnished by violations of fundamental freedoms",
            "How the observers' final report sums the election up.",
        ),
    ),
    verdict=DemoVerdict(
        rating="mostly-false",
        headline="Observers found that access to social networks was slowed down",
        summary=(
            "According to KazTAG, the observers reported that access to social networks was slowed down and that "
            "critical sites were blocked. That is hard to square with a free airing of views on all sides."
        ),
        explanation=(
            "[KazTAG](" + KAZTAG.url + ") reports on what the election observers found: among other things, "
            "“significantly reducing the speed of access to social networks”, and the blocking of critical sites. "
            "We rate the claim mostly false, not false: it says that views were aired, and nothing here shows that "
            "none were." + LABEL
        ),
    ),
)

SQUARE = DemoClaim(
    text="“thousands of protesters” gathered in Almaty's Astana Square",
    claimant=ABLYAZOV,
    made_on=ELECTION_DAY,
    location="Almaty",
    topics=(*ONLINE, "Protests"),
    quantity=Quantity("thousands of protesters", "2000", None, "people"),
    evidence=(
        DemoEvidence(
            DIGEST,
            Stance.REFUTES,
            "only a few hundred had actually turned up",
            "About Astana Square. We read “a few hundred” as 200 to 500 people.",
            Quantity("a few hundred", "200", "500", "people"),
        ),
        DemoEvidence(
            DIGEST,
            Stance.REFUTES,
            "only 500 people turned up at the protests",
            "About the protests in Nur-Sultan and Almaty together.",
            Quantity("500 people", "500", "500", "people"),
        ),
        DemoEvidence(
            ODIHR,
            Stance.CONTEXT,
            "widespread detentions of peaceful protesters",
            "The observers record detentions on election day; they do not say how many people gathered.",
        ),
    ),
    verdict=DemoVerdict(
        rating="false",
        headline="The only count in this dossier speaks of a few hundred people",
        summary=(
            "Mukhtar Ablyazov spoke of thousands of protesters in Almaty's Astana Square. International Policy "
            "Digest, the only source here that gives a count, says that a few hundred turned up there, and 500 at "
            "the protests in Nur-Sultan and Almaty together. We rate the claim false on that count alone."
        ),
        explanation=(
            "In a video clip on social media in June 2019, Mukhtar Ablyazov spoke of “thousands of protesters”. We "
            "read that as 2,000 people or more.\n\n"
            "[International Policy Digest](" + DIGEST.url + ") writes that “only a few hundred had actually turned "
            "up”, and that “only 500 people turned up at the protests” in both cities. Even the larger reading stays "
            "far below the claim.\n\n"
            "**What we do not know.** This is one publication's count; nobody else in the dossier counted. OSCE/ODIHR "
            "([notice of the final report](" + ODIHR.url + "), "
            "[copy of the preliminary statement](" + PRELIMINARY_STATEMENT.url + ")) record widespread detentions of "
            "peaceful protesters on election day, which is context and no count. Our source gives only the month of "
            "the clip; the day shown with the claim is that of the election." + LABEL
        ),
        translation=SQUARE_IN_RUSSIAN,
    ),
)

CLAIMS = (INDEX, YOUTUBE, VOTES, INTERFERENCE, FREE_AIRING, SQUARE)
