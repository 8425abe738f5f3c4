"""Pure reading of other people's fact-checks: from bytes to findings. No database, no clock, no settings.

Read in this order: findings (what comes out), reading (bytes and streams), broken_json, pages (HTML), nodes (what
holds what), reviews (one ClaimReview), google (the Fact Check Tools API), values and texts (single fields).
"""

from claims.importing.findings import Found, FoundReview, Skipped, TakenFrom, Withdrawn
from claims.importing.reading import read_bytes, read_stream

__all__ = ["Found", "FoundReview", "Skipped", "TakenFrom", "Withdrawn", "read_bytes", "read_stream"]
