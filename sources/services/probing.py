"""What does a site show for an address that cannot exist? Asked once a month at most, and only when it matters.

A text that shrank, or came by a redirect, waits for a second visit as every change does. Meanwhile the site is asked
for an address that cannot exist (a row here, so it is asked in its host's turn and once for all its pages), and the
second visit compares the two answers: a page that is its site's "not found" page is no new version.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from sources.extraction import ExtractionFailed, extract, is_readable
from sources.fetching import Fetched, FetchPolicy, Request, fetch_all, retry_after
from sources.models import MissingPage, Snapshot, Source
from sources.outcomes import shrank
from sources.urls import host_of, origin_of

from .observing import Visit
from .robots import keep_rules, known_rules
from .turns import give_back_turns, leave_alone, take_turns

logger = logging.getLogger(__name__)

# How long a site's answer is taken to stay the same.
FRESH_FOR = timedelta(days=30)
# Characters of the answer that are kept: more than is compared.
MAX_TEXT = 20_000
# Sites asked in one run.
BATCH = 50


def probe_url(origin: str) -> str:
    """An address of the site that cannot exist and says what it is for to whoever reads the site's log."""
    return f"{origin}/no-such-page-asked-by-claimtrack-{uuid.uuid4().hex[:16]}"


def needs_probe(current: Snapshot, visit: Visit) -> bool:
    """Whether what arrived in place of the current version may be the site's "not found" page."""
    if visit.capture is None or visit.capture.page.text is None:
        return False
    return bool(visit.hops) or shrank(len(current.present_text()), len(visit.capture.page.text))


def want_probe(source: Source, visit: Visit) -> None:
    """Have the source's site asked, if that would tell something about this visit and is not known already."""
    if source.current_snapshot is None or not needs_probe(source.current_snapshot, visit):
        return
    origin = origin_of(source.canonical_url)
    MissingPage.objects.bulk_create([MissingPage(origin=origin)], ignore_conflicts=True)
    MissingPage.objects.filter(origin=origin, asked_at__lt=visit.at - FRESH_FOR).update(asked_at=None)


def missing_texts(pending: Iterable[Source]) -> dict[int, str]:
    """What their sites show for addresses that cannot exist, by source; absent where it is not known or a plain 404."""
    origins = {source.pk: origin_of(source.canonical_url) for source in pending}
    if not origins:
        return {}
    known = MissingPage.objects.filter(origin__in=set(origins.values()), asked_at__isnull=False).exclude(text="")
    texts = dict(known.values_list("origin", "text"))
    return {pk: texts[origin] for pk, origin in origins.items() if origin in texts}


def probe_missing_pages(*, limit: int = BATCH, at: datetime | None = None) -> int:
    """Ask the sites that somebody wants to know of and whose hosts are free; returns how many were asked.

    Under the same rules as any visit: one at a time per host, robots.txt, every cap. Safe to run in parallel.
    """
    at = at or timezone.now()
    # In any order, so that hosts which rest for long hold up no others; one site per host, whatever ports and schemes.
    rows = {host_of(row.origin): row for row in MissingPage.objects.filter(asked_at=None).order_by("?")[:limit]}
    free = take_turns(rows)
    try:
        return _ask([row for host, row in rows.items() if host in free], at)
    finally:
        give_back_turns(free, settings.RECHECK_HOST_DELAY)


def _ask(rows: list[MissingPage], at: datetime) -> int:
    if not rows:
        return 0
    by_key = {row.pk: row for row in rows}
    robots = known_rules(row.origin for row in rows)
    before = dict(robots)
    answers = fetch_all(
        [Request(row.pk, probe_url(row.origin)) for row in rows],
        FetchPolicy.from_settings(),
        robots,
        at,
        digest=lambda _, fetched: (fetched, _text(fetched)),
    )
    keep_rules(rules for origin, rules in robots.items() if before.get(origin) is not rules)
    for key, (fetched, text) in answers.items():
        row = by_key[key]
        refused = {refusal.host: retry_after(refusal.retry_after, at) for refusal in fetched.refusals}
        leave_alone(refused, settings.RECHECK_HOST_DELAY)
        # No answer is an answer too: without one there is nothing to compare with, and asking on would be a nuisance.
        row.status, row.text, row.asked_at = fetched.status or 0, text, at
        row.save(update_fields=["status", "text", "asked_at"])
    return len(answers)


def _text(fetched: Fetched) -> str:
    """The beginning of the page's text; "" for a site that says plainly that there is no such page."""
    if fetched.failure or not 200 <= (fetched.status or 0) < 300 or not is_readable(fetched.media_type):
        return ""
    try:
        page = extract(fetched.content, fetched.headers.get("content-type", "")) if fetched.content else None
    except ExtractionFailed as error:
        logger.warning("the answer of %s could not be read: %s", fetched.final_url, error)
        return ""
    return (page.text or "")[:MAX_TEXT] if page else ""
