"""Sweeps leave a worker process for other tasks, whatever the backlog."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from claimtrack.celery import app
from sources import services, tasks
from sources.choices import ChangeKind
from sources.models import Source, SourceChange
from sources.services import register_source
from sources.slots import Slots
from tests.sources_support.answers import hang
from tests.sources_support.server import Server
from tests.sources_support.workers import process
from tests.stack import wait_for

forking = multiprocessing.get_context("fork")


def hold(slots: Slots) -> tuple[int, bool]:
    """A child process that takes a place and keeps it; its id, and whether it got one."""
    mine, its = forking.Pipe()

    def keep() -> None:
        with slots.taken() as free:
            its.send(free)
            signal.pause()

    child = forking.Process(target=keep, daemon=True)
    child.start()
    assert child.pid is not None
    return child.pid, mine.recv()


def end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_no_more_processes_than_places_have_one() -> None:
    slots = Slots(2)
    children = [hold(slots) for _ in range(3)]
    assert [free for _, free in children] == [True, True, False]
    for pid, _ in children:
        end(pid)


def test_the_place_of_a_killed_process_is_free_at_once() -> None:
    slots = Slots(1)
    pid, _ = hold(slots)
    with slots.taken() as free:
        assert not free
    end(pid)
    with slots.taken() as free:
        assert free


def test_a_place_is_given_back_even_when_the_work_breaks() -> None:
    slots = Slots(1)
    with pytest.raises(RuntimeError), slots.taken():
        raise RuntimeError
    pid, free = hold(slots)
    end(pid)
    assert free


@pytest.fixture
def in_a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """This process becomes a worker of so many processes."""
    monkeypatch.setattr(tasks._Worker, "slots", None)
    monkeypatch.setattr(tasks._Worker, "processes", 0)
    yield lambda processes: tasks._make_room_for_sweeps(sender=SimpleNamespace(concurrency=processes))


@pytest.mark.parametrize(("processes", "sweeps"), [(1, 1), (2, 1), (3, 2), (8, 7)])
def test_one_process_is_left_where_there_are_several(
    processes: int, sweeps: int, in_a_worker: Callable[[int], None]
) -> None:
    in_a_worker(processes)
    assert tasks._Worker.slots is not None and tasks._Worker.slots.count == sweeps


@pytest.mark.django_db
@pytest.mark.parametrize(("processes", "longest"), [(1, timedelta(seconds=10)), (2, timedelta(seconds=60))])
def test_a_single_process_sweeps_for_a_shorter_time(
    processes: int, longest: timedelta, in_a_worker: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = []

    def note(*, time_limit: timedelta, stopping: Callable[[], bool]) -> int:
        limits.append(time_limit)
        return 0

    monkeypatch.setattr(services, "sweep", note)
    in_a_worker(processes)
    tasks.recheck_due_sources()
    assert limits == [longest]


def test_without_a_place_a_sweep_ends_before_it_begins(in_a_worker: Callable[[int], None]) -> None:
    in_a_worker(2)
    assert tasks._Worker.slots is not None
    pid, _ = hold(tasks._Worker.slots)
    assert tasks.recheck_due_sources() == 0  # without having asked the database, which is closed to this test
    end(pid)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[int], subprocess.Popen[str]]]:
    """A Celery worker with two processes, on the test's database and Redis."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int) -> subprocess.Popen[str]:
        command = ["-m", "celery", "-A", "claimtrack", "worker", "--concurrency", "2", "--loglevel", "warning"]
        started.append(process(tmp_path, *command, CLAIMTRACK_FETCH_ALLOW=f"127.0.0.0/8:{port}"))
        return started[0]

    yield start
    for one in started:
        one.send_signal(signal.SIGQUIT)
        one.wait(20)


@pytest.mark.stack
@pytest.mark.django_db(transaction=True)
def test_while_pages_are_swept_a_change_is_assessed(worker: Callable[[int], subprocess.Popen[str]]) -> None:
    server = Server("0.0.0.0")
    server["/page"] = hang()
    for host in range(600):  # more than one sweep takes in its first step: there is work for another one
        register_source(f"http://127.0.{4 + host // 200}.{1 + host % 200}:{server.port}/page")
    for _ in range(4):
        app.send_task("sources.tasks.recheck_due_sources")
    worker(server.port)
    assert wait_for(lambda: Source.objects.filter(leased_until__isnull=False).exists(), seconds=30)
    change = SourceChange.objects.create(
        source=Source.objects.earliest("pk"), kind=ChangeKind.AVAILABILITY, before="new", after="live"
    )
    app.send_task("claims.tasks.assess_changes")
    began = timezone.now()
    assert wait_for(lambda: not SourceChange.objects.filter(pk=change.pk).unprocessed().exists(), seconds=4)
    assert Source.objects.filter(leased_until__gt=began).exists(), "the sweep was over: this shows nothing"
    server.close()
