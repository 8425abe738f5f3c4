"""The one door to strangers' addresses: nothing else in claimtrack opens an HTTP connection to the outside."""

from .addresses import Exemptions, refusal
from .answers import Fetched, Hop, Refusal, Request, retry_after
from .pipeline import Chain, Fetching, HostReport, fetch_all
from .policy import FetchPolicy
from .robots import RobotsRules

__all__ = [
    "Chain",
    "Exemptions",
    "FetchPolicy",
    "Fetched",
    "Fetching",
    "Hop",
    "HostReport",
    "Refusal",
    "Request",
    "RobotsRules",
    "fetch_all",
    "refusal",
    "retry_after",
]
