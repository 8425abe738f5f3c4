"""Other people's fact-checks for tests of the import: clean ones, to be dirtied as each test needs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from claims.importing.findings import Found, FoundReview, Skipped
from claims.importing.reading import read_bytes
from claims.importing.reviews import Origin

SITE = "https://facts.example"


def item(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A clean ClaimReview of another publisher. A field given as None is left out."""
    markup = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{SITE}/checks/{number}/",
        "claimReviewed": f"The bridge of village {number} fell down",
        "headline": "The bridge stands",
        "author": {"@type": "Organization", "name": "Facts"},
        "datePublished": "2020-05-01",
        "inLanguage": "en",
        "reviewRating": {
            "@type": "Rating", "alternateName": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1
        },
        "itemReviewed": {"@type": "Claim", "datePublished": "2020-04-30", "author": {"@type": "Person", "name": "Ann"}},
    }  # fmt: skip
    return {name: value for name, value in (markup | fields).items() if value is not None}


def own_item(number: int = 1, **fields: Any) -> dict[str, Any]:
    """One that was published on this site's host before."""
    return item(number, **({"url": f"http://testserver.example/old/{number}"} | fields))


def read(value: Any, **origin: Any) -> list[Found]:
    """What is found in this: bytes or text as they are, anything else as JSON."""
    if not isinstance(value, bytes):
        value = (value if isinstance(value, str) else json.dumps(value)).encode()
    return list(read_bytes(value, Origin("it", **origin)))


def taken(value: Any, **origin: Any) -> FoundReview:
    """The one review that is found there; fails with what was found instead."""
    (found,) = read(value, **origin)
    assert isinstance(found, FoundReview), found
    return found


def refused(value: Any, **origin: Any) -> Skipped:
    """The one item that is skipped there."""
    (found,) = read(value, **origin)
    assert isinstance(found, Skipped), found
    return found


def lines(path: Path, items: list[Any]) -> str:
    """An NDJSON file of these."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items))
    return str(path)


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The command's exit status and figures."""
    out = io.StringIO()
    try:
        call_command("import_claimreview", *arguments, "--json", stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())
