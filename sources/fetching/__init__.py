"""The one door to strangers' addresses: nothing else in claimtrack opens an HTTP connection to the outside."""

from .addresses import Exemptions, refusal
from .answers import Fetched, Hop, Refusal, Request, retry_after
from .pipeline import Chain, Fetching, HostReport, fetch_all
from .policy import FetchPolicy
from .posting import Posted, Poster, post_once, usable_address
from .robots import RobotsRules

__all__ = [
    "Chain",
    "Exemptions",
    "FetchPolicy",
    "Fetched",
    "Fetching",
    "Hop",
    "HostReport",
    "Posted",
    "Poster",
    "Refusal",
    "Request",
    "RobotsRules",
    "fetch_all",
    "post_once",
    "refusal",
    "retry_after",
    "usable_address",
]
