from __future__ import annotations

import hashlib

from django.db import transaction

from sources.archive import store_file
from sources.models import Upload


def store_upload(content: bytes, *, name: str, media_type: str) -> Upload:
    """Keep a file as evidence, once, however often it is brought.

    Raises ValueError for an empty file and archive.CaptureNotStored when it cannot be stored.
    """
    if not content:
        raise ValueError("The file is empty. Choose the file again.")
    sha256 = hashlib.sha256(content).hexdigest()
    storage_key = store_file(content, sha256=sha256)
    with transaction.atomic():
        upload, _ = Upload.objects.get_or_create(
            sha256=sha256,
            defaults={
                "name": name[:255],
                "media_type": media_type[:100],
                "size": len(content),
                "storage_key": storage_key,
            },
        )
    return upload
