"""Claims and reviews in Google's shapes. What is unknown is left out; nothing is ever null."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from sources.urls import host_of

Shape = dict[str, Any]


def site_of(url: str) -> str:
    """Whose page it is: the host without protocol and “www.”."""
    return host_of(url).removeprefix("www.")


def claim(*, text: str, claimant: str, made_on: date | None, reviews: list[Shape]) -> Shape:
    """A google.factchecking Claim."""
    return _known(text=text, claimant=claimant, claimDate=seconds(made_on), claimReview=reviews)


def review(
    *, publisher: str, url: str, title: str, reviewed_at: date | None, textual_rating: str, language: str
) -> Shape:
    """One fact-checker's ClaimReview."""
    return _known(
        publisher=_known(name=publisher, site=site_of(url)),
        url=url,
        title=title,
        reviewDate=seconds(reviewed_at),
        textualRating=textual_rating,
        languageCode=language,
    )


def seconds(at: date | None) -> str:
    """A google-datetime: UTC, without fractions; a day is its midnight."""
    if at is None:
        return ""
    moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime.combine(at, time())
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def as_json(answer: Shape, *, pretty: bool) -> str:
    """Indented by two, as Google does unless asked not to."""
    if pretty:
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _known(**fields: Any) -> Shape:
    return {name: value for name, value in fields.items() if value}
