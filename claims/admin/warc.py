"""All captures of a claim as one download, for the people of the desk alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.translation import gettext as _

from claims import warc
from claims.admin.steps import claim_or_404, page_of

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

MEDIA_TYPE = "application/warc"


def claim_warc(admin: ClaimAdmin, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """The file, streamed. Read through before the first byte leaves: a damaged capture is named instead."""
    claim = claim_or_404(admin, request, object_id)
    if damaged := warc.damage_of(claim):
        why = _("The file for “%(claim)s” was not made, because captures are damaged: %(damaged)s")
        messages.error(request, why % {"claim": claim, "damaged": "; ".join(damaged)})
        return HttpResponseRedirect(page_of(claim, "change"))
    response = StreamingHttpResponse(warc.warc_of(claim), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{warc.file_name_of(claim)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
