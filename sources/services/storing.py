"""Writing visits down: checks, captures, changes and the source's state, compared against the locked row."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from sources.choices import Availability, ChangeKind, Outcome
from sources.extraction import EXTRACTOR, EXTRACTOR_VERSION
from sources.fetching import FetchPolicy
from sources.models import FormerUrl, Snapshot, Source, SourceChange, SourceCheck
from sources.schedule import next_visit
from sources.states import Limits, State, Transition, after_visit
from sources.urls import UnusableURL, host_of, normalise_url

from .knowing import is_same_text, recent_version
from .observing import Visit, extractor_of

logger = logging.getLogger(__name__)

# What a source's row may change by a visit.
VISITED_FIELDS = [
    "availability", "availability_since", "canonical_url", "counted_failures", "current_snapshot", "etag", "host",
    "language", "last_checked_at", "last_counted_failure_at", "last_modified", "last_ok_at", "leased_until",
    "next_check_at", "pending_raw_sha256", "pending_since", "pending_text_sha256", "retries", "title",
    "unchanged_visits",
]  # fmt: skip


def store_visits(visits: Iterable[Visit]) -> list[SourceCheck]:
    """Write each visit in one transaction of its own. One that cannot be written is pushed forward and logged."""
    checks = []
    for visit in sorted(visits, key=lambda visit: visit.source_id):
        try:
            checks.append(_store(visit))
        except Exception as error:
            logger.exception("visit of source %s could not be written", visit.source_id)
            checks.append(_push_forward(visit, error))
    return checks


def _push_forward(visit: Visit, error: Exception) -> SourceCheck:
    """A poison visit must not come back at once, nor vanish: it is a row that says so, and counts for nothing."""
    return _store(
        Visit(visit.source_id, visit.at, Outcome.INTERNAL_ERROR, error=f"{type(error).__name__}: {error}"[:500])
    )


@transaction.atomic
def _store(visit: Visit) -> SourceCheck:
    source = Source.objects.select_for_update(of=("self",)).select_related("current_snapshot").get(pk=visit.source_id)
    before = Availability(source.availability)
    current = source.current_snapshot
    # Decided on the locked row: another worker may have been here since the fetch began.
    same_text = current is None or visit.outcome == Outcome.NOT_MODIFIED or is_same_text(visit, current)
    first_capture = current is None and visit.arrived
    content_change = _settle_content(source, visit)
    transition = _transition(source, visit, same_text=same_text, first_capture=first_capture)
    moved = _settle_address(source, visit, transition, first_capture=first_capture)
    # A page that flaps between versions must not be visited ever more often for it.
    changed = content_change is not None and content_change.kind != ChangeKind.REVERTED
    _settle_state(source, visit, transition, changed=changed)
    _remember_validators(source, visit)
    _write_changes(source, visit.at, before, content_change, moved)
    source.save(update_fields=VISITED_FIELDS)
    return _write_check(source, visit, counted=transition.counted)


def _settle_content(source: Source, visit: Visit) -> SourceChange | None:
    """Compare the text that arrived; returns the confirmed change, if it is one."""
    current = source.current_snapshot
    if visit.outcome == Outcome.NOT_MODIFIED:
        _forget_pending(source)
    if not visit.arrived:
        return None
    if current is None:
        return _new_version(source, visit, ChangeKind.CAPTURED)
    if is_same_text(visit, current):
        _forget_pending(source)
        return None
    if source.pending_since is None:
        source.pending_since = visit.at
    source.pending_raw_sha256, source.pending_text_sha256 = visit.raw_sha256, visit.text_sha256
    # Confirmed by a second visit that also sees another text than ours, not necessarily the same other one:
    # a page that never reads the same twice has changed all the same.
    if visit.at - source.pending_since < confirm_delay(source):
        return None
    _forget_pending(source)
    if known := recent_version(source, visit):
        return _back_to(known, source, visit.at)
    return _new_version(source, visit, ChangeKind.CONTENT)


def _forget_pending(source: Source) -> None:
    source.pending_since, source.pending_raw_sha256, source.pending_text_sha256 = None, "", ""


def _back_to(known: Snapshot, source: Source, at: datetime) -> SourceChange:
    """The page says again what it said before: no new version, but quotes are looked for in that one again."""
    previous, source.current_snapshot = source.current_snapshot, known
    return SourceChange(source=source, at=at, kind=ChangeKind.REVERTED, snapshot_before=previous, snapshot_after=known)


def _new_version(source: Source, visit: Visit, kind: ChangeKind) -> SourceChange | None:
    capture = visit.capture
    if capture is None:
        # The version we compared with before the fetch is no longer the current one: the next visit decides.
        return None
    snapshot = Snapshot.objects.create(
        source=source,
        taken_at=visit.at,
        final_url=visit.final_url,
        raw_sha256=visit.raw_sha256,
        storage_key=capture.storage_key,
        media_type=capture.media_type,
        size=visit.size,
        truncated=capture.truncated,
        title=capture.page.title,
        language=capture.page.language,
        text=capture.page.text or "",
        text_sha256=visit.text_sha256,
        extractor=EXTRACTOR,
        extractor_version=EXTRACTOR_VERSION,
    )
    previous, source.current_snapshot = source.current_snapshot, snapshot
    source.title = source.title or capture.page.title
    source.language = source.language or capture.page.language
    return SourceChange(source=source, at=visit.at, kind=kind, snapshot_before=previous, snapshot_after=snapshot)


def confirm_delay(source: Source) -> timedelta:
    """How long after a change was first seen a second visit may confirm it."""
    ours = source.is_demo and FetchPolicy.from_settings().exempts(source.canonical_url)
    delay: timedelta = settings.RECHECK_DEMO_CONFIRM_DELAY if ours else settings.RECHECK_CONFIRM_DELAY
    return delay


def _transition(source: Source, visit: Visit, *, same_text: bool, first_capture: bool) -> Transition:
    state = State(
        Availability(source.availability),
        source.counted_failures,
        source.last_counted_failure_at,
        source.pinned,
    )
    limits = Limits(settings.RECHECK_FAILURES, settings.RECHECK_SPACING)
    # At its first capture a page has not moved: nobody knew it at the address that was typed.
    known_text = same_text and not first_capture
    return after_visit(state, visit.outcome, visit.at, limits, same_text=known_text, our_outage=visit.our_outage)


def _settle_address(
    source: Source, visit: Visit, transition: Transition, *, first_capture: bool
) -> SourceChange | None:
    """Follow a permanent move, and keep the old address; returns the change to announce, if readers should know."""
    followed = first_capture or (not source.pinned and transition.state.availability == Availability.MOVED)
    if visit.outcome != Outcome.REDIRECT_PERMANENT or not followed:
        return None
    try:
        address = normalise_url(visit.final_url)
    except UnusableURL:
        return None
    taken = Source.objects.filter(canonical_url=address).exists()
    if taken or FormerUrl.objects.filter(canonical_url=source.canonical_url).exists():
        return None  # two sources end at one page: both keep the address they are cited by
    former, source.canonical_url, source.host = source.canonical_url, address, host_of(address)
    FormerUrl.objects.filter(canonical_url=address, source=source).delete()
    FormerUrl.objects.create(source=source, canonical_url=former, replaced_at=visit.at)
    if first_capture:
        return None
    return SourceChange(source=source, at=visit.at, kind=ChangeKind.MOVED, before=former, after=address)


def _settle_state(source: Source, visit: Visit, transition: Transition, *, changed: bool) -> None:
    state = transition.state
    if source.availability != state.availability:
        source.availability, source.availability_since = state.availability, visit.at
    source.counted_failures, source.last_counted_failure_at = (
        state.counted_failures,
        state.last_counted_failure_at,
    )
    source.last_checked_at, source.leased_until = visit.at, None
    if transition.returns == "scheduled":
        source.last_ok_at = visit.at
        source.unchanged_visits = 0 if changed else min(source.unchanged_visits + 1, 1_000_000)
    source.retries = min(source.retries + 1, 1000) if transition.returns == "soon" else 0
    source.next_check_at = next_visit(
        transition.returns,
        state.availability,
        visit.at,
        intervals=settings.RECHECK_INTERVALS,
        unchanged_visits=source.unchanged_visits,
        retries=source.retries,
        retry_after=visit.retry_after,
    )
    if source.pending_since and transition.returns == "scheduled":
        source.next_check_at = max(visit.at, source.pending_since + confirm_delay(source))


def _remember_validators(source: Source, visit: Visit) -> None:
    """ETag and Last-Modified of the version we hold; only from its own address, never of an unconfirmed text."""
    if visit.outcome == Outcome.OK and source.pending_since is None:
        source.etag = visit.headers.get("etag", "")[:500]
        source.last_modified = visit.headers.get("last-modified", "")[:100]
    elif visit.outcome != Outcome.NOT_MODIFIED:
        source.etag = source.last_modified = ""


def _write_changes(
    source: Source,
    at: datetime,
    before: Availability,
    content: SourceChange | None,
    moved: SourceChange | None,
) -> None:
    """The outbox. A first capture says that the page is live, and a move that it moved: no second row for either."""
    rows = [change for change in (content, moved) if change]
    told = (content and content.kind == ChangeKind.CAPTURED and source.availability == Availability.LIVE) or (
        moved and source.availability == Availability.MOVED
    )
    if before != source.availability and not told:
        rows.append(
            SourceChange(source=source, at=at, kind=ChangeKind.AVAILABILITY, before=before, after=source.availability)
        )
    for row in rows:
        row.save()


def _write_check(source: Source, visit: Visit, *, counted: bool) -> SourceCheck:
    extractor, version = extractor_of(visit)
    current = source.current_snapshot
    return SourceCheck.objects.create(
        source=source,
        at=visit.at,
        outcome=visit.outcome,
        counted=counted,
        http_status=visit.http_status,
        final_url=visit.final_url,
        hops=visit.hops,
        peer_address=visit.peer_address,
        headers=visit.headers,
        duration_ms=visit.duration_ms,
        size=visit.size,
        raw_sha256=visit.raw_sha256,
        text_sha256=visit.text_sha256,
        extractor=extractor,
        extractor_version=version,
        snapshot=current if current and visit.arrived and is_same_text(visit, current) else None,
        error=visit.error,
    )
