"""Codes, numbers and dates in a reader's words and language. Calm: a page that fails today is not called dead."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.choices import EventType
from pages.links import current_language, current_prefix
from sources.choices import Availability, Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from claims.models import Rating

EVENT_WORDS: dict[str, StrOrPromise] = {
    "said": _("The claim was made"),
    "seen": _("The claim appeared"),
    "logged": _("We began to look at it"),
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

# Fields of a version as claims.rendering.changes names them; the rating speaks for itself.
FIELD_WORDS: dict[str, StrOrPromise] = {
    "headline": _("Headline"),
    "summary": _("Answer"),
    "explanation": _("Explanation"),
    "language": _("Language of the verdict"),
    "claim.text": _("The claim"),
    "claim.language": _("Language of the claim"),
    "claim.claimant": _("Who said it"),
    "claim.made_on": _("When it was said"),
    "claim.location": _("Where it was said"),
    "claim.quantity": _("The number claimed"),
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

# What follows from the state, in a calm sentence.
SOURCE_NOTES: dict[str, StrOrPromise] = {
    Availability.NEW: _("We have registered the page and will visit it soon."),
    Availability.LIVE: _("At our last visit the page was where we cite it."),
    Availability.MOVED: _("Our link leads to the new address; the old one is kept below."),
    Availability.SUSPECT: _(
        "Most such pages come back. We go on trying; only after several failures over several days do we call one gone."
    ),
    Availability.DEAD: _("Several visits over several days failed. We still look from time to time."),
    Availability.BLOCKED: _("People can probably open the page; we cannot see whether it changes."),
    Availability.PAYWALLED: _("The page exists; we cannot see whether it changes."),
    Availability.EXCLUDED: _("We respect that, so we cannot see whether the page changes."),
    Availability.DENIED: _("We cannot see whether the page changes."),
}

OUTCOME_WORDS: dict[str, StrOrPromise] = {str(code): label for code, label in Outcome.choices}

# What is drawn above the bars of a source's timeline (see sources.life.timeline.sign_of).
SIGN_WORDS: dict[str, StrOrPromise] = {
    "version": _("a text we kept"),
    "back": _("an earlier text again"),
    "state": _("state or address changed"),
}

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


def rating_name(rating: Rating) -> str:
    """A rating row's name in the reader's language, where the scale has one."""
    return rating.name_translations.get(current_prefix()) or rating.name


def language_name(code: str) -> str:
    """A language in its own name; the bare code when we do not know it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def date_words(when: date) -> str:
    # Day first in every language of ours, unlike some of Django's formats; Kazakh months are not capitalised.
    words = str(formats.date_format(when, "j E Y"))
    return words.lower() if current_language() == "kk" else words


def ago(when: datetime, now: datetime) -> str:
    """How long ago in words, as coarse as a page that is kept for ten minutes can tell; a date after a month."""
    passed = max(now - when, timedelta())
    hours = round(passed / timedelta(hours=1))
    if passed < timedelta(hours=1):
        return gettext("within the last hour")
    if hours < 36:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    days = round(passed / timedelta(days=1))
    if days <= 31:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    return date_words(timezone.localtime(when).date())


def number(value: object) -> str:
    """A number grouped as the language does it: 124,000 or 124 000."""
    if value in (None, ""):
        return ""
    try:
        return str(formats.number_format(Decimal(str(value)), use_l10n=True, force_grouping=True))
    except ArithmeticError:
        return str(value)


def span(quantity: Any) -> str:
    """A range in words: 200 to 500, 2,000 or more, up to 500, 70.96."""
    low, high = _of(quantity, "low"), _of(quantity, "high")
    if low is None and high is None:
        return ""
    if low is None:
        return gettext("up to %(high)s") % {"high": number(high)}
    if high is None:
        return gettext("%(low)s or more") % {"low": number(low)}
    if Decimal(str(low)) == Decimal(str(high)):
        return number(low)
    return gettext("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def _of(quantity: Any, key: str) -> Any:
    value = quantity.get(key) if isinstance(quantity, dict) else getattr(quantity, key, None)
    return None if value == "" else value


def quantity_words(quantity: dict[str, Any] | None) -> str:
    """A quantity as it was stated, then its bounds: thousands of protesters (2,000 or more people); "" for none."""
    if not quantity:
        return ""
    bounds = " ".join(filter(None, (span(quantity), span(quantity) and str(quantity.get("unit") or ""))))
    stated = str(quantity.get("as_stated") or "")
    return f"{stated} ({bounds})" if stated and bounds else stated or bounds
