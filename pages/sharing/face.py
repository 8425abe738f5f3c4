"""What an image, a card or a quotation shows of a verdict, in the words of the verdict's own language. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from pages.links import INTERFACE_LANGUAGES, absolute, page_path
from pages.reading import QUOTATION_MARKS, named_rating, parse_when
from pages.words import date_words

# Distinguishes images; two of one verdict will not meet by chance.
DIGEST_LENGTH = 20


@dataclass(frozen=True, kw_only=True)
class Face:
    """Everything that is drawn, and nothing else: `digest` moves when one of these moves.

    `language` is what the words are written in, `claim_language` what the claim is; `state` is a VerdictStatus.
    """

    public_id: str
    language: str
    claim_language: str
    claim: str
    claimant: str
    headline: str
    rating: str
    tone: str
    state: str
    state_words: str
    dated: str
    site_name: str

    @property
    def digest(self) -> str:
        text = json.dumps([asdict(self), _drawn_with()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def image_url(self) -> str:
        """Where the image of exactly this is, for ever."""
        return absolute(
            page_path(
                "share_image", prefix="", public_id=self.public_id, text_language=self.language, digest=self.digest
            )
        )

    @property
    def alt(self) -> str:
        """The image in words, for whoever does not see it."""
        with translation.override(words_language(self.language)):
            rating = f"{self.rating} ({self.state_words})" if self.state_words else self.rating
            return gettext("Claim: %(claim)s. Our rating: %(rating)s. %(dated)s, %(site)s.") % {
                "claim": in_marks(self.claim),
                "rating": rating,
                "dated": self.dated,
                "site": self.site_name,
            }


def face_of(document: dict[str, Any]) -> Face:
    """The face of what read_document() gave: a translation's where that was asked for. Not for withheld verdicts."""
    text = document["text"]
    rating = named_rating(document["rating"], text["language"].split("-")[0])
    with translation.override(words_language(text["language"])):
        return Face(
            public_id=document["public_id"],
            language=text["language"],
            claim_language=text["claim_language"],
            claim=" ".join(text["claim_text"].split()),
            claimant=((document.get("claim") or {}).get("claimant") or {}).get("name", ""),
            headline=" ".join(text["headline"].split()),
            rating=rating["name"],
            tone=rating.get("tone") or "none",
            state=document["status"],
            state_words=state_words(document["status"]),
            dated=_dated(document),
            site_name=settings.SITE_NAME,
        )


def in_marks(words: str) -> str:
    """Somebody's words in the current language's quotation marks; words that bring their own get no second pair."""
    return words if not QUOTATION_MARKS.isdisjoint(words) else gettext("“%(words)s”") % {"words": words}


def words_language(language: str) -> str:
    """Which of our languages to speak around a text in this one."""
    main = language.split("-")[0].lower()
    return main if main in INTERFACE_LANGUAGES else "en"


def state_words(status: str) -> str:
    """What a reader has to know before the rating; nothing while it simply stands. In the current language."""
    return {"under_review": gettext("Being looked at again"), "retracted": gettext("Retracted")}.get(status, "")


def retraction_of(document: dict[str, Any]) -> dict[str, Any] | None:
    """When and why it was taken back; None for a verdict that stands."""
    if document["status"] != "retracted":
        return None
    return next((entry for entry in document.get("corrections") or [] if entry["kind"] == "retracted"), None)


def _dated(document: dict[str, Any]) -> str:
    """The day of the last change that readers were told of; and that it is only a demonstration."""
    last = _last_change(document)
    # The page has a banner for it; an image goes around without its page.
    return f"{last} · {gettext('demonstration')}" if document.get("is_demo") else last


def _last_change(document: dict[str, Any]) -> str:
    taken_back = retraction_of(document)
    if taken_back:
        return gettext("Retracted %(day)s") % {"day": _day(taken_back["at"])}
    if document.get("corrected"):
        return gettext("Corrected %(day)s") % {"day": _day(document["corrected"]["at"])}
    return gettext("Published %(day)s") % {"day": _day(document["published_at"])}


def _day(value: object) -> str:
    when = parse_when(value)
    if isinstance(when, datetime):
        return date_words(timezone.localtime(when).date())
    return date_words(when) if isinstance(when, date) else ""


@cache
def _drawn_with() -> str:
    """Another way of drawing makes other images, which need other addresses."""
    digest = hashlib.sha256(version("pillow").encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
