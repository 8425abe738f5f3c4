"""Names that exist on this very site, so that every example in the API's description can be asked as it stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from claims.models import VerdictDocument

# So many of the newest verdicts are looked at for one with a topic and a claimant.
AMONG = 10


@dataclass(frozen=True)
class Known:
    """One published verdict and the names it goes by; these are made up, for a site that has published nothing."""

    verdict: str = "7Ypk3Qw9mZtB"
    version: int = 1
    source: str = "4GhT8sWxQn2C"
    rating: str = "false"
    topic: str | None = "protests"
    claimant: str | None = "mukhtar-example"
    language: str = "en"
    word: str | None = "protesters"
    published_at: str = "2026-11-23T09:00:00Z"
    updated_at: str = "2026-11-23T09:00:00Z"
    is_live: bool = False

    def of(self, parameter: str, operation: str) -> str:
        """What the path parameter of that operation is called here."""
        if parameter == "n":
            return str(self.version)
        return self.source if operation == "source" else self.verdict

    def asking(self, *, dump: bool = False) -> dict[str, Any]:
        """A value for each query parameter; all of them together find this verdict. A dump goes on after an id."""
        values = {
            "q": self.word,
            "query": self.word,
            "text": self.word,
            "rating": self.rating,
            "topic": self.topic,
            "claimant": self.claimant,
            "language": self.language,
            "status": "published",
            "published_after": self.published_at,
            "published_before": "2099-01-01",
            "updated_since": self.updated_at,
            "ordering": "-published_at",
            "page_size": 1,
            "after": self.verdict if dump else 0,
        }
        return {name: value for name, value in values.items() if value is not None}


def known() -> Known:
    """From the most telling of the newest published verdicts that rest on a page. One query; none: made-up names."""
    rows = VerdictDocument.objects.filter(status="published").exclude(source_ids=[])
    bodies = rows.order_by("-published_at", "-pk").values_list("body", flat=True)[:AMONG]
    return max((_named_in(json.loads(body)) for body in bodies), key=_names, default=Known())


def _named_in(document: dict[str, Any]) -> Known:
    claim = document["claim"]
    return Known(
        verdict=document["id"],
        version=document["version"],
        source=next(row["source"]["id"] for row in document["evidence"] if row["source"]),
        rating=document["rating"]["code"],
        topic=next(iter(claim["topics"]), None),
        claimant=(claim["claimant"] or {}).get("slug"),
        language=document["language"],
        word=next(iter(re.findall(r"[^\W\d_]{4,40}", claim["text"])), None),
        published_at=document["published_at"],
        updated_at=document["updated_at"],
        is_live=True,
    )


def _names(found: Known) -> int:
    return len([name for name in (found.topic, found.claimant, found.word) if name])
