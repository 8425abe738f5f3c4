"""Nine months of weather at several hosts, through the sweep and the database; judged by the rows alone."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Min

from sources.choices import Availability as A
from sources.choices import ChangeKind
from sources.choices import Outcome as O  # noqa: E741, N817
from sources.models import HostTurn, Source, SourceChange, SourceCheck
from sources.services import pin, recheck_due_sources, register_source
from tests.sources_support.fixtures import exempt_everywhere
from tests.sources_support.helpers import DAY, START
from tests.sources_support.server import Asked, Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db

HOSTS = 5
SEASON = 20
DAYS = 270
FOUND = (O.OK, O.NOT_MODIFIED, O.REDIRECT_TEMPORARY, O.REDIRECT_PERMANENT)
NEVER_COUNT = (O.BLOCKED, O.RATE_LIMITED, O.AUTH_REQUIRED, O.ROBOTS_DISALLOWED, O.POLICY_DENIED, O.DNS_TEMPORARY)
CHALLENGE = http(200, "<title>Just a moment...</title><p>Checking", cf_mitigated="challenge")
# What a host answers in a season; one of them at each visit.
SEASONS: dict[str, list[bytes]] = {
    "up": [page()],
    "flaky": [page(), http(500), b"", http(404), page()],
    "down": [http(404), http(500), b"", b"nonsense\r\n\r\n"],
    "silent": [b""],
    "gone": [http(410)],
    "blocked": [http(403), CHALLENGE],
    "robots": [page()],
    "come later": [http(429, retry_after="9000")],
    "paywall": [http(401)],
}


class Sky(Server):
    """Hosts 127.0.1.1 to 127.0.1.5, each going through all seasons in an order of its own; `at` is the time it is."""

    def __init__(self) -> None:
        super().__init__("0.0.0.0")
        self.at = START
        self.weather = random.Random(0)
        self.seasons = {f"127.0.1.{number}": self._seasons(2 * number) for number in range(1, HOSTS + 1)}
        self["/page"], self["/robots.txt"] = self._page, self._robots

    def _seasons(self, first: int) -> list[tuple[datetime, str]]:
        """(end, kind) of each; healthy at first, and at last for longer than dead pages are left alone."""
        kinds = list(SEASONS)
        kinds = ["up", *kinds[first:], *kinds[:first]]
        return [(START + (10 + SEASON * number) * DAY, kind) for number, kind in enumerate(kinds)]

    def season(self, asked: Asked) -> str:
        host = asked.headers["host"].partition(":")[0]
        return next((kind for ends, kind in self.seasons[host] if self.at < ends), "up")

    def _page(self, asked: Asked, _: socket.socket) -> bytes:
        return self.weather.choice(SEASONS[self.season(asked)])

    def _robots(self, asked: Asked, _: socket.socket) -> bytes:
        return http(200, "User-agent: *\nDisallow: /" if self.season(asked) == "robots" else "")


@pytest.fixture
def sky(settings: Any, tmp_path: Path) -> Iterator[Sky]:
    sky = Sky()
    exempt_everywhere(sky, tmp_path, settings)
    yield sky
    sky.close()


def live_through(sky: Sky) -> None:
    """Sweep whenever something is due, in steps of three days at least."""
    while sky.at < START + DAYS * DAY:
        at = sky.at
        # A host's rest after a refusal runs on the database's clock, which does not leap with ours.
        HostTurn.objects.update(next_at=None)
        for check in recheck_due_sources(at=at):
            source = Source.objects.get(pk=check.source_id)
            longest = 33 * DAY if source.availability == A.DEAD else 7.7 * DAY
            assert timedelta(0) < source.next_check_at - at <= longest
            assert source.leased_until is None
        due = Source.objects.aggregate(due=Min("next_check_at"))["due"]
        assert due is not None and due > at, "a due source was passed over"
        sky.at = max(due, at + 3 * DAY)


def checks_of(source: Source) -> list[SourceCheck]:
    return list(SourceCheck.objects.filter(source=source).order_by("at", "pk"))


def assert_never_dead_early(source: Source) -> None:
    """Only as the rows say it: each death has its counted failures behind it, each of them its distance."""
    deaths = {c.at for c in SourceChange.objects.filter(source=source, kind=ChangeKind.AVAILABILITY, after=A.DEAD)}
    counted: list[datetime] = []
    for check in checks_of(source):
        if check.outcome in FOUND:
            counted = []
        if check.counted:
            assert check.outcome not in NEVER_COUNT
            assert not counted or check.at - counted[-1] >= 3 * DAY
            counted.append(check.at)
        if check.at in deaths:
            enough, least = (2, 3 * DAY) if check.outcome == O.GONE else (3, 6 * DAY)
            assert len(counted) >= enough and check.at - counted[0] >= least


def test_months_of_weather_through_the_database(sky: Sky, django_user_model: Any) -> None:
    sources = [register_source(f"http://127.0.1.{n}:{sky.port}/page", at=START) for n in range(1, HOSTS + 1)]
    person = django_user_model.objects.create(username="editor")
    pinned = pin(sources[0], by=person, reason="Opens in every browser.", availability=A.LIVE, at=START)
    live_through(sky)
    for source in sources:
        assert_never_dead_early(source)
        source.refresh_from_db()
        assert source.availability == A.LIVE, "alive again for longer than the interval of dead pages"
    assert not SourceChange.objects.filter(source=pinned, kind=ChangeKind.AVAILABILITY, at__gt=START).exists()
    # The weather was bad enough to tell.
    outcomes = set(SourceCheck.objects.values_list("outcome", flat=True))
    assert {O.OK, O.NOT_FOUND, O.GONE, O.BLOCKED, O.ROBOTS_DISALLOWED, O.RATE_LIMITED, O.REFUSED} <= outcomes
    assert SourceChange.objects.filter(after=A.DEAD).exists()
