"""`/feeds/claimreview.jsonld`, `.ndjson`, `/feeds/verdicts.ndjson`, `.csv`: the whole corpus as one stream."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from feed import dumps
from feed.admission.gate import Admission, admit
from feed.choices import Scope
from feed.serving.filters import FILTERS
from feed.serving.parameters import A_PUBLIC_ID, Asked, Parameter, read_parameters
from feed.serving.problems import NoSuchPage, problem
from feed.views.base import unchanged
from feed.views.feeds import FeedView

# A dump holds its thread until its reader has taken the last byte, however slowly. This many a process may go on at
# once, so that pages and API always have threads left.
AT_ONCE = 2
RETRY_AFTER = "30"
# Nobody between us and the client keeps gigabytes, or hands out a stream that was cut off; the client itself may ask
# with its ETag whether anything is new.
CACHE_CONTROL = "private, no-cache"


def _public_id(value: str) -> str:
    if not re.fullmatch(A_PUBLIC_ID["pattern"], value):
        raise ValueError
    return value


AFTER = Parameter(
    "after",
    _public_id,
    "the id of the last verdict you have",
    "Go on behind this verdict: the rest of a download that broke off.",
    A_PUBLIC_ID,
)
PARAMETERS = (*(parameter for parameter in FILTERS if parameter.name == "updated_since"), AFTER)

_places = threading.BoundedSemaphore(AT_ONCE)


class Dump(FeedView):
    """`name` (from the address) is a key of dumps.DUMPS."""

    parameters = PARAMETERS

    def admit(self, request: HttpRequest) -> Admission:
        return admit(request, needs=Scope.EXPORT)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        asked = read_parameters(request.GET, self.parameters, ignore_unknown=True)
        etag = self.etag(self.state(**kwargs))
        response = unchanged(request, etag) or self.stream(asked, kwargs["name"], head_only=request.method == "HEAD")
        if response.status_code in (200, 304):
            # Weak: a verdict that changes while it streams is in it already.
            response["ETag"] = f"W/{etag}"
            response["Cache-Control"] = CACHE_CONTROL
        return response

    def stream(self, asked: Asked, name: str, *, head_only: bool) -> HttpResponseBase:
        after = _place(asked)
        if not head_only and not _places.acquire(blocking=False):
            busy = problem(503, f"{AT_ONCE} downloads are going on already: ask again in {RETRY_AFTER} s.")
            busy["Retry-After"] = RETRY_AFTER
            return busy
        pieces = dumps.write(name, updated_since=asked.get("updated_since"), after=after)
        body = () if head_only else Stream(pieces, _places.release)
        response = StreamingHttpResponse(body, content_type=dumps.DUMPS[name].content_type)
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response

    def body(self, asked: Asked, **kwargs: Any) -> str:
        """The whole dump at once, for who wants to compare."""
        return "".join(dumps.write(kwargs["name"], updated_since=asked.get("updated_since"), after=_place(asked)))


def _place(asked: Asked) -> dumps.Place:
    if AFTER.name not in asked:
        return dumps.BEGINNING
    try:
        return dumps.place_after(asked[AFTER.name])
    except dumps.UnknownPlace:
        raise NoSuchPage({AFTER.name: [f"No verdict has this id: give {AFTER.allowed}, or leave it out."]}) from None


class Stream:
    """Pieces of text as bytes. The end, a failure and close() free the place, whichever comes first, and once.

    The first piece is made before any header is sent, so that a database that is away is a 503 and not a torn answer.
    """

    def __init__(self, pieces: Iterator[str], release: Callable[[], None]) -> None:
        self._pieces = pieces
        self._release: Callable[[], None] | None = release
        try:
            self._first: str | None = next(pieces)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            text, self._first = self._first, None
            return text.encode()
        try:
            return next(self._pieces).encode()
        except BaseException:  # StopIteration too
            self.close()
            raise

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()
