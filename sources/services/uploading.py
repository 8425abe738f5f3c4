from __future__ import annotations

import hashlib

from django.db import transaction

from sources.archive import store_file
from sources.media_types import media_type_of
from sources.models import Upload

# Evidence is a document or a picture; a longer recording is cut to the part that matters.
MAX_UPLOAD = 20 * 1024 * 1024


def store_upload(content: bytes, *, name: str, media_type: str) -> Upload:
    """Keep a file as evidence, once, however often it is brought. Its type is what its bytes show.

    Raises ValueError, which says how to mend it, for an empty or too large file, and archive.CaptureNotStored when
    it cannot be stored.
    """
    if not content:
        raise ValueError("The file is empty. Choose the file again.")
    if len(content) > MAX_UPLOAD:
        raise ValueError(f"This file is larger than {MAX_UPLOAD // 1024**2} MB. Attach the part that matters.")
    sha256 = hashlib.sha256(content).hexdigest()
    storage_key = store_file(content, sha256=sha256)
    with transaction.atomic():
        upload, _ = Upload.objects.get_or_create(
            sha256=sha256,
            defaults={
                "name": name[:255],
                "media_type": media_type_of(content, media_type)[:100],
                "size": len(content),
                "storage_key": storage_key,
            },
        )
    return upload
