"""The change log, entry by entry as it was written."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from psycopg2.extensions import BYTES, register_type

from claims.services.history import GENESIS_HASH
from feed.serving.paging import page_url
from feed.serving.parameters import DEFAULT_PAGE_SIZE, MAX_DIGITS, PAGE_SIZE, Asked, Parameter, number
from feed.serving.prepared import run
from feed.serving.state import COUNTER, public_state, state_of
from feed.views.base import PublicView

AFTER = Parameter(
    "after",
    number(0, 10**MAX_DIGITS - 1),
    "the sequence of the last event you have seen, 0 for none",
    "Sequence of the last event the client has seen; 0 or nothing: from the first.",
    {"type": "integer", "minimum": 0, "maximum": 10**MAX_DIGITS - 1, "default": 0},
)

# The state, the head and what comes after a sequence, of one moment. The outer join leaves the head where nothing comes
# after.
STATEMENT = f"""
SELECT ({COUNTER}), head.sequence, head.hash, later.sequence, later.entry, later.hash
FROM (SELECT sequence, hash FROM claims_event ORDER BY sequence DESC LIMIT 1) head
LEFT JOIN LATERAL (
    SELECT sequence, entry, hash FROM claims_event WHERE claims_event.sequence > %s ORDER BY sequence LIMIT %s
) later ON true
ORDER BY later.sequence
"""


class EventList(PublicView):
    """`GET /api/v1/events/`: oldest first, no sequence number left out and none twice. One query.

    The head comes with the events and bounds them: once `next` is null, the client holds everything up to `head` and
    asks again with `after=<head.sequence>`.
    """

    parameters = (AFTER, PAGE_SIZE)

    def state(self, **kwargs: Any) -> str:
        return public_state()

    def body(self, asked: Asked, **kwargs: Any) -> bytes:
        return self.state_and_body(asked)[1]

    def state_and_body(self, asked: Asked, **kwargs: Any) -> tuple[str, bytes]:
        after, size = asked.get(AFTER.name, 0), asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE)
        last, last_hash, state, entries = _read(after, size)
        next_url = None
        if entries and entries[-1][0] < last:
            next_url = page_url(self.request.path, self.query() | {AFTER.name: str(entries[-1][0])})
            self.answer_headers = {"Link": f'<{next_url}>; rel="next"'}
        results = b",".join(b'%b,"hash":"%b"}' % (entry[:-1], digest) for _, entry, digest in entries)
        head = {"sequence": last, "hash": last_hash}
        end = f'],"next":{json.dumps(next_url)},"head":{json.dumps(head)}}}'
        return state, b"".join((b'{"results":[', results, end.encode()))


def _read(after: int, size: int) -> tuple[int, str, str, list[tuple[int, bytes, bytes]]]:
    """Sequence and hash of the head, the public state, and sequence, entry and hash of `size` events after one."""
    with connection.cursor() as cursor:
        register_type(BYTES, cursor.cursor)
        run(cursor, STATEMENT, values=(after, size))
        found = cursor.fetchall()
    if not found:
        return 0, GENESIS_HASH, public_state(), []
    counter, last, last_hash = found[0][:3]
    return last, last_hash.decode(), state_of(counter, last_hash), [row[3:] for row in found if row[3] is not None]
