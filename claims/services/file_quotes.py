"""Whether a quote stands in the uploaded file it was taken from: said on the desk alone.

Files do not change, so neither does the answer. It is looked for when the evidence is attached, remembered in the
process's memory, and found anew where it is not known: a tenth of a second for 300 kB of text, three seconds for 8 MB.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from django.core.cache import cache

from claims.models import Evidence
from sources.comparison import find_quote

# In seconds: as long as somebody works on a claim.
REMEMBERED_FOR = 30 * 24 * 3600


class QuoteInFile(NamedTuple):
    """`status`: "intact", "altered" or "missing" as of a page, "unreadable" where no text could be read."""

    status: str
    nearest: str = ""


def quote_in_file(evidence: Evidence) -> QuoteInFile | None:
    """How the quote and the file agree; None without a file or a quote. One query, two where the answer is new."""
    if evidence.upload is None or not evidence.quote:
        return None
    reading = evidence.upload.newest_reading()
    if reading is None:
        return QuoteInFile("unreadable")
    key = f"claims.quote_in_file.{reading.pk}.{hashlib.sha256(evidence.quote.encode()).hexdigest()}"
    answer = cache.get(key)
    if answer is None:
        match = find_quote(reading.text, evidence.quote)
        status = match.status if reading.text else "unreadable"
        answer = [status, "" if match.status == "intact" else match.found]
        cache.set(key, answer, REMEMBERED_FOR)
    return QuoteInFile(*answer)
