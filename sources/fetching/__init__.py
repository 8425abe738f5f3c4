"""The one door to strangers' addresses: nothing else in claimtrack opens an HTTP connection to the outside."""

from .addresses import Exemptions, refusal
from .answers import Fetched, Hop, Request
from .client import fetch_all
from .policy import FetchPolicy
from .robots import RobotsRules

__all__ = ["Exemptions", "FetchPolicy", "Fetched", "Hop", "Request", "RobotsRules", "fetch_all", "refusal"]
