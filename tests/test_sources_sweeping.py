"""Work is claimed by rows: nothing is visited twice, nothing is lost, hosts are respected across workers."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from sources import services, tasks
from sources.choices import Outcome
from sources.models import HostTurn, Source, SourceCheck
from sources.services import claiming, recheck_due_sources, register_source
from sources.services.turns import give_back_turns, take_turns
from tests.sources_support.helpers import DAY, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
NO_PAUSE = timedelta(0)


def test_a_host_s_turn_is_held_by_one_worker_at_a_time() -> None:
    assert take_turns(["a.example", "b.example"]) == {"a.example", "b.example"}
    assert take_turns(["b.example", "c.example"]) == {"c.example"}
    give_back_turns(["b.example"], NO_PAUSE)
    assert take_turns(["b.example"]) == {"b.example"}


def test_a_host_rests_between_two_turns() -> None:
    take_turns(["a.example"])
    give_back_turns(["a.example"], timedelta(seconds=60))
    assert take_turns(["a.example"]) == set()


def test_a_killed_worker_s_turn_ends_by_itself() -> None:
    take_turns(["a.example"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sources_hostturn SET busy_until = clock_timestamp() - interval '1 second'")
    assert take_turns(["a.example"]) == {"a.example"}


def test_a_source_of_a_busy_host_stays_due_without_a_check(web: Server) -> None:
    source = make_source(web)
    take_turns([source.host])
    assert recheck_due_sources(at=START) == []
    source.refresh_from_db()
    assert (source.next_check_at, source.leased_until) == (START, None)
    assert not SourceCheck.objects.exists()


def test_one_turn_holds_only_a_few_pages_of_a_host(web: Server) -> None:
    for number in range(claiming.per_turn() + 3):
        make_source(web, f"/{number}")
    (held,) = claiming.Queue().claim(100, START, set())
    assert len(held.sources) == claiming.per_turn()


def test_a_sweep_comes_back_to_a_host_until_nothing_is_left(web: Server) -> None:
    for number in range(claiming.per_turn() + 3):
        make_source(web, f"/{number}")
    assert len(recheck_due_sources(at=START)) == claiming.per_turn() + 3


def test_a_killed_worker_s_sources_come_due_again(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    ((host, held),) = ((held.host, held.sources) for held in claiming.Queue().claim(10, START, set()))
    assert held == [source]  # and then the worker dies
    give_back_turns([host], NO_PAUSE)
    assert recheck_due_sources(at=START + timedelta(minutes=5)) == []
    assert len(recheck_due_sources(at=START + claiming.lease_time())) == 1


def test_a_page_that_workers_die_of_is_put_off_and_counted(web: Server) -> None:
    web["/page"] = page()
    source, at = make_source(web), START
    for _ in range(claiming.CRASHES + 1):  # each worker dies with the source in hand
        (held,) = claiming.Queue().claim(10, at, set())
        give_back_turns([held.host], NO_PAUSE)
        at += claiming.lease_time()
    assert claiming.Queue().claim(10, at, set()) == []
    source.refresh_from_db()
    assert source.faults == claiming.CRASHES + 1
    assert source.leased_until is None and source.next_check_at >= at + timedelta(minutes=15)


def test_a_sweep_that_crashes_puts_its_sources_off(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_source(web)

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("sources.services.pipeline.store_visits", crash)
    with pytest.raises(RuntimeError):
        recheck_due_sources(at=START)
    source.refresh_from_db()
    assert source.leased_until is None and source.next_check_at >= START + timedelta(minutes=15)
    assert source.faults == 1
    assert take_turns([source.host]) == {source.host}


def test_a_visit_that_cannot_be_written_is_recorded_and_does_not_spoil_the_others(web: Server) -> None:
    web["/bad"], web["/good"] = http(200, "<p>x", ETag="\x01\x02", content_type="text/html\x7f"), page()
    bad, good = make_source(web, "/bad"), make_source(web, "/good")
    checks = services.visit_sources([bad.pk, good.pk], at=START)
    assert {check.source_id: check.outcome for check in checks}[good.pk] == Outcome.OK
    assert {check.source_id for check in checks} == {bad.pk, good.pk}


def test_a_page_full_of_nul_bytes_is_written(web: Server) -> None:
    web["/page"] = http(200, b"<title>a\x00b</title><p>wo\x00rds")
    assert visit(make_source(web), START).outcome == Outcome.OK


def test_the_task_visits_what_is_due(web: Server) -> None:
    web["/page"] = page()
    make_source(web)
    assert tasks.recheck_due_sources() == 1
    assert tasks.recheck_due_sources() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_visit_the_same_source(web: Server, settings: Any) -> None:
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.0/8:{web.port}"]
    for number in range(20):
        register_source(f"http://127.0.0.1:{web.port}/{number}", at=START)
        Source.objects.filter(canonical_url__endswith=f"/{number}").update(host=f"host-{number % 10}.example")
    visited: list[int] = []

    def work() -> None:
        try:
            for _ in range(4):
                visited.extend(check.source_id for check in recheck_due_sources(limit=4, at=START))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(visited) == len(set(visited)) > 0
    assert SourceCheck.objects.count() == len(visited)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_page_is_fetched(web: Server) -> None:
    open_transactions: list[int] = []
    database = connection.settings_dict["NAME"]

    def look(_: Any, __: Any) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state LIKE 'idle in transaction%%'",
                [database],
            )
            open_transactions.append(cursor.fetchone()[0])
        connection.close()
        return page()

    web["/page"] = look
    services.visit_sources([make_source(web).pk], at=START)
    assert open_transactions == [0]


def run(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    try:
        call_command("recheck_sources", "--json", *arguments)
        status = 0
    except SystemExit as end:
        status = int(str(end.code))
    return status, json.loads(capsys.readouterr().out)


def test_the_command_visits_one_page_by_any_spelling_of_its_address(web: Server, capsys: Any) -> None:
    web["/page"] = page()
    make_source(web, at=START + 10_000 * DAY)
    status, result = run(capsys, "--url", f"{web.url}/page?utm_source=x#y")
    assert (status, result["visited"], result["outcomes"]) == (0, 1, {"ok": 1})


def test_the_command_visits_all_and_says_which_are_in_trouble(web: Server, capsys: Any) -> None:
    web["/page"] = page()
    make_source(web), make_source(web, "/gone", at=START + 10_000 * DAY)
    status, result = run(capsys, "--all")
    assert (status, result["visited"]) == (1, 2)
    assert result["trouble"] == [{"url": f"{web.url}/gone", "outcome": "not_found", "error": "the server answered 404"}]


def test_the_command_visits_only_what_is_due_otherwise(web: Server, capsys: Any) -> None:
    web["/page"] = page()
    make_source(web), make_source(web, "/later", at=START + 10_000 * DAY)
    assert run(capsys)[1]["visited"] == 1


@pytest.mark.parametrize("url", ["example.org", "https://nobody.example/"])
def test_the_command_says_how_it_is_used(url: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("recheck_sources", "--url", url)
    assert caught.value.returncode == 2


def test_a_sweep_gives_its_hosts_back(web: Server) -> None:
    web["/page"] = page()
    make_source(web)
    recheck_due_sources(at=START)
    assert HostTurn.objects.get().busy_until is None


def test_leases_of_killed_workers_can_be_ended_where_no_worker_runs(db: None) -> None:
    source = services.register_source("https://held.example/page")
    Source.objects.filter(pk=source.pk).update(leased_until=timezone.now() + timedelta(minutes=9))
    assert take_turns([source.host]) == {source.host}
    assert services.end_leases() == 1
    source.refresh_from_db()
    assert source.leased_until is None
    assert take_turns([source.host]) == {source.host}
