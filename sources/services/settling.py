"""What a visit does to its source: every field of the locked row, the check to write and the changes to announce.

The rules are elsewhere, each once: states (availability), schedule (the next visit), knowing (the same text?).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from sources.choices import Availability, ChangeKind, Outcome
from sources.fetching import FetchPolicy, retry_after
from sources.models import FormerUrl, Snapshot, Source, SourceChange, SourceCheck
from sources.schedule import next_visit
from sources.states import Limits, State, Transition, after_visit
from sources.urls import UnusableURL, host_of, normalise_url

from .knowing import is_current_text, recent_version
from .observing import Visit, extractor_of
from .probing import want_probe

# Counters of visits in a row stop here.
MOST = 1000


@dataclass(frozen=True)
class Settled:
    """A source's row as the visit leaves it, and the rows to write with it; none of them saved yet."""

    source: Source
    check: SourceCheck
    changes: list[SourceChange]


def is_plain(source: Source, visit: Visit) -> bool:
    """Whether settling touches nothing but the row itself: no new version, no other address."""
    if visit.outcome == Outcome.REDIRECT_PERMANENT:
        return False
    return not visit.arrived or is_current_text(visit, source)


def settle(source: Source, visit: Visit) -> Settled:
    """Decide on the locked row: another worker may have been here since the fetch began.

    `source` comes locked and is changed in place. Unless the visit is plain, this reads
    other rows and writes versions and former addresses, so it must stand in the transaction that saves the source.
    """
    before = Availability(source.availability)
    unknown = source.current_snapshot_id is None
    same_text = unknown or visit.outcome == Outcome.NOT_MODIFIED or is_current_text(visit, source)
    first_capture = unknown and visit.arrived
    content_change = _settle_content(source, visit)
    transition = _transition(source, visit, same_text=same_text, first_capture=first_capture)
    moved = _settle_address(source, visit, transition, first_capture=first_capture)
    # A page that flaps between versions must not be visited ever more often for it.
    changed = content_change is not None and content_change.kind != ChangeKind.REVERTED
    _settle_state(source, visit, transition, changed=changed)
    _remember_validators(source, visit)
    return Settled(
        source,
        _check(source, visit, counted=transition.counted),
        _changes(source, visit, before, content_change, moved),
    )


def _settle_content(source: Source, visit: Visit) -> SourceChange | None:
    """Compare the text that arrived; returns the confirmed change, if it is one."""
    if visit.outcome == Outcome.NOT_MODIFIED:
        _forget_pending(source)
    if not visit.arrived:
        return None
    if source.current_snapshot_id is None:
        return _new_version(source, visit, ChangeKind.CAPTURED)
    if is_current_text(visit, source):
        _forget_pending(source)
        return None
    if source.pending_since is None:
        source.pending_since = visit.at
        want_probe(source, visit)
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
    extractor, version = extractor_of(visit)
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
        extractor=extractor,
        extractor_version=version,
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
    source.retries = min(source.retries + 1, MOST) if transition.returns == "soon" else 0
    source.faults = min(source.faults + 1, MOST) if visit.outcome == Outcome.INTERNAL_ERROR else 0
    source.next_check_at = next_visit(
        transition.returns,
        state.availability,
        visit.at,
        intervals=settings.RECHECK_INTERVALS,
        unchanged_visits=source.unchanged_visits,
        retries=source.retries,
        retry_after=retry_after(visit.headers.get("retry-after", ""), visit.at),
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


def _changes(
    source: Source,
    visit: Visit,
    before: Availability,
    content: SourceChange | None,
    moved: SourceChange | None,
) -> list[SourceChange]:
    """The outbox. A first capture says that the page is live, and a move that it moved: no second row for either."""
    rows = [change for change in (content, moved) if change]
    told = (content and content.kind == ChangeKind.CAPTURED and source.availability == Availability.LIVE) or (
        moved and source.availability == Availability.MOVED
    )
    if before != source.availability and not told:
        kind, after = ChangeKind.AVAILABILITY, source.availability
        rows.append(SourceChange(source=source, at=visit.at, kind=kind, before=before, after=after))
    return rows


def _check(source: Source, visit: Visit, *, counted: bool) -> SourceCheck:
    extractor, version = extractor_of(visit)
    return SourceCheck(
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
        snapshot_id=source.current_snapshot_id if visit.arrived and is_current_text(visit, source) else None,
        error=visit.error,
    )
