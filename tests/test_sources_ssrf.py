"""Every known way of making the fetcher visit what it must not, against a canary on every loopback address."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.choices import Availability, Outcome
from sources.fetching import Exemptions, Request, RobotsRules, fetch_all
from sources.models import Source, SourceCheck
from sources.services import recheck_due_sources, register_source
from sources.urls import UnusableURL
from tests.sources_support.fetching import AT
from tests.sources_support.fixtures import keep_captures_in
from tests.sources_support.helpers import START
from tests.sources_support.ssrf import (
    AS_DIALLED,
    AS_WRITTEN,
    ATTACKS,
    DIRECT,
    LOOKUPS,
    NAMED,
    NOBODY,
    PUBLIC,
    REDIRECTED,
    Attack,
    Range,
    refused_by,
    resolving,
)  # fmt: skip

# Not refused, because they lead back to the harmless site itself, or because its own address answered first.
HARMLESS = {
    "redirect to http:/127.0.0.1:{port}/",
    "redirect to http:///127.0.0.1:{port}/",
    "redirect to http:127.0.0.1:{port}/",
    "name public and loopback",
    "name loopback and public",
    "name public and ::1",
}


@pytest.fixture(scope="module")
def ground() -> Iterator[Range]:
    ground = Range.open()
    yield ground
    ground.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack.name))
def test_the_attack_is_refused_and_not_a_byte_reaches_loopback(attack: Attack, ground: Range) -> None:
    fetched = ground.attempt(attack)
    expected = {NOBODY} if attack.name in HARMLESS else {AS_WRITTEN, AS_DIALLED}
    assert refused_by(fetched) in expected, (fetched.failure, fetched.error)
    assert (ground.canary.connections, ground.canary.bytes) == (0, 0)


def test_all_attacks_one_after_the_other_leave_the_canary_untouched(ground: Range) -> None:
    for attack in ATTACKS:
        ground.attempt(attack)
    ground.canary.settle()
    assert (ground.canary.connections, ground.canary.bytes) == (0, 0)


@pytest.mark.parametrize(("name", "answered"), [(f"name rebinds on the {n} look-up", k) for n, k in
                                                (("2nd", 1), ("3rd", 2), ("4th", 3))])  # fmt: skip
def test_a_name_is_checked_at_every_look_up(name: str, answered: int, ground: Range) -> None:
    ground.public.asked.clear()
    fetched = ground.attempt(next(attack for attack in NAMED if attack.name == name))
    assert fetched.failure == Outcome.POLICY_DENIED
    assert len(ground.public.asked) == answered


def test_the_canary_hears_whoever_does_reach_it() -> None:
    ground = Range.open()
    reached = 0
    for host in (
        "127.0.0.1",
        "127.9.9.9",
        "127.1",
        "0x7f000001",
        "0.0.0.0",
        "0",
        "localhost",
        "::1",
        "::ffff:127.0.0.1",
    ):
        try:
            connection = socket.create_connection((host, ground.public.port), timeout=1)
        except OSError:
            continue  # a machine without IPv6
        with connection:
            connection.sendall(b"x")
            reached += 1
    ground.canary.settle()
    assert ground.canary.bytes == reached >= 6
    ground.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://looks-public.example:{port}/"]
)
def test_without_the_address_rules_the_attacks_would_get_through(url: str) -> None:
    ground = Range.open()
    exempt = Exemptions.parse((f"127.0.0.0/8:{ground.canary.port}", f"[::1]:{ground.canary.port}"))
    policy = dataclasses.replace(ground.policy, exemptions=exempt, read_time=0.1)
    address = url.format(port=ground.canary.port)
    known = {address.rstrip("/"): RobotsRules(address.rstrip("/"), AT, 404)}
    with resolving([["127.0.0.1"]]):
        fetch_all([Request(1, address)], policy, known, AT, digest=lambda _, fetched: fetched)
    ground.canary.settle()
    assert ground.canary.received.startswith(b"GET / HTTP/1.1")
    ground.close()


@pytest.fixture
def site(ground: Range, settings: Any, tmp_path: Path) -> Range:
    """The deployment as attackers meet it; only the port rules are out of the way."""
    settings.FETCH_EXTRA_PORTS = [ground.canary.port]
    settings.CLAIMTRACK_FETCH_ALLOW = [f"{PUBLIC}:{ground.canary.port}"]
    settings.RECHECK_HOST_DELAY = timedelta(0)
    keep_captures_in(tmp_path, settings)
    return ground


def sweep_all() -> None:
    at = START
    while Source.objects.filter(last_checked_at=None).exists():
        recheck_due_sources(at=at)
        at += timedelta(minutes=1)
        assert at < START + timedelta(hours=3)


@pytest.mark.django_db
def test_an_address_registered_by_a_stranger_is_refused_by_the_form_or_by_the_sweep(site: Range) -> None:
    registered, refused = 0, 0
    for attack in DIRECT:
        try:
            register_source(site.address(attack), at=START)
            registered += 1
        except UnusableURL as problem:
            assert len(str(problem)) > 20  # says how to mend it
            refused += 1
    assert registered > 50 and refused > 40
    with resolving(None):
        sweep_all()
    assert set(SourceCheck.objects.values_list("outcome", flat=True)) == {Outcome.POLICY_DENIED}
    assert set(Source.objects.values_list("availability", flat=True)) == {Availability.DENIED}
    site.canary.settle()
    assert (site.canary.connections, site.canary.bytes) == (0, 0)


@pytest.mark.django_db
def test_a_registered_page_that_redirects_inwards_is_refused_and_never_followed(site: Range) -> None:
    for attack in REDIRECTED:
        register_source(site.address(attack), at=START)
    with resolving(None):
        sweep_all()
    seen = set(SourceCheck.objects.values_list("outcome", flat=True))
    # not_found: the addresses that lead back to the harmless site.
    assert seen == {Outcome.POLICY_DENIED, Outcome.BAD_CONTENT, Outcome.NOT_FOUND}
    assert set(Source.objects.values_list("host", flat=True)) == {PUBLIC}
    site.canary.settle()
    assert (site.canary.connections, site.canary.bytes) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in LOOKUPS if "rebinds" in name])
def test_a_registered_name_that_rebinds_between_visits_is_refused(name: str, site: Range) -> None:
    source = register_source(f"http://looks-public.example:{site.canary.port}/redirect/0", at=START)
    with resolving(LOOKUPS[name]):
        outcomes = []
        for _ in range(4):
            Source.objects.update(next_check_at=START, leased_until=None)
            outcomes += [check.outcome for check in recheck_due_sources(at=START)]
    source.refresh_from_db()
    assert outcomes[-1] == Outcome.POLICY_DENIED and source.availability == Availability.DENIED
    site.canary.settle()
    assert site.canary.bytes == 0
