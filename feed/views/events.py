"""The change log, entry by entry as it was written."""

from __future__ import annotations

import json
from typing import Any

from claims.models import Event
from claims.services.history import GENESIS_HASH
from feed.paging import page_url
from feed.parameters import DEFAULT_PAGE_SIZE, MAX_DIGITS, PAGE_SIZE, Asked, Parameter, number
from feed.views.base import PublicView

AFTER = Parameter(
    "after",
    number(0, 10**MAX_DIGITS - 1),
    "the sequence of the last event you have seen, 0 for none",
    "Sequence of the last event the client has seen; 0 or nothing: from the first.",
    {"type": "integer", "minimum": 0, "default": 0},
)


class EventList(PublicView):
    """`GET /api/v1/events/`: oldest first, no sequence number left out and none twice.

    The head is read before the events and bounds them: once `next` is null, the client holds everything up to `head`
    and asks again with `after=<head.sequence>`.
    """

    parameters = (AFTER, PAGE_SIZE)

    def state(self, **kwargs: Any) -> str:
        # The hash of the head stands for the whole log.
        return _head()[1]

    def body(self, asked: Asked, **kwargs: Any) -> str:
        last, last_hash = _head()
        after, size = asked.get(AFTER.name, 0), asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE)
        events = list(Event.objects.after(after).filter(sequence__lte=last)[:size])
        more = bool(events) and events[-1].sequence < last
        next_url = None
        if more:
            next_url = page_url(self.request.path, self.query() | {AFTER.name: str(events[-1].sequence)})
        head = {"sequence": last, "hash": last_hash}
        results = ",".join(event.served for event in events)
        return f'{{"results":[{results}],"next":{json.dumps(next_url)},"head":{json.dumps(head)}}}'


def _head() -> tuple[int, str]:
    head = Event.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return head or (0, GENESIS_HASH)
