"""What `script/server` runs: everything from an empty folder to a served page, under one supervisor."""

import contextlib
import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time

from claimtrack import env
from claimtrack.embedded import datadir, newsroom, postgres, sockets
from claimtrack.embedded.errors import Failure, Stopped
from claimtrack.embedded.home import Home
from claimtrack.embedded.locks import lock_cluster, lock_server, try_lock
from claimtrack.embedded.redis import Redis
from claimtrack.embedded.supervisor import Service, Supervisor, emit
from claimtrack.start import HOLDS_DEMO

DEMO_LOGINS = ("checker (fact-checker)", "editor (reviewer)", "admin (superuser)")


class Server:
    """The steps of one start, in order. Each raises Failure with one clear line."""

    def __init__(self, values: env.Values) -> None:
        self.values = values
        self.home = Home(values["CLAIMTRACK_DATA_DIR"])
        self.port: int = values["PORT"]
        self.embedded_database = not values["DATABASE_URL"]
        self.embedded_redis = not values["REDIS_URL"]
        self.demo = False
        self.environment = self._environment()

    def start(self) -> None:
        datadir.prepare(self.home)
        self.lock = lock_server(self.home, emit)
        self._check_ports()
        self.supervisor = Supervisor(adopts=True)
        try:
            self._start_stores()
            self._release()
            self._load_demo()
            self._start_applications()
            self._tell()
            self.supervisor.watch()
        except Stopped:
            pass
        finally:
            self._stop()

    # Steps

    def _check_ports(self) -> None:
        """Before anything starts, so that a taken port is the one line a person reads."""
        check_port(self.values["HOST"], self.port, "PORT")
        begins = not (self.home.postgres / "data").exists()
        if self.embedded_database and self.values["CLAIMTRACK_DEMO"] and (begins or self.home.demo_loaded.exists()):
            address = newsroom.address(self.home, port=self.values["CLAIMTRACK_DEMO_PORT"])
            newsroom.check_port(address, port=self.port)
            check_port(newsroom.HOST, int(address.rpartition(":")[2]), "CLAIMTRACK_DEMO_PORT")

    def _start_stores(self) -> None:
        supervisor, home = self.supervisor, self.home
        database = postgres.Postgres(home) if self.embedded_database else None
        if database is not None:
            self._wait_for_commands()
        if database is not None or self.embedded_redis:
            for directory in sockets.prepare(home, database.account if database else None):
                supervisor.watchdog.remove(directory)
        if database is not None:
            if not database.exists:
                supervisor.say(f"Making a PostgreSQL {postgres.VERSION} cluster in {home.postgres}")
            if database.create():
                home.demo_loaded.unlink(missing_ok=True)
            service = Service(
                "postgres", database.command(), database.environment(), database.account,
                stop_signal=signal.SIGINT, is_store=True, shows=is_no_chat,
            )
            supervisor.say(f"Starting PostgreSQL {postgres.VERSION}")
            supervisor.start(service)
            supervisor.wait_until(lambda: postgres.answers(home), service, seconds=60)
            fcntl.flock(self.cluster_lock, fcntl.LOCK_SH)
        if self.embedded_redis:
            redis = Redis(home)
            service = Service("redis", redis.command(), self.environment, is_store=True, shows=is_trouble)
            supervisor.say("Starting Redis")
            supervisor.start(service)
            supervisor.wait_until(redis.answers, service, seconds=30)

    def _wait_for_commands(self) -> None:
        """A manage.py command may be running the cluster just now: it is to be our child, so wait for its end."""
        self.cluster_lock = lock_cluster(self.home)
        deadline = time.monotonic() + 60
        told = False
        while not try_lock(self.cluster_lock, fcntl.LOCK_EX):
            if not told:
                self.supervisor.say("Waiting for a manage.py command that is using the database")
                told = True
            if time.monotonic() > deadline:
                raise Failure("A manage.py command is using the database: end it, then start again.")
            self.supervisor.pause(0.2)

    def _release(self) -> None:
        self.supervisor.say("Migrating the database, collecting static files")
        self._step("release", "-m", "claimtrack.start", "release")
        if self.embedded_database:
            # Nobody else uses this database, so no worker is alive that could hold a source.
            self._step("leases", "manage.py", "recheck_sources", "--end-leases")
        self.home.site_url_file.write_text(self.values["SITE_URL"])

    def _load_demo(self) -> None:
        if not (self.embedded_database and self.values["CLAIMTRACK_DEMO"]):
            return
        loaded = self.home.demo_loaded.exists()
        if not loaded:
            held = self.supervisor.run("empty", self._python("-m", "claimtrack.start", "empty"), self.environment)
            loaded = held == HOLDS_DEMO
            if held not in (0, HOLDS_DEMO):
                return
        self.demo = True
        address = newsroom.address(self.home, port=self.values["CLAIMTRACK_DEMO_PORT"])
        host, _, port = address.rpartition(":")
        self.environment["CLAIMTRACK_FETCH_ALLOW"] = newsroom.allowed(self.environment, address)
        self.environment["CLAIMTRACK_DEMO_PORT"] = port
        service = Service(
            "newsroom",
            self._python("-m", "demo.newsroom", "--port", port, "--dir", str(self.home.newsroom)),
            self.environment,
        )
        self.supervisor.say(f"Starting the demo newsroom on {address}")
        self.supervisor.start(service)
        self.supervisor.wait_until(lambda: _listens(host, int(port)), service, seconds=30)
        newsroom.password(self.home)
        if not loaded:
            self.supervisor.say("Loading the demo")
            self._step("demo", "manage.py", "load_demo")
        self.home.demo_loaded.write_text(address)

    def _start_applications(self) -> None:
        self.supervisor.say("Starting web server, worker and beat")
        services = [
            Service(name, self._python("-m", "claimtrack.start", name), self.environment)
            for name in ("web", "worker", "beat")
        ]
        for service in services:
            self.supervisor.start(service)
        self.supervisor.wait_until(lambda: _serves(self.values["HOST"], self.port), services[0], seconds=60)

    def _tell(self) -> None:
        self.supervisor.say(f"Ready: {self.values['SITE_URL']}/   desk: {self.values['SITE_URL']}/admin/")
        if self.demo:
            self.supervisor.say(f"Demo logins: {', '.join(DEMO_LOGINS)}; password: {newsroom.password(self.home)}")
        self.supervisor.say("Ctrl-C stops everything.")

    def _stop(self) -> None:
        self.supervisor.say("Stopping")
        nothing_left = self.supervisor.close()
        if self.embedded_database or self.embedded_redis:
            sockets.remove(self.home)
        self.supervisor.say("Stopped; no process is left." if nothing_left else "Stopped.")

    # Helpers

    def _environment(self) -> dict[str, str]:
        """The caller's, in UTF-8; libpq's own variables must not bend the way to the embedded database."""
        environment = {
            name: value for name, value in os.environ.items() if not (self.embedded_database and name.startswith("PG"))
        }
        return environment | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}

    def _python(self, *arguments: str) -> list[str]:
        return [sys.executable, *arguments]

    def _step(self, name: str, *arguments: str) -> None:
        if self.supervisor.run(name, self._python(*arguments), self.environment) != 0:
            raise Failure(f"{name} failed; the lines above say why.")


def check_port(host: str, port: int, setting: str) -> None:
    """Raises Failure when nothing could listen on `host`:`port`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()  # two sockets may bind to one port with SO_REUSEADDR, only one may listen
    except OSError as error:
        wrong = setting if error.errno in (errno.EADDRINUSE, errno.EACCES) else "HOST"
        raise Failure(f"Cannot listen on {host}:{port} ({error.strerror or error}). Choose another {wrong}.") from None


def is_no_chat(line: str) -> bool:
    """PostgreSQL ranks its daily log above errors, so no level of its own keeps only the errors."""
    return not line.startswith(("LOG:", "HINT:", "DETAIL:", "\t"))


def is_trouble(line: str) -> bool:
    """Redis writes its greetings at the level of warnings."""
    return any(word in line for word in ("rror", "ail", "atal", "an't", "orrupt", "OOM")) and "overcommit" not in line


def _listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def _serves(host: str, port: int) -> bool:
    """Any HTTP answer will do: what it says is /readyz's business."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    os.umask(0o077)  # everything in the data directory is private
    os.chdir(env.ROOT)
    try:
        Server(env.read(os.environ)).start()
    except (Failure, env.BadSetting) as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
