"""The domain's tables. Read in this order: people, claims, evidence, ratings, verdicts, history."""

from claims.models.claimants import AudienceFigure, Claimant, ClaimantAccount
from claims.models.claims import Appearance, Claim, ClaimRelation, Topic
from claims.models.documents import DocumentCounter, NameChange, VerdictDocument
from claims.models.evidence import Evidence
from claims.models.history import Activity, Event
from claims.models.people import User
from claims.models.ratings import Rating, RatingScale
from claims.models.verdicts import Draft, Review, Translation, Verdict, VerdictVersion

__all__ = [
    "Activity",
    "Appearance",
    "AudienceFigure",
    "Claim",
    "ClaimRelation",
    "Claimant",
    "ClaimantAccount",
    "DocumentCounter",
    "Draft",
    "Event",
    "Evidence",
    "NameChange",
    "Rating",
    "RatingScale",
    "Review",
    "Topic",
    "Translation",
    "User",
    "Verdict",
    "VerdictDocument",
    "VerdictVersion",
]
