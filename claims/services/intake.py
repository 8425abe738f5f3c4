"""From an address to a claim: have the page captured, and note that a known claim was seen there too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.models import Appearance, Claim, User
from claims.services.guards import lock_claim, require_checker
from claims.services.logging_claims import add_appearance
from sources.models import Source
from sources.services import make_due, register_source

# A page that was visited within this time is shown as it was then.
FRESH = timedelta(minutes=1)


@transaction.atomic
def register_page(url: str, *, by: User, at: datetime | None = None) -> Source:
    """The page somebody logs a claim from: a source from now on, and the next sweep visits it.

    Raises NotAllowed, and UnusableURL with words for whoever typed the address.
    """
    require_checker(by)
    at = at or timezone.now()
    source = register_source(url, at=at)
    if source.last_checked_at is None or source.last_checked_at < at - FRESH:
        make_due(source, at=at)
    return source


@transaction.atomic
def add_appearances(claim: Claim, *, by: User, rows: Iterable[Mapping[str, Any]]) -> list[Appearance]:
    """The claim was seen in these places too. `rows` have `url` and what add_appearance() takes.

    Places it is known to have been seen in are passed over, so that the same form may arrive twice; and so is that a
    place was the first, when another is known to be. Returns what was added. Raises ValidationError, UnusableURL,
    NotAllowed.
    """
    require_checker(by)
    locked = lock_claim(claim.pk)
    known: set[int | None] = set(locked.appearances.values_list("source_id", flat=True))
    has_first = locked.appearances.filter(is_first=True).exists()
    added = []
    for row in rows:
        fields = dict(row)
        if register_source(fields["url"], is_demo=locked.is_demo).pk in known:
            continue
        fields["is_first"] = bool(fields.get("is_first")) and not has_first
        appearance = add_appearance(locked, by=by, **fields)
        known.add(appearance.source_id)
        has_first = has_first or appearance.is_first
        added.append(appearance)
    return added
