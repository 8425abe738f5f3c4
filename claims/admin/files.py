"""Uploaded evidence, for the people of the desk alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims.models import Evidence

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")


def evidence_file(admin: ClaimAdmin, request: HttpRequest, public_id: str) -> FileResponse:
    """The file as it came, to be saved and never shown inside the desk: strangers made it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    row = get_object_or_404(Evidence.objects.select_related("upload"), public_id=public_id, upload__isnull=False)
    assert row.upload is not None
    try:
        content = storages["snapshots"].open(row.upload.storage_key)
    except (OSError, ValueError) as error:
        # ValueError: the key is empty, the file was erased.
        raise Http404(_("This file is no longer in the archive.")) from error
    known = MEDIA_TYPE.fullmatch(row.file_media_type.lower())
    response = FileResponse(
        content,
        as_attachment=True,
        filename=row.file_name or "evidence",
        content_type=known.group() if known else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
