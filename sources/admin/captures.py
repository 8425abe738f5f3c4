"""Stored captures, for the people of the desk alone: looked at inert, or taken away as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from sources.archive import CaptureDamaged, check_stored, open_capture
from sources.archive_export import WarcExport
from sources.extraction.page import PDF_TYPES, is_readable
from sources.fetching.decoding import CappedDecoder, Undecodable
from sources.fetching.policy import FetchPolicy
from sources.inert.answer import file_response, inert_response
from sources.inert.page import shown
from sources.models import Snapshot

if TYPE_CHECKING:
    from .history import SnapshotAdmin

PRIVATE = "private, no-store"
View = Callable[["SnapshotAdmin", HttpRequest, Snapshot], HttpResponseBase]


def capture_urls(admin: SnapshotAdmin) -> list[URLPattern]:
    """…/<id>/capture/ shows it, with the page inside it, the document, and the WARC records below."""

    def view(show: View) -> Callable[..., HttpResponseBase]:
        def answer(request: HttpRequest, object_id: int) -> HttpResponseBase:
            if not admin.has_view_permission(request):
                raise PermissionDenied
            return show(admin, request, get_object_or_404(Snapshot.objects.select_related("source"), pk=object_id))

        return admin.admin_site.admin_view(answer)

    return [
        path("<int:object_id>/capture/", view(_capture), name="sources_snapshot_capture"),
        path("<int:object_id>/capture/page/", view(_page), name="sources_snapshot_page"),
        path("<int:object_id>/capture/document/", view(_document), name="sources_snapshot_document"),
        path("<int:object_id>/capture/warc/", view(_warc), name="sources_snapshot_warc"),
    ]


def _capture(admin: SnapshotAdmin, request: HttpRequest, snapshot: Snapshot) -> TemplateResponse:
    """The frame around it: what it is, and the capture in a sandbox."""
    damage = ""
    try:
        if snapshot.storage_key:
            check_stored(snapshot.storage_key)
    except CaptureDamaged as error:
        damage = str(error)
    request.current_app = admin.admin_site.name
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Stored page"),
        "snapshot": snapshot,
        "damage": damage,
        "is_document": not is_readable(snapshot.media_type),
        "back_url": reverse("admin:sources_source_change", args=[snapshot.source_id]),
        "row_url": reverse("admin:sources_snapshot_change", args=[snapshot.pk]),
    }
    return TemplateResponse(request, "sources/desk/capture.html", context)


def _page(admin: SnapshotAdmin, request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """What stands in the frame; as inert when it is opened by itself."""
    if not snapshot.storage_key:
        raise Http404(_("This capture was erased."))
    try:
        return inert_response(shown(snapshot).html, cache=PRIVATE)
    except CaptureDamaged as error:
        raise Http404(str(error)) from error


def _document(admin: SnapshotAdmin, request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """A PDF or another document as a file. Pages are not handed out: opened from a disk they would run."""
    if not snapshot.storage_key or is_readable(snapshot.media_type):
        raise Http404
    try:
        capture = open_capture(snapshot.storage_key)
        decoder = CappedDecoder(capture.content_encoding, FetchPolicy.from_settings().max_decoded)
        decoder.feed(capture.body)
    except (CaptureDamaged, Undecodable) as error:
        raise Http404(str(error)) from error
    ending = "pdf" if snapshot.media_type in PDF_TYPES else "bin"
    return file_response(bytes(decoder.decoded), f"capture-{snapshot.public_id}.{ending}")


def _warc(admin: SnapshotAdmin, request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """The one capture as a WARC file, with the text we read in it."""
    name = f"capture-{snapshot.public_id}.warc.gz"
    address = f"{settings.SITE_URL.rstrip('/')}/sources/{snapshot.source.public_id}/"
    try:
        content = b"".join(WarcExport(name, [snapshot], about={"isPartOf": address}))
    except CaptureDamaged as error:
        raise Http404(str(error)) from error
    return file_response(content, name)
