"""The domain's tables. Read in this order: people, claims, evidence, ratings, verdicts, history, braking, notices;
external (what others found) and importing (how it came) beside them."""

from claims.models.braking import Hold, TouchedQuote
from claims.models.claim_files import ClaimFile, FiledClaim
from claims.models.claimants import AudienceFigure, Claimant, ClaimantAccount
from claims.models.claims import Appearance, Claim, ClaimRelation, Topic
from claims.models.documents import DocumentCounter, NameChange, VerdictDocument
from claims.models.drafting import ChecklistItem, ChecklistTick, Presence, UnsavedWords
from claims.models.evidence import Evidence
from claims.models.external import ExternalReview, RatingLabel
from claims.models.history import Activity, Event
from claims.models.importing import ImportedVerdict, ImportRun
from claims.models.inside import ClaimContact, Note
from claims.models.matching import MatchShare, MatchText
from claims.models.notices import Alarm, Digest, Notice, NoticePreference
from claims.models.people import User
from claims.models.ratings import Rating, RatingScale
from claims.models.readers import ReaderMessage
from claims.models.reviews import Review
from claims.models.site_pages import SitePage
from claims.models.translations import Translation
from claims.models.verdicts import Draft, Verdict, VerdictVersion
from claims.models.withholding import Withholding
from claims.models.words import ClaimantWords, ClaimWords

__all__ = [
    "MatchShare",
    "MatchText",
    "Activity",
    "Alarm",
    "Appearance",
    "ChecklistItem",
    "ChecklistTick",
    "AudienceFigure",
    "Claim",
    "ClaimFile",
    "ClaimContact",
    "ClaimRelation",
    "ClaimWords",
    "Claimant",
    "ClaimantAccount",
    "ClaimantWords",
    "Digest",
    "DocumentCounter",
    "Draft",
    "Event",
    "Evidence",
    "ExternalReview",
    "FiledClaim",
    "Hold",
    "ImportRun",
    "ImportedVerdict",
    "NameChange",
    "Note",
    "Notice",
    "NoticePreference",
    "Presence",
    "Rating",
    "RatingLabel",
    "RatingScale",
    "ReaderMessage",
    "Review",
    "SitePage",
    "Topic",
    "TouchedQuote",
    "Translation",
    "UnsavedWords",
    "User",
    "Verdict",
    "VerdictDocument",
    "VerdictVersion",
    "Withholding",
]
