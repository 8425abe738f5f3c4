"""What a visit found out, worked out from the answer alone: no database here, it runs beside the fetching."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sources.archive import CaptureNotStored, store_capture
from sources.choices import Outcome
from sources.extraction import EXTRACTOR, EXTRACTOR_VERSION, Page, extract, is_readable
from sources.extraction.box import ExtractionFailed
from sources.fetching import Fetched
from sources.outcomes import Answer, outcome_of

logger = logging.getLogger(__name__)

# With these the page itself arrived, and its text may be a new version.
ARRIVED = frozenset({Outcome.OK, Outcome.REDIRECT_TEMPORARY, Outcome.REDIRECT_PERMANENT, Outcome.TOO_LARGE})
# An error page larger than this is not read for signs of a robot check.
ERROR_PAGE_AT_MOST = 200 * 1024
MAX_ERROR = 500


@dataclass(frozen=True)
class Known:
    """What is known of the page before the visit: its current version."""

    snapshot_id: int | None = None
    raw_sha256: str = ""
    text_sha256: str = ""


@dataclass(frozen=True)
class Capture:
    """A version in hand, its body already kept."""

    page: Page
    storage_key: str
    media_type: str
    truncated: bool


@dataclass
class Visit:
    """One visit: everything its SourceCheck holds, and the capture if there is one."""

    source_id: int
    at: datetime
    outcome: Outcome
    error: str = ""
    http_status: int | None = None
    final_url: str = ""
    hops: list[dict[str, str | int]] = field(default_factory=list)
    peer_address: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    duration_ms: int = 0
    size: int = 0
    raw_sha256: str = ""
    text_sha256: str = ""
    capture: Capture | None = None
    # The version the visit was compared with.
    known: Known = Known()
    # So many hosts failed in the same sweep that the fault is probably ours.
    our_outage: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the page itself arrived, so that its text can be compared."""
        return self.outcome in ARRIVED and bool(self.text_sha256)

    @property
    def retry_after(self) -> timedelta | None:
        """How long the host asked us to stay away, as far as it said so in seconds."""
        seconds = self.headers.get("retry-after", "").strip()
        return timedelta(seconds=min(int(seconds), 10**7)) if seconds.isdecimal() and len(seconds) < 9 else None


def observe(source_id: int, fetched: Fetched, known: Known, at: datetime) -> Visit:
    """Turn an answer into a visit: outcome, text, and the body kept if it is not the version we hold. Never raises."""
    visit = Visit(
        source_id=source_id,
        at=at,
        outcome=fetched.failure or Outcome.OK,
        error=fetched.error,
        http_status=fetched.status,
        final_url=fetched.final_url,
        hops=[{"url": hop.url, "status": hop.status} for hop in fetched.hops],
        peer_address=fetched.peer or None,
        headers=fetched.headers,
        duration_ms=fetched.duration_ms,
        size=len(fetched.body),
        raw_sha256=fetched.raw_sha256,
        known=known,
    )
    try:
        if fetched.failure is None:
            _read(visit, fetched, known)
    except (ExtractionFailed, CaptureNotStored) as error:
        # An operator must hear of a full disk without reading check rows.
        logger.error("visit of source %s: %s", source_id, error)
        visit.outcome, visit.error, visit.text_sha256 = Outcome.INTERNAL_ERROR, str(error), ""
    except Exception as error:
        logger.exception("visit of source %s could not be evaluated", source_id)
        visit.outcome, visit.error, visit.text_sha256 = (
            Outcome.INTERNAL_ERROR,
            f"{type(error).__name__}: {error}",
            "",
        )
    # A server's words may hold what PostgreSQL cannot store.
    visit.error = visit.error.replace("\x00", "")[:MAX_ERROR]
    return visit


def _read(visit: Visit, fetched: Fetched, known: Known) -> None:
    same_body = bool(fetched.raw_sha256) and fetched.raw_sha256 == known.raw_sha256
    # The cheapest gate first: a body we hold needs no reading.
    page = Page(None) if same_body else _page(fetched)
    visit.outcome, visit.error = outcome_of(
        Answer(
            url=fetched.url,
            final_url=fetched.final_url,
            status=fetched.status or 0,
            headers=fetched.headers,
            redirects=tuple(hop.status for hop in fetched.hops),
            truncated=fetched.truncated,
            title=page.title,
            text=page.text,
        )
    )
    if visit.outcome not in ARRIVED:
        return
    visit.text_sha256 = known.text_sha256 if same_body else page.digest(fetched.raw_sha256)
    if visit.text_sha256 == known.text_sha256:
        return
    visit.capture = Capture(page, _keep(fetched, visit.at), fetched.media_type[:100], fetched.truncated)


def _page(fetched: Fetched) -> Page:
    arrived = fetched.status is not None and 200 <= fetched.status < 300
    if arrived and not fetched.content:
        return Page("")
    if not arrived and (len(fetched.content) > ERROR_PAGE_AT_MOST or not is_readable(fetched.media_type)):
        return Page(None)
    return extract(fetched.content, fetched.headers.get("content-type", "")) if fetched.content else Page(None)


def _keep(fetched: Fetched, at: datetime) -> str:
    return store_capture(
        url=fetched.final_url,
        status=fetched.status or 0,
        reason=fetched.reason,
        headers=fetched.response_headers,
        request_headers=fetched.request_headers,
        body=fetched.body,
        peer=fetched.peer,
        truncated=fetched.truncated,
        at=at,
    )


def extractor_of(visit: Visit) -> tuple[str, str]:
    """Name and version of what the visit's text digest comes from; empty when no text was compared."""
    return (EXTRACTOR, EXTRACTOR_VERSION) if visit.text_sha256 else ("", "")
