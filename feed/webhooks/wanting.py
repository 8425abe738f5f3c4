"""Which events an endpoint is sent: the one rule. Pure.

Filters look at the event's type, and at the verdict as it is now. Whoever was sent a verdict is told of what happens to
it afterwards, also when it no longer fits the filter; and that it was retracted, withheld or rated otherwise, also when
the endpoint did not ask for such events. Otherwise a correction that leads out of a filter would be lost.

A receiver may also have read a verdict in the API before it had a webhook. So a new rating is told to whoever asks for
the old one or the new one, and a withholding, of which nothing is left to compare with a filter, to everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claims.choices import EventType

# Whoever shows a verdict has to hear of these.
NEVER_KEPT_BACK = frozenset({EventType.RETRACTED, EventType.WITHHELD, EventType.RATING_CHANGED})
# These overtake whatever waits.
URGENT = frozenset({EventType.RETRACTED, EventType.WITHHELD})


@dataclass(frozen=True)
class Shown:
    """A verdict as filters see it: columns of its stored document. Of a withheld one there is nothing to see."""

    rating_code: str = ""
    topic_slugs: Sequence[str] = ()
    claimant_slug: str = ""
    language: str = ""


@dataclass(frozen=True)
class Filter:
    """What an endpoint asked for; empty means all."""

    event_types: frozenset[str] = field(default_factory=frozenset)
    rating_codes: frozenset[str] = field(default_factory=frozenset)
    topic_slugs: frozenset[str] = field(default_factory=frozenset)
    claimant_slugs: frozenset[str] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)

    @property
    def takes_all(self) -> bool:
        return not (self.event_types or self.rating_codes or self.topic_slugs or self.claimant_slugs or self.languages)

    def fits(self, shown: Shown) -> bool:
        """The verdict as it is now is one of those asked for."""
        return (
            (not self.rating_codes or shown.rating_code in self.rating_codes)
            and (not self.topic_slugs or not self.topic_slugs.isdisjoint(shown.topic_slugs))
            and (not self.claimant_slugs or shown.claimant_slug in self.claimant_slugs)
            and (not self.languages or _speaks(shown.language, self.languages))
        )


def is_wanted(event_type: str, shown: Shown, by: Filter, *, known: bool, rated_before: str = "") -> bool:
    """`known`: the endpoint was sent something about this verdict before, or is going to be.

    `rated_before`: the rating's code before this event, when it changed.
    """
    if event_type == EventType.WITHHELD or (known and event_type in NEVER_KEPT_BACK):
        return True
    if by.event_types and event_type not in by.event_types:
        return False
    if known or by.fits(shown):
        return True
    return bool(rated_before) and by.fits(replace(shown, rating_code=rated_before))


def _speaks(language: str, asked: frozenset[str]) -> bool:
    """`en` also means en-GB."""
    tags = {tag.lower() for tag in asked}
    return language.lower() in tags or language.lower().partition("-")[0] in tags
