"""Clients that ask again and again whether anything is new, recognised by what they send.

A poller repeats the same address with the same If-None-Match for days. What it was told while the state was the same is
true again, so once the state is read there is nothing left to work out: no parameters, no ETag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

# Pollers' questions that a process remembers, half a kilobyte each. When there are more, it begins anew.
MOST = 4096
# Characters. Longer questions are worked out each time.
LONGEST = 500

Question = tuple[str, ...]


@dataclass(frozen=True)
class Unchanged:
    """The headers of a 304, and the state of which they are true."""

    state: str
    headers: Mapping[str, str]


class Repeated:
    """Questions that were answered with 304, safe to use from every thread."""

    def __init__(self) -> None:
        self._answers: dict[Question, Unchanged] = {}

    def get(self, request: HttpRequest) -> Unchanged | None:
        return self._answers.get(_question(request))

    def note(self, request: HttpRequest, state: str, headers: Mapping[str, str]) -> None:
        """`request` was answered with 304 and these headers, because of `state`."""
        question = _question(request)
        if sum(map(len, question)) > LONGEST or "Last-Modified" not in headers:
            return  # without it the second of the state is yet to come, and will then be told
        if len(self._answers) >= MOST:
            self.clear()
        self._answers[question] = Unchanged(state, headers)

    def clear(self) -> None:
        self._answers.clear()


def _question(request: HttpRequest) -> Question:
    """Everything that such an answer follows from besides the state."""
    meta = request.META
    conditions = (meta.get(name, "") for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"))
    return settings.SITE_URL, request.path_info, meta.get("QUERY_STRING", ""), *conditions


repeated = Repeated()
