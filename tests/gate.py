"""Asking at the feed's gate without a server, and a clock that tests move."""

from __future__ import annotations

from typing import Any

from django.test import RequestFactory

from feed.admission.gate import Admission, admit


class Clock:
    """Counts seconds as time.monotonic does: put it in its place and move `now`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def ask(authorization: str | None = None, *, address: str = "127.0.0.1", **options: Any) -> Admission:
    """A request for a public page, as the gate sees it. Raises what admit() raises."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return admit(RequestFactory(REMOTE_ADDR=address).get("/api/v1/verdicts/", headers=headers), **options)


def ask_with(whole: str, **options: Any) -> Admission:
    """The same with this key."""
    return ask(f"Api-Key {whole}", **options)


def slip(whole: str) -> str:
    """A key with a slip in it: two neighbours of the secret have changed places."""
    place = next(at for at in range(20, 40) if whole[at] != whole[at + 1])
    return whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
