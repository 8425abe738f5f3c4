"""Our captures of pages that published verdicts quote, as far as CLAIMTRACK_PUBLIC_SNAPSHOTS lets readers see them.

`excerpt`: not at all, the source's page has the passages. `text`: the text we read. `full`: the page itself, inert.
In the last two a TimeMap lists them (RFC 7089) and each says when it was taken.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date

from claims.models import VerdictDocument
from pages.links import absolute, page_path
from pages.responses import reader_page, render_page, with_headers
from sources.archive import CaptureDamaged
from sources.inert.answer import inert_response
from sources.inert.page import shown
from sources.models import Snapshot, Source

logger = logging.getLogger(__name__)

LINK_FORMAT = "application/link-format"
# Captures never change; the law may take one away, and caches should notice.
PAGE_CACHE = "public, max-age=300"


@reader_page(validated=False)
def capture(request: HttpRequest, public_id: str, snapshot_id: str) -> HttpResponse:
    """One capture: when, from where, with which digest, and its text or the page itself. Never indexed."""
    mode, source = _public_source(public_id)
    snapshot = _snapshot(source, snapshot_id)
    context = {
        "source": source,
        "snapshot": snapshot,
        "text": snapshot.present_text() if mode == "text" else "",
        # Under the prefix of this page, so that what we say on it is in the same language.
        "page_path": page_path("capture_page", public_id=public_id, snapshot_id=snapshot_id) if mode == "full" else "",
        "noindex": True,
    }
    return _memento(render_page(request, "capture.html", context), source, snapshot)


@reader_page(validated=False)
def capture_page(request: HttpRequest, public_id: str, snapshot_id: str) -> HttpResponse:
    """The page itself, inert, for the frame on the page above; in the mode `full` alone."""
    mode, source = _public_source(public_id)
    if mode != "full":
        raise Http404
    snapshot = _snapshot(source, snapshot_id)
    try:
        return _memento(inert_response(shown(snapshot).html, cache=PAGE_CACHE), source, snapshot)
    except CaptureDamaged as error:
        logger.error("a reader asked for a damaged capture: %s", error)
        raise Http404 from error


@reader_page(validated=False)
def timemap(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every capture of the source for machines, oldest first (RFC 7089, section 5)."""
    _, source = _public_source(public_id)
    captures = source.snapshots.exclude(storage_key="").order_by("taken_at", "pk").only("public_id", "taken_at")
    taken = [
        (http_date(one.taken_at.timestamp()), absolute(_path("capture", source, one))) for one in captures.iterator()
    ]
    if not taken:
        raise Http404
    itself = f'<{_timemap(source)}>; rel="self"; type="{LINK_FORMAT}"; from="{taken[0][0]}"; until="{taken[-1][0]}"'
    last = len(taken) - 1
    mementos = [
        f'<{address}>; rel="{"first " * (place == 0)}{"last " * (place == last)}memento"; datetime="{when}"'
        for place, (when, address) in enumerate(taken)
    ]
    lines = [f'<{source.canonical_url}>; rel="original"', itself, *mementos]
    return with_headers(HttpResponse(",\n".join(lines) + "\n", content_type=LINK_FORMAT))


def _public_source(public_id: str) -> tuple[str, Source]:
    """How much of it readers may see, and the source. 404: nothing, or no readable verdict rests on it."""
    mode: str = settings.CLAIMTRACK_PUBLIC_SNAPSHOTS
    source = Source.objects.filter(public_id=public_id).first()
    if mode not in {"text", "full"} or source is None:
        raise Http404
    if not VerdictDocument.objects.readable().citing(public_id).exists():
        raise Http404
    return mode, source


def _snapshot(source: Source, public_id: str) -> Snapshot:
    snapshot = source.snapshots.exclude(storage_key="").filter(public_id=public_id).first()
    if snapshot is None:
        raise Http404
    return snapshot


def _memento(response: HttpResponse, source: Source, snapshot: Snapshot) -> HttpResponse:
    """Says of which page it is a capture and when it was taken (RFC 7089, section 2)."""
    response["Memento-Datetime"] = http_date(snapshot.taken_at.timestamp())
    response["Link"] = (
        f'<{source.canonical_url}>; rel="original", <{_timemap(source)}>; rel="timemap"; type="{LINK_FORMAT}"'
    )
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return with_headers(response)


def _timemap(source: Source) -> str:
    return absolute(page_path("timemap", prefix="", public_id=source.public_id))


def _path(name: str, source: Source, snapshot: Snapshot) -> str:
    """At the root: a capture is one, in whatever language somebody reads around it."""
    return page_path(name, prefix="", public_id=source.public_id, snapshot_id=snapshot.public_id)
