"""What the log page says of the pasted page: its state in words, what it says of itself, and what that suggests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.admin.log.values import APPEARANCES
from claims.intake.language import guess_language
from claims.intake.passages import passages_of
from claims.intake.platforms import platform_of
from claims.knowing import Uses, audience_at, claimants_of, uses_of
from claims.quantities import Quantity, parse, suggest
from sources.archive import CaptureDamaged
from sources.choices import Availability, Outcome
from sources.extraction import Details, ExtractionFailed
from sources.models import Source
from sources.services.rereading import read_details

# Seconds that a hostile page may keep somebody waiting.
READING_TIME = 5.0
# Of a text that somebody pasted, what is read for numbers.
LONGEST_TEXT, MOST_QUANTITIES = 4000, 5
# Languages in Latin letters are declared truly; pages in others often still say "en", as their template came.
TEMPLATE_LANGUAGE = "en"


@dataclass(frozen=True)
class Suggestion:
    """A button that fills fields: by a script at once, without one by sending the form."""

    label: str
    fill: dict[str, str]
    # What a field that shows no plain text is to show.
    shown: str = ""

    @property
    def value(self) -> str:
        return json.dumps(self.fill, ensure_ascii=False)


@dataclass(frozen=True)
class PageState:
    """`facts`: label and value. `guesses`: fields and what goes into them where nobody has written."""

    source: Source
    words: str
    is_waiting: bool = False
    is_trouble: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    passages: list[Suggestion] = field(default_factory=list)
    claimants: list[Suggestion] = field(default_factory=list)
    audience: Suggestion | None = None
    guesses: dict[str, str] = field(default_factory=dict)
    uses: Uses = field(default_factory=Uses)


def page_state(source: Source, *, title: str = "") -> PageState:
    """`title`: what the browser called the page, until it is captured."""
    words, is_waiting, is_trouble = _words(source)
    details, text = _read(source)
    day = day_of(details.published_on)
    addresses = [source.url, *details.addresses]
    names = [*details.author.split(", "), details.site or source.publisher]
    guesses = {
        "language": _language(details.language, text),
        "made_on": day.isoformat() if day else "",
        f"{APPEARANCES}-0-url": source.url,
        f"{APPEARANCES}-0-platform": platform_of(source.url),
        f"{APPEARANCES}-0-published_on": day.isoformat() if day else "",
        f"{APPEARANCES}-0-seen": source.url,
    }
    return PageState(
        source=source,
        words=words,
        is_waiting=is_waiting,
        is_trouble=is_trouble,
        facts=_facts(details, source, title, day),
        passages=[
            Suggestion(passage, {"text": passage})
            for passage in passages_of(text, [details.title or title, *details.quotes], details.description)
        ],
        claimants=[
            Suggestion(str(one), {"claimant": str(one.pk)}, shown=str(one))
            for one in claimants_of(addresses, [name for name in names if name])
        ],
        audience=audience_of(source.url, day, 0),
        guesses={name: value for name, value in guesses.items() if value},
        uses=uses_of(source.url),
    )


def _words(source: Source) -> tuple[str, bool, bool]:
    """What to say of it, whether to wait, whether one has to go on by hand."""
    last = source.checks.newest_first().first()
    if source.current_snapshot is not None:
        taken = date_format(timezone.localtime(source.current_snapshot.taken_at), "Y-m-d H:i")
        if source.availability in (Availability.LIVE, Availability.MOVED):
            return _("Captured: %(at)s") % {"at": taken}, False, False
        told = _("The page is now: %(state)s. What is below is our capture: %(at)s")
        return told % {"state": source.get_availability_display(), "at": taken}, False, True
    if last is None or source.next_check_at <= timezone.now():
        waiting = _(
            "The page is being captured, which takes some seconds. Go on meanwhile: nothing you write is changed."
        )
        return waiting, True, False
    if last.outcome == Outcome.OK:
        return _("The page was captured, but holds no text that can be read. Go on by hand."), False, True
    why = last.get_outcome_display()
    told = _("The page could not be captured: %(why)s. Go on by hand: copy the words from your browser.")
    return told % {"why": why}, False, True


def _read(source: Source) -> tuple[Details, str]:
    snapshot = source.current_snapshot
    if snapshot is None:
        return Details(), ""
    text = snapshot.present_text()
    try:
        details = read_details(snapshot.storage_key, snapshot.media_type, time_limit=READING_TIME)
    except (CaptureDamaged, ExtractionFailed):
        details = Details()
    if not details.title:
        details = Details(**{**vars(details), "title": snapshot.title})
    return details, text


def _language(declared: str, text: str) -> str:
    """Primary tag: what the page says, unless its letters say otherwise."""
    primary, by_letters = declared.partition("-")[0].lower(), guess_language(text)
    return by_letters if by_letters and primary in ("", TEMPLATE_LANGUAGE) else primary


def day_of(text: str) -> date | None:
    """The day, unless it is still to come: then it is a mistake."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= timezone.localdate() + timedelta(days=1) else None


def _facts(details: Details, source: Source, title: str, day: date | None) -> list[tuple[str, str]]:
    rows = [
        (_("Title"), details.title or source.title or title),
        (_("Author"), details.author),
        (_("Site"), details.site or source.publisher or source.host),
        (_("Published"), date_format(day) if day else ""),
        (_("Language"), details.language),
    ]
    return [(label, value) for label, value in rows if value]


def audience_of(url: str, day: date | None, row: int) -> Suggestion | None:
    """How many followed the account when this was posted, for the row of an appearance."""
    figure = audience_at(url, day)
    if figure is None:
        return None
    told = _("%(number)s followers of %(account)s on %(day)s") % {
        "number": f"{figure.followers:,}".replace(",", "\u202f"),
        "account": figure.account,
        "day": date_format(figure.measured_on),
    }
    return Suggestion(told, {f"{APPEARANCES}-{row}-audience": str(figure.followers)})


def quantities_of(text: str, language: str) -> list[Suggestion]:
    """The numbers the text gives, the likeliest first."""
    text, language = text[:LONGEST_TEXT], language.partition("-")[0].lower()
    best, found = suggest(text, language), parse(text, language)
    found.sort(key=lambda one: one != best)
    kept: dict[str, Quantity] = {}
    for one in found:
        kept.setdefault(one.text.casefold(), one)
    return [Suggestion(quantity_in_words(one), _fields(one)) for one in list(kept.values())[:MOST_QUANTITIES]]


def _fields(one: Quantity) -> dict[str, str]:
    return {
        "quantity_as_stated": one.text[:200],
        "quantity_low": _plain(one.low),
        "quantity_high": _plain(one.high),
        "quantity_unit": one.unit[:60],
    }


def quantity_in_words(one: Quantity) -> str:
    """“thousands of protesters”: 2000 or more people."""
    low, high = _plain(one.low), _plain(one.high)
    if low and high:
        amount = low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
    elif low:
        amount = _("%(low)s or more") % {"low": low}
    else:
        amount = _("at most %(high)s") % {"high": high}
    return _("“%(words)s”: %(amount)s %(unit)s") % {"words": one.text, "amount": amount, "unit": one.unit}


def _plain(number: Any) -> str:
    """As a form takes it: four places at most."""
    if number is None:
        return ""
    text = f"{number:.4f}"
    return text.rstrip("0").rstrip(".")
