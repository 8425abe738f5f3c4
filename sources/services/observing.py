"""What a visit found out, worked out from the answer alone: no database here, it runs beside the fetching."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from sources.archive import CaptureDamaged, CaptureNotStored, store_capture
from sources.choices import Outcome
from sources.extraction import ExtractionFailed, Extractor, Page, extract, extractor_for, is_readable
from sources.fetching import Fetched
from sources.outcomes import Answer, outcome_of

from .rereading import read_again

logger = logging.getLogger(__name__)

# With these the page itself arrived, and its text may be a new version.
ARRIVED = frozenset({Outcome.OK, Outcome.REDIRECT_TEMPORARY, Outcome.REDIRECT_PERMANENT, Outcome.TOO_LARGE})
# An error page larger than this is not read for signs of a robot check.
ERROR_PAGE_AT_MOST = 200 * 1024
MAX_ERROR = 500


@dataclass(frozen=True)
class Known:
    """What is known of the page before the visit: its current version, as `extractor` reads it."""

    snapshot_id: int | None = None
    raw_sha256: str = ""
    text_sha256: str = ""
    extractor: Extractor | None = None
    # The capture is to be read again before a text is compared with it: an older extractor read it. "": no need.
    reread_key: str = ""
    media_type: str = ""
    # What the site shows for addresses that cannot exist, if that is to be compared with; see `probing`.
    missing_text: str = ""


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
    # What read the text that `text_sha256` is of.
    extractor: Extractor | None = None
    capture: Capture | None = None
    # The version the visit was compared with.
    known: Known = Known()
    # So many hosts failed in the same sweep that the fault is probably ours.
    our_outage: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the page itself arrived, so that its text can be compared."""
        return self.outcome in ARRIVED and bool(self.text_sha256)



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
            leads_to=page.leads_to,
            note=page.note,
            missing_text=known.missing_text,
        )
    )
    if visit.outcome not in ARRIVED:
        return
    if same_body:
        visit.text_sha256, visit.extractor = known.text_sha256, known.extractor
        return
    visit.text_sha256, visit.extractor = page.digest(fetched.raw_sha256), extractor_for(fetched.media_type)
    visit.known = known = _by_present_extractor(known)
    if visit.text_sha256 == known.text_sha256:
        return
    visit.capture = Capture(page, _keep(fetched, visit.at), fetched.media_type[:100], fetched.truncated)


def _by_present_extractor(known: Known) -> Known:
    """The held version as the present extractor reads it: only texts read by the same one can be compared.

    A capture that is damaged or cannot be read is compared as it was read then: the new text may so become a version,
    with a capture that is whole; quotes that are still on the page are none the worse for it.
    """
    if not known.reread_key:
        return known
    try:
        page = read_again(known.reread_key, known.media_type)
    except (CaptureDamaged, ExtractionFailed) as error:
        logger.warning("the held version could not be read again: %s", error)
        return known
    return replace(known, text_sha256=page.digest(known.raw_sha256), extractor=extractor_for(known.media_type))


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
    return visit.extractor or ("", "") if visit.text_sha256 else ("", "")
