from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext

from sources.archive import store_file
from sources.media_types import media_type_of
from sources.models import Upload

from .reading_uploads import keep_reading, read_if_new

# Evidence is a document or a picture; a longer recording is cut to the part that matters.
MAX_UPLOAD = 20 * 1024 * 1024


def store_upload(content: bytes, *, name: str, media_type: str) -> Upload:
    """Keep a file as evidence, once, however often it is brought, with its text. Its type is what its bytes show.

    A file whose text cannot be read is kept without.
    Raises ValueError, which says how to mend it, for an empty or too large file, and archive.CaptureNotStored when it
    cannot be stored.
    """
    if not content:
        raise ValueError(gettext("The file is empty. Choose the file again."))
    if len(content) > MAX_UPLOAD:
        raise ValueError(
            gettext("This file is larger than %(size)s MB. Attach the part that matters.")
            % {"size": MAX_UPLOAD // 1024**2}
        )
    sha256 = hashlib.sha256(content).hexdigest()
    storage_key = store_file(content, sha256=sha256)
    media_type = media_type_of(content, media_type)[:100]
    page = read_if_new(content, sha256=sha256, media_type=media_type)
    with transaction.atomic():
        upload, _ = Upload.objects.get_or_create(
            sha256=sha256,
            defaults={
                "name": name[:255],
                "media_type": media_type,
                "size": len(content),
                "storage_key": storage_key,
            },
        )
        if page is not None:
            keep_reading(upload, page)
    return upload
