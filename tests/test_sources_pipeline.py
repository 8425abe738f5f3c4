"""A sweep claims, fetches and writes at once: nobody waits for the slow, nothing counts twice, poison stays alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sources.choices import Availability, Outcome
from sources.models import HostTurn, Source, SourceChange, SourceCheck
from sources.services import claiming, recheck_due_sources, register_source, sweep, visit_sources
from sources.services.claiming import Queue
from sources.services.observing import Visit
from sources.services.outages import COHORT_HOSTS, OUTAGE_HOSTS, OutageWatch
from sources.services.storing import CHECK_FIELDS, Finished, store_visits
from tests.sources_support.helpers import DAY, HOUR, START, make_source, visit
from tests.sources_support.server import Server, hang, http, page, with_etag

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def everywhere(web: Server, settings: Any) -> Iterator[Server]:
    """A server on every loopback address, so that there are many hosts."""
    server = Server("0.0.0.0")
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.0/8:{server.port}", "127.0.0.0/8:1"]
    yield server
    server.close()


def at_host(number: int, server: Server, path: str = "/page", **more: Any) -> Source:
    return register_source(f"http://127.0.2.{number}:{server.port}{path}", at=START, **more)


def leased(source: Source) -> Finished:
    """A finished visit that found nothing new, under a lease."""
    (held,) = Queue().claim(1, START, set())
    (mine,) = held.sources
    assert mine == source and mine.leased_until
    return Finished(Visit(source.pk, START, Outcome.NOT_FOUND, http_status=404), mine.leased_until)


def test_a_slow_host_does_not_hold_up_what_others_said(everywhere: Server) -> None:
    everywhere["/slow"], everywhere["/page"] = hang(seconds=0.9), page()
    slow = at_host(1, everywhere, "/slow")
    quick = {at_host(number, everywhere).pk for number in range(2, 12)}
    written: list[set[int]] = []
    visit_sources([slow.pk, *quick], told=lambda checks: written.append({check.source_id for check in checks}))
    assert written[-1] == {slow.pk}
    assert set().union(*written[:-1]) == quick


def test_a_slow_host_holds_up_no_claims(everywhere: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.services.pipeline.IN_FLIGHT", 4)
    monkeypatch.setattr("sources.services.pipeline.CLAIM_AT_LEAST", 1)
    everywhere["/slow"], everywhere["/page"] = hang(seconds=0.9), page()
    slow = at_host(1, everywhere, "/slow")
    for number in range(2, 22):
        at_host(number, everywhere)
    written: list[int] = []
    sweep(told=lambda checks: written.extend(check.source_id for check in checks))
    assert written.index(slow.pk) == 20


def test_a_visit_handed_in_twice_is_counted_once(web: Server) -> None:
    source = make_source(web)
    one = leased(source)
    assert len(store_visits([one, one])) == 1
    assert store_visits([one]) == []
    source.refresh_from_db()
    assert (SourceCheck.objects.count(), source.counted_failures) == (1, 1)


def test_a_visit_whose_source_went_to_another_worker_is_dropped(web: Server) -> None:
    source = make_source(web)
    late = leased(source)
    HostTurn.objects.all().delete()
    (held,) = Queue().claim(1, START + claiming.lease_time(), set())
    assert store_visits([late]) == []
    source.refresh_from_db()
    assert source.leased_until == held.sources[0].leased_until
    assert not SourceCheck.objects.exists()


def test_a_writer_killed_before_it_wrote_loses_no_source(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    leased(source)  # and then it is killed
    HostTurn.objects.all().delete()
    (check,) = recheck_due_sources(at=START + claiming.lease_time())
    assert check.outcome == Outcome.OK


def test_one_poison_visit_does_not_take_the_others_down(web: Server) -> None:
    sources = [make_source(web, f"/{number}") for number in range(3)]
    (held,) = Queue().claim(3, START, set())
    lease = held.sources[0].leased_until
    assert lease
    visits = [Visit(source.pk, START, Outcome.NOT_FOUND, http_status=404) for source in sources]
    visits[1].headers = {"server": "\x00"}  # PostgreSQL's JSON takes no NUL
    store_visits([Finished(visit, lease) for visit in visits])
    outcomes = dict(SourceCheck.objects.values_list("source_id", "outcome"))
    assert [outcomes[source.pk] for source in sources] == ["not_found", "internal_error", "not_found"]
    assert list(Source.objects.order_by("pk").values_list("faults", flat=True)) == [0, 1, 0]
    assert Source.objects.get(pk=sources[1].pk).next_check_at >= START + timedelta(minutes=15)


def test_any_other_outcome_ends_the_count_of_faults(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    Source.objects.filter(pk=source.pk).update(faults=4)
    visit(source, START)
    assert source.faults == 0


def test_visits_written_together_end_as_if_written_alone(everywhere: Server) -> None:
    everywhere["/page"], everywhere["/gone"] = with_etag(b"<p>The same for ever.</p>"), http(410)
    together = [at_host(1, everywhere), at_host(2, everywhere), at_host(3, everywhere, "/gone")]
    alone = [at_host(4, everywhere), at_host(5, everywhere, "/gone")]
    for at in (START, START + HOUR, START + 4 * DAY):
        visit_sources([source.pk for source in together], at=at)
        for source in alone:
            visit_sources([source.pk], at=at)

    def story(source: Source) -> list[Any]:
        source.refresh_from_db()
        return [
            source.availability, source.counted_failures, source.unchanged_visits, source.etag, source.last_ok_at,
            list(SourceCheck.objects.filter(source=source).order_by("at").values_list("outcome", "counted", "at")),
            list(SourceChange.objects.filter(source=source).order_by("pk").values_list("kind", "before", "after")),
        ]  # fmt: skip

    assert story(together[0]) == story(together[1]) == story(alone[0])
    assert story(together[2]) == story(alone[1])
    assert together[2].availability == Availability.DEAD


def test_every_column_of_a_check_is_written_in_bulk() -> None:
    columns = {field.column for field in SourceCheck._meta.concrete_fields}
    assert {*CHECK_FIELDS, "id"} == columns


def test_unchanged_pages_cost_few_queries(everywhere: Server, django_assert_max_num_queries: Any) -> None:
    everywhere["/page"] = with_etag(b"<p>The same for ever.</p>")
    ids = [at_host(number, everywhere).pk for number in range(1, 31)]
    visit_sources(ids, at=START)
    with django_assert_max_num_queries(40):
        checks = visit_sources(ids, at=START + HOUR)
    assert {check.outcome for check in checks} == {Outcome.NOT_MODIFIED}
    assert len(checks) == 30


def test_a_few_silent_hosts_are_no_outage_of_ours(everywhere: Server) -> None:
    everywhere["/page"] = page()
    silent = [register_source(f"http://127.0.3.{number}:1/page", at=START) for number in range(1, 7)]
    for number in range(1, 4):
        at_host(number, everywhere)
    assert sum(check.counted for check in recheck_due_sources(at=START)) == len(silent)


def test_silence_waits_for_its_cohort_and_answers_do_not() -> None:
    watch = OutageWatch()
    for number in range(OUTAGE_HOSTS + 2):
        watch.begin(f"{number}.example", [number])
    watch.complete()
    assert watch.end(Visit(0, START, Outcome.OK, http_status=200)) is not None
    for number in range(1, OUTAGE_HOSTS + 1):
        assert watch.end(Visit(number, START, Outcome.CONNECT_TIMEOUT)) is None
    assert watch.judged() == []
    watch.end(Visit(OUTAGE_HOSTS + 1, START, Outcome.NOT_FOUND, http_status=404))
    held = watch.judged(all_of_them=True)
    assert len(held) == OUTAGE_HOSTS and all(one.our_outage for one in held)


def test_hosts_visited_at_another_time_are_not_judged_with_an_outage() -> None:
    watch = OutageWatch()
    for number in range(COHORT_HOSTS * 2):
        watch.begin(f"{number}.example", [number])
        watch.complete()
    for number in range(COHORT_HOSTS):
        watch.end(Visit(number, START, Outcome.OK, http_status=200))
    for number in range(COHORT_HOSTS, COHORT_HOSTS * 2):
        watch.end(Visit(number, START, Outcome.REFUSED))
    judged = watch.judged()
    assert len(judged) == COHORT_HOSTS and all(one.our_outage for one in judged)


def test_sigterm_ends_a_sweep_in_order(everywhere: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.services.pipeline.PATIENCE", 0.1)
    everywhere["/page"], everywhere["/slow"] = page(), hang(seconds=5)
    quick, slow = at_host(1, everywhere), at_host(2, everywhere, "/slow")

    def told(_: list[SourceCheck]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    assert sweep(told=told) == 1
    assert SourceCheck.objects.get().source_id == quick.pk
    slow.refresh_from_db()
    assert slow.leased_until is None and slow.is_due(timezone.now())
    assert not HostTurn.objects.filter(busy_until__isnull=False).exists()
