"""Starts services, passes on what they say, starts them again when they crash, and ends them in order."""

import contextlib
import os
import select
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from claimtrack.embedded import orphans
from claimtrack.embedded.errors import Failure, Stopped
from claimtrack.embedded.privileges import Account, dies_with_parent
from claimtrack.embedded.watchdog import Watchdog, group_lives, signal_groups

# The whole stop must fit in 10 s: seconds for the applications, then for PostgreSQL and Redis below them.
APPLICATIONS_STOP_WITHIN, STORES_STOP_WITHIN = 5.0, 3.0
# What is left after that is killed; the kernel needs a moment to clear it away.
KILLED_WITHIN = 1.0
# A crashed service starts again after 1, 2, 4 … seconds; one that had run this long starts at 1 again.
LONGEST_PAUSE, STEADY_AFTER = 30.0, 60.0


@dataclass
class Service:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    # Stores stop after the applications that use them.
    is_store: bool = False
    shows: Callable[[str], bool] = lambda line: True

    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    crashes: int = 0
    start_again_at: float | None = None
    last_lines: list[str] = field(default_factory=list)


class Supervisor:
    """One per command. `close()` ends everything it started; a watchdog does the same if we are killed.

    With `adopts` orphans of its services end too. Only where nobody else in this process starts processes.
    """

    def __init__(self, *, adopts: bool = False) -> None:
        self.began = time.monotonic()
        self.watchdog = Watchdog()
        self.services: list[Service] = []
        self._adopts = adopts
        self._leaders: set[int] = set()
        self._not_services = orphans.children()  # the watchdog, and what a script left running before us
        if adopts:
            orphans.adopt()
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._rests: dict[int, bytes] = {}
        self._wake_up()

    # Talking

    def say(self, text: str) -> None:
        emit(f"[{time.monotonic() - self.began:5.1f} s] {text}")

    # Starting

    def start(self, service: Service) -> None:
        """Start `service` and keep it running until `close()`."""
        if service not in self.services:
            self.services.append(service)
        service.started_at = time.monotonic()
        service.start_again_at = None
        service.last_lines.clear()
        try:
            service.process = self._spawn(service)
        except (OSError, subprocess.SubprocessError) as error:
            raise Failure(f"{service.name} cannot start: {error}") from None

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, plain: bool = False) -> int:
        """Run a program to its end and return its exit status. With `plain` it writes straight to our output."""
        step = Service(name, command, environment)
        step.process = self._spawn(step, plain=plain)
        try:
            while step.process.poll() is None:
                self._pump(0.2)
            self._read_rest(step)
        finally:
            self._end([step], within=APPLICATIONS_STOP_WITHIN)
        return step.process.returncode

    def wait_until(self, probe: Callable[[], bool], service: Service, *, seconds: float) -> None:
        """Until `probe` holds. Raises Failure, with the service's last words, when it crashed or took too long."""
        deadline = time.monotonic() + seconds
        while not probe():
            self._pump(0.05)
            if service.crashes or time.monotonic() > deadline:
                said = " / ".join(service.last_lines[-3:]) or "it said nothing"
                raise Failure(f"{service.name} did not start: {said}")

    def pause(self, seconds: float) -> None:
        """Wait without losing touch. Raises Stopped."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._pump(max(0.0, deadline - time.monotonic()))

    def watch(self) -> None:
        """Keep everything running until somebody asks us to stop."""
        with contextlib.suppress(Stopped):
            while True:
                self._pump(1.0)

    # Stopping

    def close(self) -> bool:
        """End everything within 10 s: applications first, then the stores; True when surely no process is left."""
        self._stopping = True
        running = [service for service in self.services if service.process is not None]
        self._end([service for service in running if not service.is_store], within=APPLICATIONS_STOP_WITHIN)
        self._end([service for service in running if service.is_store], within=STORES_STOP_WITHIN)
        self.services.clear()
        nothing_left = self._adopts and orphans.end_children(but=self._not_services, seconds=KILLED_WITHIN)
        self.watchdog.close()
        return nothing_left

    def _end(self, services: list[Service], *, within: float) -> None:
        groups = {service.process.pid: service for service in services if service.process is not None}
        for group, service in groups.items():
            signal_groups({group}, service.stop_signal)
        left, deadline, asked_again = set(groups), time.monotonic() + within, False
        while left and time.monotonic() < deadline + 1:
            self._drain(0.05)
            for group in list(left):
                process = groups[group].process
                # The group may outlive its leader; a leader that we have not reaped keeps the group alive.
                if process is not None and process.poll() is not None and not group_lives(group):
                    left.discard(group)
            if time.monotonic() > deadline - 1 and not asked_again:
                # To PostgreSQL: stop now, recover at the next start.
                signal_groups({group for group in left if groups[group].is_store}, signal.SIGQUIT)
                asked_again = True
            if time.monotonic() > deadline:
                signal_groups(left, signal.SIGKILL)
        for group, service in groups.items():
            self._leaders.discard(group)
            self.watchdog.drop(group)
            self._read_rest(service)

    # The loop

    def _spawn(self, service: Service, *, plain: bool = False) -> "subprocess.Popen[bytes]":
        output = None if plain else subprocess.PIPE
        process = subprocess.Popen(
            list(service.command),
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if plain else subprocess.STDOUT,
            cwd="/" if service.account else None,
            start_new_session=True,  # a terminal's Ctrl-C reaches us alone, and we end the others in order
            preexec_fn=dies_with_parent(service.stop_signal, service.account),
        )
        self._leaders.add(process.pid)
        self.watchdog.add(process.pid)
        if process.stdout is not None:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, service)
        return process

    def _pump(self, timeout: float) -> None:
        """Pass on output, notice ends, start again what is due. Raises Stopped when asked to stop."""
        self._drain(timeout)
        if self._stopping:
            raise Stopped
        now = time.monotonic()
        for service in self.services:
            if service.process is not None and service.process.poll() is not None:
                self._crashed(service, now)
            elif service.start_again_at is not None and now >= service.start_again_at:
                try:
                    self.start(service)
                except Failure as failure:
                    # Out of memory or processes, say: no reason to end the other services.
                    self._start_later(service, now, str(failure))

    def _crashed(self, service: Service, now: float) -> None:
        assert service.process is not None
        self._read_rest(service)
        # What it left running would hold its port or its files.
        signal_groups({service.process.pid}, signal.SIGKILL)
        self.watchdog.drop(service.process.pid)
        self._leaders.discard(service.process.pid)
        if self._adopts:
            orphans.end_children(but=self._leaders | self._not_services, seconds=KILLED_WITHIN)
        how, service.process = _how(service.process.returncode), None
        self._start_later(service, now, f"{service.name} ended ({how})")

    def _start_later(self, service: Service, now: float, why: str) -> None:
        service.crashes = 1 if now - service.started_at > STEADY_AFTER else service.crashes + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (service.crashes - 1))
        self.say(f"{why}; starting it again in {pause:.0f} s.")
        service.start_again_at = now + pause

    def _drain(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                os.read(key.fd, 512)  # the signal handler already ran
            else:
                self._read(key.data, key.fileobj)  # type: ignore[arg-type]

    def _read(self, service: Service, stream: IO[bytes]) -> bool:
        """Pass on what is there; False at the end of the stream."""
        descriptor = stream.fileno()
        try:
            chunk = os.read(descriptor, 65536)
        except BlockingIOError:
            return False
        *lines, rest = (self._rests.pop(descriptor, b"") + chunk).split(b"\n")
        if chunk:
            self._rests[descriptor] = rest[-4000:]
        elif rest:
            lines.append(rest)
        for line in lines:
            self._pass_on(service, line.decode("utf-8", "replace").rstrip())
        if not chunk:
            self._selector.unregister(stream)
            stream.close()
        return bool(chunk)

    def _pass_on(self, service: Service, line: str) -> None:
        if line:
            service.last_lines[:] = [*service.last_lines[-9:], line]
        if line and service.shows(line):
            emit(f"{service.name:9}| {line}")

    def _read_rest(self, service: Service) -> None:
        stream = service.process.stdout if service.process else None
        while stream is not None and not stream.closed and self._read(service, stream):
            pass

    def _wake_up(self) -> None:
        """Signals interrupt the loop's wait by writing to a pipe."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ, None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def emit(line: str) -> None:
    """Write a line unless nobody takes it: a reader that stopped reading must not stop the site."""
    try:
        descriptor = sys.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT)
        if poll.poll(0):
            # A pipe that is ready takes 4096 bytes at once without blocking.
            os.write(descriptor, line.encode("utf-8", "replace")[:4000] + b"\n")
    except (OSError, ValueError):
        return


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
