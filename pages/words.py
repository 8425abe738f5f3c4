"""State words of the contract in a reader's words. Calm: a page that fails today is not called dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from claims.choices import EventType
from sources.choices import Availability, Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVENT_WORDS: dict[str, StrOrPromise] = {
    "said": _("The claim was made"),
    "seen": _("The claim appeared"),
    EventType.PUBLISHED: _("Verdict published"),
    EventType.CORRECTED: _("Corrected"),
    EventType.RATING_CHANGED: _("Corrected: the rating changed"),
    EventType.UPDATED: _("Details updated"),
    EventType.EVIDENCE_CHANGED: _("A source changed"),
    EventType.REVIEW_OPENED: _("We started to look again"),
    EventType.REVIEW_CLOSED: _("We finished looking again"),
    EventType.RETRACTED: _("Retracted"),
    EventType.WITHHELD: _("Withheld for legal reasons"),
}

# What a verdict.updated changed.
DETAIL_WORDS = {
    "claimant": _("who said it"),
    "topics": _("topics"),
    "appearances": _("where it appeared"),
    "translations": _("translations"),
}

# With "since …" behind it where that helps (see templates/pages/parts/source_state.html).
SOURCE_WORDS: dict[str, StrOrPromise] = {
    Availability.NEW: _("Not visited yet"),
    Availability.LIVE: _("Reachable"),
    Availability.MOVED: _("Moved to a new address, same text"),
    Availability.SUSPECT: _("Could not be reached"),
    Availability.DEAD: _("Gone"),
    Availability.BLOCKED: _("Turns our automatic visits away"),
    Availability.PAYWALLED: _("Behind a login or a payment"),
    Availability.EXCLUDED: _("Asks automatic visitors to stay away"),
    Availability.DENIED: _("Not visited: the address is outside our rules"),
}

OUTCOME_WORDS: dict[str, StrOrPromise] = {str(code): label for code, label in Outcome.choices}

PLATFORM_NAMES = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "twitter": "Twitter",
    "vk": "VK",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
